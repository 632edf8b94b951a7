"""The modules that checked files import, read once a process and kept while there is room."""

from __future__ import annotations

import os
from collections.abc import Iterable, KeysView, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlsec_lint.findings import Problem
from mlsec_lint.imports import dotted
from mlsec_lint.imports.finder import Finder
from mlsec_lint.imports.grounds import Grounds, Inquiry
from mlsec_lint.imports.package import package_of
from mlsec_lint.imports.packed_source import PackedSource
from mlsec_lint.imports.questions import BINDS, CODE, NAMES, READABLE, STARS, TEXT, answer
from mlsec_lint.imports.shelf import Shelf
from mlsec_lint.sources.discovery import shown_path
from mlsec_lint.sources.reading import LARGEST, read
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.outline import NOTHING, Outline
from mlsec_lint.syntax.surface import BARE, STAR, Surface, surface_of, surface_of_outlines
from mlsec_lint.syntax.unparsable import Unparsable
from mlsec_lint.syntax.words import words_of

if TYPE_CHECKING:
    from mlsec_lint.syntax import statement as st

MAX_STARS = 1_000
"""Modules imported by `*` through each other, from one file."""

MANY = 20
"""Modules behind a star import, of which the fewest matter."""

MAX_MODULE = 2_000_000
"""Bytes of a module that others look into; larger ones are data or generated, and would cost those the time that they cost."""

MAX_MODULES = 25_000_000
"""Bytes of modules that a process keeps, compressed: eighty million characters. The least recently used go first."""

MAX_PARSED = 4_000_000
"""Characters of modules whose code is kept; what is known of it takes ten times as much."""

SLIM = 3
"""How many times less that is when nobody asks any more which statements have to be evaluated."""

_NAMES = 2_000
"""Bytes that the names of a module and what leads to it take: the mean of transformers."""


class ProjectModule:
    """A module of the project that another one imports; parsed when somebody looks into it. One that cannot be is empty.

    Nothing that is read here is noted: whatever a result rests on is asked of the `Library`.
    """

    def __init__(self, file: str, source: SourceFile, parsed: Shelf[ProjectModule, Module]) -> None:
        self.file = file
        """Absolute."""
        self.path = source.path
        """As reports name it."""
        self.package = package_of(source.path)
        """Where its relative imports start, dotted."""
        self.is_one_of_many = False
        """Few of the modules that a star import stands for are looked into: their names are found without."""
        self._source, self._parsed = PackedSource(source), parsed

    @property
    def source(self) -> SourceFile:
        """Its text, unpacked anew each time."""
        return self._source.unpacked()

    @property
    def size(self) -> int:
        """Bytes that it takes while nobody looks into it."""
        return self._source.size + _NAMES

    @property
    def module(self) -> Module:
        """Its code, which is kept for a while."""
        found = self._parsed.get(self)
        if found is None:
            found = _parsed(self.source.text, self.path)
            self._parsed.put(self, found, self._source.length)
        return found

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """What each top-level statement binds and mentions."""
        found = tuple(chunk.outline for chunk in self.module.chunks)
        return found or (NOTHING,) * self._surface.size

    def body(self, index: int) -> tuple[st.Body, int]:
        """The code of a top-level statement and its nodes; none where it cannot be parsed. Raises `BoundExceeded`."""
        chunks = self.module.chunks
        try:
            return (chunks[index].body, chunks[index].size) if chunks else ((), 0)
        except Unparsable:
            return (), 0

    @cached_property
    def _surface(self) -> Surface:
        chunks = () if self.is_one_of_many else self.module.chunks
        try:
            return surface_of_outlines([chunk.outline for chunk in chunks]) if chunks else surface_of(self.source.text)
        except SyntaxError:  # perhaps a newer Python's
            return surface_of_outlines([chunk.outline for chunk in self.module.chunks])
        except BoundExceeded:
            return BARE

    def code(self, name: str) -> str:
        """The lines of the top-level statements that set a name; all of a module that cannot be parsed."""
        chunks = self.module.chunks
        if not chunks:
            return self.source.text if name in self.binders else ""
        return "\f".join(chunks[index].text for index in self.binders.get(name, ()))

    @property
    def binders(self) -> Mapping[str, tuple[int, ...]]:
        """For every name of the module the chunks that set it, in order."""
        return self._surface.binders

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules of which it imports every name."""
        return self._surface.stars if STAR.search(self.source.text) else ()

    def slim(self) -> None:
        """Let go of what is needed once only."""
        module = self.module
        module.slim()
        self._parsed.put(self, module, self._source.length // SLIM)

    @property
    def words(self) -> frozenset[str]:
        """Every word of its text; found anew each time, for it takes as much room as the text."""
        return words_of(self.source.text)

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__.py` of a package."""
        return Path(self.file).name == "__init__.py"


def _parsed(text: str, path: str) -> Module:
    try:
        module = Module(text, path)
        module.forget_tree()
    except (Unparsable, BoundExceeded):
        return Module("", path)
    return module


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
        self._kept: Shelf[str, ProjectModule | None] = Shelf(MAX_MODULES)
        self._parsed: Shelf[ProjectModule, Module] = Shelf(MAX_PARSED)
        self._files: dict[str, str] = {}
        self.inquiry = Inquiry()
        """What modules are asked; who remembers what came of it remembers the grounds as well."""
        self._starred: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, ...], Grounds]] = {}

    def has(self, name: str, importer: str) -> bool:
        """Whether there is a module that the file `importer` (absolute) means by `name`; nothing is read."""
        return self._finder.find(name, importer) is not None

    def locate(self, name: str, importer: str) -> str | None:
        """The file of the module that the file `importer` (absolute) means by `name`; nothing is read."""
        return self._finder.find(name, importer)

    def words(self, file: str) -> frozenset[str]:
        """The words of a module, which is not kept for that: far more are asked for their words than looked into."""
        module = self._kept.get(file) if file in self._kept else self._read(file)
        return module.words if module is not None else frozenset()

    def find(self, name: str, importer: str) -> ProjectModule | None:
        """The module that the file `importer` (absolute) means by `name`, dots in front included."""
        file = self._finder.find(name, importer)
        return self.open(file) if file is not None else None

    def behind_stars(self, stars: tuple[str, ...], importer: str) -> tuple[ProjectModule, ...]:
        """The modules that `from m import *` means in a file, each before those of which it imports everything itself."""
        key = (importer, stars)
        if key not in self._starred:
            outer = self.inquiry.begin()
            found = self._starred_from(stars, importer)
            self._starred[key] = found, self.inquiry.end(outer)
        files, grounds = self._starred[key]
        self.inquiry.add(grounds)
        sources = [source for file in files if (source := self.open(file)) is not None]
        if len(sources) > MANY:
            for source in sources:
                source.is_one_of_many = True
        return tuple(sources)

    def _starred_from(self, stars: Iterable[str], importer: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        pending = [(path, importer) for path in stars]
        while pending and len(found) < MAX_STARS:
            path, file = pending.pop()
            source = self.find(path, file)
            if source is not None and source.file not in found:
                found[source.file] = None
                pending.extend((star, source.file) for star in self.stars(source))
        return tuple(found)

    def binds(self, module: ProjectModule, name: str) -> bool:
        """Whether a module sets a name."""
        self.ask(module, f"{BINDS} {name}")
        return name in module.binders

    def names(self, module: ProjectModule) -> KeysView[str]:
        """All names that a module sets."""
        self.ask(module, NAMES)
        return module.binders.keys()

    def stars(self, module: ProjectModule) -> tuple[str, ...]:
        """The modules of which a module imports every name."""
        self.ask(module, STARS)
        return module.stars

    def chunks(self, module: ProjectModule, name: str) -> tuple[int, ...]:
        """The top-level statements of a module that set a name; what they say is asked for."""
        self.ask(module, f"{CODE} {name}")
        return module.binders.get(name, ())

    def ask(self, module: ProjectModule, question: str) -> None:
        """Note a question to a module, and what it answers."""
        self.inquiry.note(module.file, question, lambda: answer(module, question))

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
        self.ask(module, TEXT)
        return module

    def open(self, file: str) -> ProjectModule | None:
        """The module in a file."""
        if file in self._kept:
            found = self._kept.get(file)
        else:
            found = self._read(file)
            self._kept.put(file, found, found.size if found is not None else 0)
        self.inquiry.note(file, READABLE, lambda: answer(found, READABLE))
        return found

    def _read(self, file: str) -> ProjectModule | None:
        shown = shown_path(Path(file), self._shown_root)
        self._files[shown] = file
        source = read(Path(file), shown, self._largest)
        if isinstance(source, Problem):
            return None
        return ProjectModule(file, source, self._parsed)
