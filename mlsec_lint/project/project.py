"""The project that a file belongs to, and which versions of a library it may run with."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from mlsec_lint.project.file_pins import installed_requirements, script_manifest
from mlsec_lint.project.folder import Folder
from mlsec_lint.project.requirement import Rank, normalised, pins_of
from mlsec_lint.project.versions import overlap
from mlsec_lint.record import dataclass
from mlsec_lint.sources.source import SourceFile

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Project:
    """What is known about the libraries that some files run with."""

    root: Path
    """The nearest folder that says something about versions, or the root of the run."""
    pins: Mapping[str, str] = field(default_factory=dict)
    """Normalised library → PEP 440 specifiers, alternatives separated by `||`; empty: named without a constraint."""
    assume: Mapping[str, str] = field(default_factory=dict)
    """What the user says instead: a version or specifiers."""
    python_requires: str = ""
    notes: tuple[str, ...] = ()
    """Sentences for people about files that could not be used."""

    def admits(self, library: str, specifier: str) -> bool | None:
        """Whether a version that the project allows lies in `specifier`; None: nothing is known of the library.

        `python` asks for the interpreter. Raises `ValueError` if `specifier` is no PEP 440 specifier.
        """
        name = normalised(library)
        said = self.assume.get(name)
        if said is None:
            said = self.python_requires or None if name == "python" else self.pins.get(name)
        return None if said is None else overlap(said, specifier)

    def for_file(self, file: SourceFile) -> Project:
        """The same project as one file sees it, which may ask for versions of its own."""
        if script := script_manifest(file.text):
            pins = {**self.pins, **pins_of(script.requirements)}
            return replace(self, pins=pins, python_requires=script.python or self.python_requires)
        asked = pins_of(installed_requirements(file.magics))
        if not asked:
            return self
        return replace(
            self, pins={**self.pins, **{name: pin for name, pin in asked.items() if pin or name not in self.pins}}
        )


def load_project(root: Path, assume: Mapping[str, str] = _NOTHING) -> Project:
    """The project at the root of a run; `assume` maps libraries to a version (`2.8`) or specifiers (`>=2.6`)."""
    return project_of(root / "_", root, assume)


def project_of(path: Path, root: Path, assume: Mapping[str, str] = _NOTHING) -> Project:
    """The project of a file: what its folder and those above it say, up to `root`; the nearest word counts.

    What folders say is read once in the life of the process.
    """
    found = _said_to(os.path.dirname(path), os.fspath(root))  # noqa: PTH120  # for every file, and `parent` takes ten times as long
    told = {normalised(library): _as_specifier(version) for library, version in assume.items()}
    return Project(found.root, found.pins, told, found.python, found.notes)


@dataclass(frozen=True, slots=True)
class _Layers:
    """What a folder and those above it say."""

    root: Path
    pins: Mapping[str, str]
    locked: Mapping[str, str]
    """Those pins that a lock file gives."""
    workspace: frozenset[str]
    """The projects that the lock file speaks for."""
    python: str
    notes: tuple[str, ...]


@lru_cache(maxsize=4096)
def _layers(folder: Path, root: Path) -> _Layers:
    above = _Layers(root, {}, {}, frozenset(), "", ()) if folder == root else _layers(folder.parent, root)
    said = Folder(folder, root).read()
    if not said.requirements and not said.python and not said.notes:
        return above
    locked = pins_of(requirement for requirement in said.requirements if requirement.rank is Rank.LOCKED)
    kept = above.locked if said.name in above.workspace else {}
    return _Layers(
        folder,
        {**above.pins, **pins_of(said.requirements), **kept},
        {**kept, **locked},
        said.workspace | (above.workspace if kept else frozenset()),
        said.python or above.python,
        above.notes + tuple(said.notes),
    )


@lru_cache(maxsize=4096)
def _said_to(parent: str, root: str) -> _Layers:
    """What holds for the files of a folder."""
    real_root, folder = Path(os.path.realpath(root)), Path(os.path.realpath(parent))
    if not folder.is_relative_to(real_root):
        real_root = folder
    found = _layers(real_root, real_root)
    for below in (*reversed(folder.relative_to(real_root).parents), folder.relative_to(real_root)):
        found = _layers(real_root / below, real_root)
    return found


def _as_specifier(version: str) -> str:
    return f"=={version}" if re.match(r"\s*v?\d", version) else version
