"""The keys of our table: which field of `Settings` each fills, and how its value is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlsec_lint.catalogue.errors import did_you_mean
from mlsec_lint.config import values
from mlsec_lint.config.errors import ConfigError, WrongValueError
from mlsec_lint.findings import Confidence, Profile, Severity

EXTEND = "extend"
"""The key that names a file whose values hold where this one is silent."""

KEYS: Mapping[str, Callable[[object], object]] = {
    "select": values.texts,
    "extend-select": values.texts,
    "ignore": values.texts,
    "profile": values.level(Profile),
    "min-severity": values.level(Severity),
    "min-confidence": values.level(Confidence),
    "fail-on": values.threshold,
    "exclude": values.texts,
    "extend-exclude": values.texts,
    "respect-gitignore": values.flag,
    "force-exclude": values.flag,
    "rules": values.texts,
    "assume": values.text_table,
    "trusted-hosts": values.texts,
    "per-file-ignores": values.list_table,
    "format": values.output_format,
    "bandit": values.flag,
    "max-file-size": values.size,
    "max-memory": values.size,
    "timeout": values.seconds,
    EXTEND: values.text,
}


def field_name(key: str) -> str:
    """The field of `Settings` that a key fills."""
    return key.replace("-", "_")


def read(table: Mapping[str, object], file: str) -> tuple[dict[str, object], tuple[ConfigError, ...]]:
    """The values of a table by key, and what is wrong with the rest of it."""
    found: dict[str, object] = {}
    mistakes: list[ConfigError] = []
    for key, value in table.items():
        try:
            found[key] = _reader(key)(value)
        except WrongValueError as mistake:  # noqa: PERF203  # each key's mistake is told, and there are some twenty keys
            place = f"{key}.{mistake.part}" if mistake.part else key
            mistakes.append(ConfigError(file, place, mistake.message, mistake.suggestion))
    return found, tuple(mistakes)


def _reader(key: str) -> Callable[[object], object]:
    if key in KEYS:
        return KEYS[key]
    nearest = did_you_mean(key.replace("_", "-"), KEYS)
    raise WrongValueError("unknown key", nearest or f"the keys are {', '.join(sorted(KEYS))}")
