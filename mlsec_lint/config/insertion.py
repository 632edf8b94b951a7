"""Adds our table to a `pyproject.toml`; every other byte of the file stays as it is."""

from __future__ import annotations

import tomli

from mlsec_lint.config.errors import ConfigError
from mlsec_lint.config.files import TABLE

_WRITE = "write it into mlsec-lint.toml instead"


def with_table(data: bytes, block: str, file: str) -> bytes:
    """The file with `[tool.mlsec-lint]` and the lines of `block` at its end, in the file's own line ends.

    Raises ConfigError for a file that is no TOML, that has such a table, or to which none can be added.
    """
    before = _parsed(data, file)
    tools = before.get("tool", {})
    if not isinstance(tools, dict):
        raise ConfigError(file, "tool", "expected a table", _WRITE)
    if TABLE in tools:
        raise ConfigError(file, f"tool.{TABLE}", "it is there already", "`mlsec-lint config` shows what it says")
    end = "\r\n" if b"\r\n" in data else "\n"
    gap = "" if not data else end if data.endswith(b"\n") else end * 2
    table = f"[tool.{TABLE}]\n{block}".replace("\n", end)
    after = data + f"{gap}{table}".encode()
    if not _adds_only_ours(before, after):
        raise ConfigError(file, "tool", "no table can be added to it", _WRITE)
    return after


def _adds_only_ours(before: dict[str, object], after: bytes) -> bool:
    try:
        found = tomli.loads(after.decode("utf-8-sig"))
    except tomli.TOMLDecodeError:  # `tool = {}` is closed to more
        return False
    found["tool"].pop(TABLE)
    return found == {**before, "tool": before.get("tool", {})}


def _parsed(data: bytes, file: str) -> dict[str, object]:
    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(file, "", f"not UTF-8: byte {error.start}", "save it as UTF-8") from error
    except tomli.TOMLDecodeError as error:
        raise ConfigError(file, "", f"no valid TOML: {error}", "mend that place") from error
    except (RecursionError, ValueError) as error:
        raise ConfigError(file, "", "no valid TOML", "mend it") from error
