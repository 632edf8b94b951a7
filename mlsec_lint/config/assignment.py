"""A key and its value as somebody gives them on the command line: `fail-on = "high"`."""

from __future__ import annotations

from collections.abc import Mapping

import tomli

from mlsec_lint.config import keys
from mlsec_lint.config.errors import ConfigError


def read_assignment(text: str) -> tuple[Mapping[str, object], tuple[ConfigError, ...]]:
    """The value by its key, read as a line of a configuration file is, and what is wrong with it."""
    key, _, value = text.partition("=")
    try:
        table = tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError, ValueError):
        step = f"""write '{key.strip()} = "{value.strip()}"', lists as '["a", "b"]'"""
        return {}, (ConfigError("", "", "the value is no TOML", step),)
    found, mistakes = keys.read(table, "")
    if keys.EXTEND in found:
        return {}, (ConfigError("", keys.EXTEND, "only a file extends another", "name that file: --config FILE"),)
    return found, mistakes
