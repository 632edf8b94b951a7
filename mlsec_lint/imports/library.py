"""The modules that checked files import, read once a process and kept while there is room."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property
from pathlib import Path

from mlsec_lint.findings import Problem
from mlsec_lint.imports import dotted
from mlsec_lint.imports.finder import Finder
from mlsec_lint.imports.package import package_of
from mlsec_lint.sources.discovery import shown_path
from mlsec_lint.sources.reading import LARGEST, read
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.outline import Outline
from mlsec_lint.syntax.unparsable import Unparsable
from mlsec_lint.syntax.words import words_of

MAX_STARS = 1_000
"""Modules imported by `*` through each other, from one file."""

MAX_MODULE = 2_000_000
"""Bytes of a module that others look into; larger ones are data or generated, and would cost those the time that they cost."""

MAX_TEXT = 40_000_000
"""Characters of modules that a process keeps; the least recently used go first."""


_STAR = re.compile(r"\bimport[\s(\\]*\*")


class ProjectModule:
    """A module of the project that another one imports; parsed when somebody looks into it. One that cannot be is empty."""

    def __init__(self, file: str, source: SourceFile) -> None:
        self.file = file
        """Absolute."""
        self.source = source
        self.package = package_of(source.path)
        """Where its relative imports start, dotted."""
        self._is_slim = False

    @cached_property
    def module(self) -> Module:
        """Its code."""
        try:
            module = Module(self.source.text, self.source.path)
            module.forget_tree()
        except (Unparsable, BoundExceeded):
            return Module("", self.source.path)
        return module

    @cached_property
    def outlines(self) -> tuple[Outline, ...]:
        """What each top-level statement binds and mentions."""
        return tuple(chunk.outline for chunk in self.module.chunks)

    @cached_property
    def binders(self) -> dict[str, tuple[int, ...]]:
        """For every name of the module the chunks that set it, in order."""
        filed: dict[str, list[int]] = {}
        for index, outline in enumerate(self.outlines):
            for name in sorted(outline.binds):
                filed.setdefault(name, []).append(index)
        return {name: tuple(indexes) for name, indexes in filed.items()}

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules of which it imports every name."""
        if not _STAR.search(self.source.text):
            return ()
        return tuple(path for item in self.outlines for bound, path in item.imported if bound == "*")

    def slim(self) -> None:
        """Let go of what is needed once only: half of the room that outlines take, which is ten times their text."""
        if not self._is_slim:
            self._is_slim = True
            self.module.slim()
            self.outlines = tuple(chunk.outline for chunk in self.module.chunks)

    @property
    def words(self) -> frozenset[str]:
        """Every word of its text; found anew each time, for it takes as much room as the text."""
        return words_of(self.source.text)

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__.py` of a package."""
        return Path(self.file).name == "__init__.py"

    @property
    def path(self) -> str:
        """As reports name it."""
        return self.source.path


class Library:
    """Reads the project's modules on demand; a module that is missing or cannot be read is None."""

    def __init__(
        self, root: Path, shown_root: Path, largest: int = LARGEST, libraries: AbstractSet[str] = frozenset()
    ) -> None:
        """Modules lie below `root`; `shown_root` is the folder that the paths of reports start from.

        `libraries` are the names of known libraries, which no module beside a file stands for.
        """
        self._finder = Finder(root, libraries)
        self._shown_root, self._largest = shown_root, min(largest, MAX_MODULE)
        self._kept: OrderedDict[str, ProjectModule | None] = OrderedDict()
        self._files: dict[str, str] = {}
        self._size = 0
        self.reads = 0
        """The modules that were opened, as bits, since somebody has set it to 0; who remembers an answer adds those of it."""
        self._bits: dict[str, int] = {}
        self._starred: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def has(self, name: str, importer: str) -> bool:
        """Whether there is a module that the file `importer` (absolute) means by `name`; nothing is read."""
        return self._finder.find(name, importer) is not None

    def locate(self, name: str, importer: str) -> str | None:
        """The file of the module that the file `importer` (absolute) means by `name`; counted as opened, but not read."""
        file = self._finder.find(name, importer)
        if file is not None:
            self._count(file)
        return file

    def words(self, file: str) -> frozenset[str]:
        """The words of a module, which is not kept for that: far more are asked for their words than looked into."""
        module = self._kept[file] if file in self._kept else self._read(file)
        return module.words if module is not None else frozenset()

    def find(self, name: str, importer: str) -> ProjectModule | None:
        """The module that the file `importer` (absolute) means by `name`, dots in front included."""
        file = self._finder.find(name, importer)
        return self.open(file) if file is not None else None

    def behind_stars(self, stars: tuple[str, ...], importer: str) -> tuple[ProjectModule, ...]:
        """The modules that `from m import *` means in a file, each before those of which it imports everything itself."""
        key = (importer, stars)
        if key not in self._starred:
            found: dict[str, None] = {}
            pending = [(path, importer) for path in stars]
            while pending and len(found) < MAX_STARS:
                path, file = pending.pop()
                source = self.find(path, file)
                if source is not None and source.file not in found:
                    found[source.file] = None
                    pending.extend((star, source.file) for star in source.stars)
            self._starred[key] = tuple(found)
        return tuple(source for file in self._starred[key] if (source := self.open(file)) is not None)

    def missing(self, outlines: Iterable[Outline], importer: str) -> tuple[str, ...]:
        """The modules of its own package that a file imports and that are not there: `.service`, also of `.service.run`."""
        found: dict[str, None] = {}
        for bound, path in (item for outline in outlines for item in outline.imported):
            parent = dotted.split(path)[0] if bound != "*" else path
            if parent.strip(".") and path.startswith(".") and self._finder.is_missing(parent, importer):
                found[parent] = None
        return tuple(found)

    def file_of(self, path: str) -> str:
        """The absolute path of a file that reports name by `path`."""
        return os.path.normpath(self._shown_root / path)

    def shown(self, path: str) -> ProjectModule:
        """The module that reports name by `path`. Raises KeyError for one that nobody has opened."""
        module = self.open(self._files[path])
        if module is None:
            raise KeyError(path)
        return module

    def files_read(self) -> tuple[str, ...]:
        """The files of `reads`, absolute."""
        return tuple(sorted(file for file, bit in self._bits.items() if bit & self.reads))

    def open(self, file: str) -> ProjectModule | None:
        """The module in a file."""
        self._count(file)
        if file in self._kept:
            self._kept.move_to_end(file)
            return self._kept[file]
        found = self._kept[file] = self._read(file)
        self._size += len(found.source.text) if found is not None else 0
        while self._size > MAX_TEXT and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.source.text) if oldest is not None else 0
        return found

    def _count(self, file: str) -> None:
        self.reads |= self._bits.setdefault(file, 1 << len(self._bits))

    def _read(self, file: str) -> ProjectModule | None:
        shown = shown_path(Path(file), self._shown_root)
        self._files[shown] = file
        source = read(Path(file), shown, self._largest)
        if isinstance(source, Problem):
            return None
        return ProjectModule(file, source)
