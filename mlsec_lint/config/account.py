"""Each value that is in force for a path, and where it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.files import MAX_BYTES, PYPROJECT, TABLE
from mlsec_lint.config.plain import plain
from mlsec_lint.config.settings import DEFAULT, Settings
from mlsec_lint.record import dataclass

OF_THE_RUN = frozenset({"fail_on", "format", "timeout", "max_memory", "respect_gitignore"})
"""Settings that hold for a run as a whole: those of its own folder."""

_NO_VALUES = frozenset({"base", "origins"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from."""

    kind: str
    """`default`, `file`, `option` or `environment`."""
    name: str = ""
    """The option or the variable; of a file its path, absolute."""
    line: int = 0
    """In the file; 0 when it is not known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting."""

    key: str
    value: object
    """As a configuration file would say it; None: nobody has said anything."""
    origin: Origin


def account(configuration: Configuration, path: Path, root: Path) -> tuple[Entry, ...]:
    """The settings that hold for a file or folder (absolute) in a run in `root`, by key."""
    own = configuration.of(path) if path.is_dir() else configuration.of_file(path)
    run = configuration.of(root)
    names = sorted(item.name for item in fields(Settings) if item.name not in _NO_VALUES)
    return tuple(_entry(name, run if name in OF_THE_RUN else own) for name in names)


def _entry(name: str, settings: Settings) -> Entry:
    key, said = name.replace("_", "-"), settings.origin(name)
    return Entry(key, plain(name, getattr(settings, name)), _origin(said, key))


def _origin(said: str, key: str) -> Origin:
    if said == DEFAULT:
        return Origin(DEFAULT)
    if Path(said).is_absolute():
        return Origin("file", said, line_of(key, Path(said)))
    return Origin("option" if said.startswith("-") else "environment", said)


_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?")


def line_of(key: str, file: Path) -> int:
    """The line of a configuration file on which a key of our table stands; 0 when it is not found."""
    try:
        with file.open("rb") as stream:
            lines = stream.read(MAX_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return 0
    ours = f"tool.{TABLE}" if file.name == PYPROJECT else ""
    named = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
    table = ""
    for number, line in enumerate(lines, 1):
        if header := _HEADER.fullmatch(line):
            table = re.sub(r"""[\s"']""", "", header[1])
            if table == f"{ours}.{key}".lstrip("."):
                return number
        elif table == ours and named.match(line):
            return number
    return 0


def as_json(entries: tuple[Entry, ...]) -> Mapping[str, object]:
    """The settings as plain values, each with its origin."""
    return {entry.key: {"value": entry.value, "origin": _origin_as_json(entry.origin)} for entry in entries}


def _origin_as_json(origin: Origin) -> Mapping[str, object]:
    said: dict[str, object] = {"kind": origin.kind}
    if origin.name:
        said["file" if origin.kind == "file" else "name"] = origin.name
    if origin.line:
        said["line"] = origin.line
    return said
