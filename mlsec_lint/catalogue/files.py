"""The TOML files of a pack, read and sorted by what they are."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlsec_lint.catalogue.errors import RuleError
from mlsec_lint.catalogue.toml import parse, read_bytes
from mlsec_lint.record import dataclass

MAX_FILES = 5_000
"""TOML files of one pack."""

_NO_RULES_HERE = frozenset({"fixtures", "__pycache__"})


@dataclass(frozen=True, slots=True)
class PackFile:
    """One TOML file of a pack."""

    origin: str
    """Relative to the pack, with forward slashes."""
    shown: str
    """As errors name it."""
    data: bytes
    values: dict[str, object]

    @property
    def role(self) -> str:
        """`kinds`, `bandit`, `model` or `rule`: what its place in the pack makes it."""
        if self.origin in {"kinds.toml", "bandit.toml"}:
            return self.origin.removesuffix(".toml")
        return "model" if self.origin.startswith("models/") else "rule"


def read_files(directory: Path, errors: list[RuleError]) -> list[PackFile]:
    """Every TOML file below a pack's directory but its fixtures, sorted; what cannot be read goes to `errors`."""
    if not os.path.isdir(directory):  # noqa: PTH112  # pathlib raises what a name can do to a system call
        errors.append(RuleError(directory.as_posix(), "", "no such folder", "name the folder that holds the rules"))
        return []
    files: list[PackFile] = []
    for path in _toml_files(directory):
        origin = path.relative_to(directory).as_posix()
        try:
            files.append(_read(directory, path, origin))
        except RuleError as error:
            errors.append(error)
        if len(files) > MAX_FILES:
            errors.append(RuleError(directory.as_posix(), "", f"more than {MAX_FILES} TOML files", "split the pack"))
            break
    if not files and not errors:
        errors.append(RuleError(directory.as_posix(), "", "holds no TOML file", "name the folder that holds the rules"))
    return files


def _read(directory: Path, path: Path, origin: str) -> PackFile:
    shown = f"{directory.name or directory.as_posix()}/{origin}"
    if path.is_symlink() and not path.resolve().is_relative_to(directory.resolve()):
        raise RuleError(shown, "", "a link that leaves the pack", "copy the file")
    data = read_bytes(path, shown)
    return PackFile(origin, shown, data, parse(data, shown))


def _toml_files(directory: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if name not in _NO_RULES_HERE and not name.startswith("."))
        for name in sorted(names):
            if name.endswith(".toml") and not name.startswith("."):
                yield Path(folder, name)


def digest(files: Iterable[PackFile]) -> str:
    """SHA-256 of the files' names and contents."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.origin):
        total.update(f"{file.origin}\0{len(file.data)}\0".encode())
        total.update(file.data)
    return total.hexdigest()
