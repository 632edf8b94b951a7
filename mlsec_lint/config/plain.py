"""Settings as the plain values that a configuration file would hold: texts, numbers, lists, tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlsec_lint.config.values import NEVER
from mlsec_lint.findings import Confidence, Profile, Severity

_TABLES = frozenset({"per_file_ignores", "per_file_select", "severity"})
"""Fields that hold a table as pairs, because its order counts."""


def plain(name: str, value: object) -> object:
    """The value of a field of `Settings` as TOML or JSON would say it; None where only leaving the key out says it."""
    if name == "fail_on" and value is None:
        return NEVER
    if name in _TABLES and isinstance(value, tuple):
        return {key: plain("", item) for key, item in value}
    match value:
        case Severity() | Confidence() | Profile():
            return value.label
        case tuple():
            return [plain("", item) for item in value]
        case Mapping():
            return {key: plain("", item) for key, item in value.items()}
    return str(value) if isinstance(value, Path) else value
