"""Configuration files on disk: which one lies in a directory, and what its table says, `extend` included."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import tomli

from mlsec_lint.config import keys
from mlsec_lint.config.errors import ConfigError
from mlsec_lint.record import dataclass

OWN_FILE = "mlsec-lint.toml"
PYPROJECT = "pyproject.toml"
TABLE = "mlsec-lint"

MAX_BYTES = 1024 * 1024
"""Of one file; a configuration is a few kilobytes."""

MAX_EXTENDS = 8
"""How many files may extend one another in a row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value, the directory that its paths start from, and the file that says it."""

    value: object
    base: Path
    file: Path


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What one file says, together with those that it extends."""

    path: Path
    entries: Mapping[str, Entry]
    mistakes: tuple[ConfigError, ...] = ()
    chain: tuple[Path, ...] = ()
    """The files that were read for it: itself, what it extends, what that extends."""


def load(path: Path, boundary: Path | None = None) -> ConfigFile:
    """What a file says. Files that it extends must lie below `boundary`; None: anywhere, as its name came from a person."""
    return _extended(_parse(path), boundary, seen=(path.resolve(),))


def in_directory(directory: Path) -> ConfigFile | None:
    """The file that lies in a directory and speaks of us: `mlsec-lint.toml` before `pyproject.toml`.

    What it extends must lie in the same repository.
    """
    for path in (directory / OWN_FILE, directory / PYPROJECT):
        if path.is_file():
            parsed = _parse(path)
            if path.name == OWN_FILE or parsed.entries or parsed.mistakes:
                boundary = repository(directory)
                if not path.resolve().is_relative_to(boundary.resolve()):
                    return ConfigFile(path, {}, (ConfigError(str(path), "", *_OUTSIDE),))
                return _extended(parsed, boundary, seen=(path.resolve(),))
    return None


def is_repository(directory: Path) -> bool:
    """Whether a directory is the root of a git repository, above which no configuration is looked for."""
    return (directory / ".git").exists()


def repository(directory: Path) -> Path:
    """The root of the git repository around a directory, or the directory itself."""
    return next((level for level in (directory, *directory.parents) if is_repository(level)), directory)


def _parse(path: Path) -> ConfigFile:
    try:
        document = _document(path)
        found, mistakes = keys.read(_our_table(document, path), str(path))
    except ConfigError as mistake:
        return ConfigFile(path, {}, (mistake,))
    entries = {key: Entry(value, path.parent, path) for key, value in found.items()}
    return ConfigFile(path, entries, mistakes)


def _document(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(str(path), "", f"larger than {MAX_BYTES // 1024} KiB")
    if path.name == PYPROJECT and not _MENTIONED.search(data):
        return {}  # somebody else's file: its mistakes are not ours to report
    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "", f"not UTF-8: byte {error.start}", "save it as UTF-8") from error
    except tomli.TOMLDecodeError as error:
        raise ConfigError(str(path), "", f"no valid TOML: {error}") from error
    except (RecursionError, ValueError) as error:  # nested too deeply; a date that does not exist
        raise ConfigError(str(path), "", "no valid TOML", "no key of ours takes a date or a nested list") from error


_MENTIONED = re.compile(rb"mlsec[-_. ]?lint", re.IGNORECASE)
_MISSPELT = re.compile(r"mlsec[-_. ]?lint", re.IGNORECASE)


def _our_table(document: dict[str, object], path: Path) -> dict[str, object]:
    if path.name != PYPROJECT:
        return document
    tools = document.get("tool", {})
    table = tools.get(TABLE, {}) if isinstance(tools, dict) else {}
    misspelt = next((name for name in tools if _MISSPELT.fullmatch(name)), "") if isinstance(tools, dict) else ""
    if misspelt and not table:
        raise ConfigError(str(path), f"tool.{misspelt}", "nobody reads this table", f"write [tool.{TABLE}]")
    if not isinstance(table, dict):
        raise ConfigError(str(path), f"tool.{TABLE}", "expected a table", f"write [tool.{TABLE}]")
    return table


def _extended(file: ConfigFile, boundary: Path | None, seen: tuple[Path, ...]) -> ConfigFile:
    """The file with what it extends filled in where it is silent."""
    entry = file.entries.get(keys.EXTEND)
    if entry is None:
        return replace(file, chain=(file.path,))
    own = {key: value for key, value in file.entries.items() if key != keys.EXTEND}
    target = (entry.base / str(entry.value)).resolve()
    refusal = _refusal(target, boundary, seen)
    if refusal:
        mistake = ConfigError(str(file.path), keys.EXTEND, *refusal)
        return replace(file, entries=own, mistakes=(*file.mistakes, mistake), chain=(file.path,))
    below = _extended(_parse(target), boundary, (*seen, target))
    mistakes = (*file.mistakes, *below.mistakes)
    return ConfigFile(file.path, {**below.entries, **own}, mistakes, (file.path, *below.chain))


_OUTSIDE = ("the file lies outside the repository", "name the configuration on the command line: --config FILE")


def _refusal(target: Path, boundary: Path | None, seen: tuple[Path, ...]) -> tuple[str, str] | None:
    if boundary is not None and not target.is_relative_to(boundary.resolve()):
        return _OUTSIDE
    if target in seen:
        return "the file extends itself", ""
    if len(seen) >= MAX_EXTENDS:
        return f"more than {MAX_EXTENDS} files extend one another", ""
    if not os.path.isfile(target):  # noqa: PTH113  # pathlib raises what a name can do to a system call
        return "there is no such file", ""
    return None
