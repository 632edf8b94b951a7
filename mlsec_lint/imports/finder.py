"""From the dotted path of an import to a file of the project, by the layout of its folders alone."""

# ruff: noqa: PTH113, PTH118, PTH120, PTH208  # asked for every import of every file: texts take a tenth of the time of pathlib

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

_STANDARD = sys.stdlib_module_names


class Finder:
    """Finds modules below `root`; a path outside it, or one that a link leads out of it, is no module of the project.

    Answers are remembered: a run sees the folders as they were when it first asked.
    """

    def __init__(self, root: Path, libraries: AbstractSet[str] = frozenset()) -> None:
        """`libraries` are the names of known ones: a module beside a file that has such a name is not what it imports.

        Other names are looked for beside the file at last: scripts of a package are run from its own folder.
        """
        self._root, self._libraries = os.path.realpath(root), libraries
        self._known: dict[tuple[str, str], str | None] = {}
        self._files: dict[str, bool] = {}
        self._listed: dict[str, frozenset[str]] = {}

    def find(self, name: str, importer: str) -> str | None:
        """The file of a module (`service.model`, `.model`, `..`) that the file `importer` imports; None if it is not there.

        `importer` is an absolute path. A name of the standard library is never looked for: the project may have a
        `json.py`, but rules know what `json` is.
        """
        key = (name, os.path.dirname(importer))
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def is_missing(self, name: str, importer: str) -> bool:
        """Whether a file imports, with a dot in front, a module that is not there in any form: no folder, no extension.

        What would lie outside the root is not asked for.
        """
        bare = name.lstrip(".")
        folder = os.path.dirname(importer)
        for _ in range(len(name) - len(bare) - 1):
            folder = os.path.dirname(folder)
        parent, _, last = os.path.join(folder, *bare.split(".")).rpartition(os.sep)
        return bool(bare) and self._inside(os.path.realpath(parent)) and last not in self._stems(parent)

    def _stems(self, folder: str) -> frozenset[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(entry.split(".")[0] for entry in os.listdir(folder))
            except OSError:
                self._listed[folder] = frozenset()
        return self._listed[folder]

    def _find(self, name: str, folder: str) -> str | None:
        folder = os.path.realpath(folder)
        bare = name.lstrip(".")
        segments = bare.split(".") if bare else []
        up = len(name) - len(bare)
        if up:
            for _ in range(up - 1):
                folder = os.path.dirname(folder)
            return self._module(folder, segments)
        if not segments or segments[0] in _STANDARD:
            return None
        own = () if segments[0] in self._libraries else (folder,)
        found = (self._module(base, segments) for base in (*self._bases(folder), *own))
        return next((item for item in found if item is not None), None)

    def _bases(self, folder: str) -> Iterator[str]:
        """Where absolute imports may start: folders from the importer's to the root that are no packages, and their `src`."""
        while self._inside(folder):
            if not self._is_file(os.path.join(folder, "__init__.py")):
                yield folder
                yield os.path.join(folder, "src")
            if folder == self._root:
                return
            folder = os.path.dirname(folder)

    def _module(self, base: str, segments: list[str]) -> str | None:
        path = os.path.join(base, *segments)
        for candidate in (os.path.join(path, "__init__.py"), f"{path}.py" if segments else ""):
            if candidate and self._is_file(candidate) and self._inside(os.path.realpath(candidate)):
                return candidate
        return None

    def _inside(self, path: str) -> bool:
        return path == self._root or path.startswith(self._root.rstrip(os.sep) + os.sep)

    def _is_file(self, path: str) -> bool:
        if path not in self._files:
            self._files[path] = os.path.isfile(path)
        return self._files[path]
