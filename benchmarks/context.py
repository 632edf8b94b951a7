"""Callers: the files a linter needs to see besides the labelled ones, to judge them as their project uses them.

What reaches a sink may start in another file: in the callers. A small package is checked as a whole; of a large one
the labelled files and those that import them. An `__init__.py` that imports one hands it on, so its importers count.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

WHOLE = 60_000
"""A package with fewer lines is checked as a whole."""
IMPORTERS = 40
"""Of a larger package at most so many files that import a labelled one."""

Dotted: TypeAlias = tuple[str, ...]
"""A module's path, in parts."""

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]+))", re.MULTILINE
)
_NAME = re.compile(r"[\w.]+")


def checked_with(root: Path, labelled: Collection[Path]) -> list[Path]:
    """The files to check: the labelled ones, and the rest of the package or what of it imports them; all below `root`."""
    texts = {file: file.read_bytes().decode(errors="replace") for file in sorted(root.rglob("*.py")) if file.is_file()}
    if sum(text.count("\n") for text in texts.values()) < WHOLE:
        return sorted({*texts, *labelled})
    return sorted({*labelled, *_importers(root, labelled, texts)})


def _importers(root: Path, labelled: Collection[Path], texts: Mapping[Path, str]) -> list[Path]:
    """The files that import a labelled one, nearer ones first; after them those that import it from a package."""
    imports = {file: frozenset(_imported(file.relative_to(root).parent.parts, text)) for file, text in texts.items()}
    found: list[Path] = []
    wanted = sorted(file for file in labelled if file.suffix == ".py")
    while wanted and len(found) < IMPORTERS:
        names = {name for file in wanted for name in _names(root, file)}
        new = [
            file for file, paths in imports.items() if file not in {*labelled, *found} and not names.isdisjoint(paths)
        ]
        found += sorted(new, key=lambda file: (-max(_shared(file, one) for one in wanted), file))
        wanted = [file for file in new if file.name == "__init__.py"]
    return found[:IMPORTERS]


def _imported(package: Dotted, text: str) -> Iterator[Dotted]:
    """What a file of this package may import: relative ones from the root, after an empty part, others as written."""
    for dots, base, names, plain in _IMPORT.findall(text):
        if plain:
            yield from (tuple(name.split(".")) for name in _NAME.findall(plain))
            continue
        above: Dotted = ("", *package[: max(0, len(package) + 1 - len(dots))]) if dots else ()
        start = (*above, *(part for part in base.split(".") if part))
        yield start
        yield from ((*start, name) for name in _NAME.findall(names))


def _names(root: Path, file: Path) -> Iterator[Dotted]:
    """How imports may name a file: from the root, and without the folders that are no package (`src`)."""
    path = file.relative_to(root)
    parts = path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts
    yield ("", *parts)
    for above in range(len(parts)):
        yield parts[above:]
        if root.joinpath(*parts[: above + 1], "__init__.py").is_file():
            break


def _shared(one: Path, other: Path) -> int:
    """How many folders two files have in common."""
    return len(Path(os.path.commonpath((one.parent, other.parent))).parts)
