"""What results rest on, as short digests: the program, the settings, the files of the project."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from pathlib import Path

from mlsec_lint import __version__
from mlsec_lint.run.group import Group
from mlsec_lint.run.task import Task
from mlsec_lint.sources.reading import LARGEST

_SIZE = 16
"""Bytes of a digest: two contents with one digest are not found by searching."""

_LEFT_OUT = frozenset({".git", "node_modules"})
_ENVIRONMENT = "pyvenv.cfg"
"""Stands in every virtual environment; there and in `_LEFT_OUT` are many files, of which no project imports any."""


def digest(parts: Iterable[str]) -> str:
    """Of some texts, in order."""
    return of_text("".join(map(told_apart, parts)))


def of_text(text: str) -> str:
    """Of one text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()


def told_apart(part: str) -> str:
    """A text with its length, so that several can stand one behind the other."""
    return f"{len(part)}:{part}"


@cache
def program() -> str:
    """This program as it is installed, and the Python that runs it."""
    package = Path(__file__).parents[1]
    found = [__version__, sys.version]
    for folder in (package, Path(_folder_of("mlsec_lint.rules") or package)):
        for path, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                if name.endswith((".py", ".toml")):
                    status = os.stat(os.path.join(path, name))  # noqa: PTH116, PTH118  # 500 files at every start
                    found.append(f"{path}/{name} {status.st_size} {status.st_mtime_ns}")
    for library in ("libcst", "bandit"):
        found.append(_folder_of(library))
        found.append(str(os.stat(_folder_of(library)).st_mtime_ns) if _folder_of(library) else "")  # noqa: PTH116
    return digest(found)


def _folder_of(package: str) -> str:
    from importlib.util import find_spec

    spec = find_spec(package)
    return str(Path(spec.origin).parent) if spec is not None and spec.origin else ""


def settings(group: Group) -> str:
    """All that a group's settings say; its catalogue by the catalogue's own digest."""
    said = (f"{item.name}={getattr(group, item.name)!r}" for item in fields(group) if item.name not in _BY_ITSELF)
    return digest([group.catalogue.digest, group.bandit_settings.said(), *said])


_BY_ITSELF = frozenset({"catalogue", "bandit_settings", "root", "shown_root", "today"})


class Files:
    """The contents of files, each read once a run."""

    def __init__(self) -> None:
        self._contents: dict[str, tuple[str, tuple[int, int, int]]] = {}
        self._layouts: dict[str, str] = {}
        self._unchanged: dict[str, bool] = {}

    def of_task(self, task: Task) -> str:
        """The digest of what is checked; empty if it cannot be read."""
        if task.data is not None:
            return hashlib.blake2b(task.data, digest_size=_SIZE).hexdigest()
        return self.content(task.path)

    def content(self, path: str) -> str:
        """The digest of a file; empty if it cannot be read."""
        if path not in self._contents:
            self._contents[path] = _read(path)
        return self._contents[path][0]

    def is_unchanged(self, path: str) -> bool:
        """Whether a file still is what it was when it was read; looked at once, for thousands may rest on it."""
        if path not in self._unchanged:
            known = self._contents.get(path)
            self._unchanged[path] = known is not None and known[1] == _state(path)
        return self._unchanged[path]

    def layout(self, root: str) -> str:
        """Where Python files lie below a folder: a new one can change what an import means."""
        if root not in self._layouts:
            self._layouts[root] = digest(_python_files(root))
        return self._layouts[root]


def _read(path: str) -> tuple[str, tuple[int, int, int]]:
    state = _state(path)
    if state == _NOWHERE or not os.path.isfile(path):  # noqa: PTH113  # no pipe is ever opened
        return "", _NOWHERE
    if state[0] > LARGEST:  # nobody reads it, and it may be larger than memory
        return of_text(str(state)), state
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return hashlib.blake2b(file.read(), digest_size=_SIZE).hexdigest(), state
    except OSError:
        return "", _NOWHERE


_NOWHERE = (0, 0, 0)


def _state(path: str) -> tuple[int, int, int]:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return _NOWHERE
    return status.st_size, status.st_mtime_ns, status.st_ino


def is_left_out(path: str) -> bool:
    """Whether a file, by its path from the root, lies where `layout` does not look."""
    folders = Path(path).parts[:-1]
    return not _LEFT_OUT.isdisjoint(folders) or ".." in folders


def _is_environment(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, _ENVIRONMENT))  # noqa: PTH110, PTH118


def _is_module(entry: os.DirEntry[str], inside: str) -> bool:
    """Whether an import can mean it, as `imports.finder` decides: a file, and no link that leads out."""
    return entry.is_file() and (not entry.is_symlink() or os.path.realpath(entry.path).startswith(inside))


def _python_files(root: str) -> list[str]:
    found: list[str] = []
    pending, seen, inside = [root], set[str](), os.path.join(os.path.realpath(root), "")  # noqa: PTH118
    while pending:
        folder = pending.pop()
        real = os.path.realpath(folder)
        if real in seen or not os.path.join(real, "").startswith(inside):  # noqa: PTH118  # links go round, or lead out
            continue
        seen.add(real)
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith(".py") and _is_module(entry, inside):
                        found.append(entry.path)
                    elif name not in _LEFT_OUT and entry.is_dir() and not _is_environment(entry.path):
                        pending.append(entry.path)
        except OSError:
            continue
    return sorted(os.path.relpath(path, root) for path in found)
