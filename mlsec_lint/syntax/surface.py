"""What a module shows to those that import it, without a look into its functions and classes: of most nobody asks for more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from mlsec_lint.syntax.lines import with_ends
from mlsec_lint.syntax.outline import Outline, outline_of, parse, statements
from mlsec_lint.syntax.scout import Notes, walk

# What functions and classes can say about the names of a module.
_GLOBAL = re.compile(r"(?:^|[:;])\s*global\b", re.MULTILINE)
STAR = re.compile(r"\bimport[\s(\\]*\*")
"""Stands in every text that imports all names of a module."""
_INNER_IMPORT = re.compile(r"(?:^[ \t\f]+|[:;]\s*)from\b", re.MULTILINE)


class Surface(NamedTuple):
    """The names of a module."""

    binders: Mapping[str, tuple[int, ...]]
    """For every name the top-level statements that set it, in order."""
    stars: tuple[str, ...]
    """Modules of which it imports every name."""
    size: int
    """How many statements it has, as chunks."""


BARE = Surface({}, (), 0)
"""That of a module which cannot be parsed."""


def surface_of(text: str) -> Surface:
    """The surface of the module with a text. Raises SyntaxError and `BoundExceeded`."""
    tree = parse(text)
    groups = statements(tree, with_ends(text))
    if _GLOBAL.search(text) or (STAR.search(text) and _INNER_IMPORT.search(text)):
        return surface_of_outlines([outline_of(group) for group in groups])
    noted = list(map(_notes, groups))
    return _surface([notes.binds for notes in noted], [notes.imported for notes in noted])


def surface_of_outlines(outlines: Sequence[Outline]) -> Surface:
    """The same of a module that was looked into."""
    return _surface([outline.binds for outline in outlines], [outline.imported for outline in outlines])


def _surface(binds: Sequence[AbstractSet[str]], imported: Iterable[Sequence[tuple[str, str]]]) -> Surface:
    filed: dict[str, list[int]] = {}
    for index, names in enumerate(binds):
        for name in sorted(names):
            filed.setdefault(name, []).append(index)
    stars = tuple(path for items in imported for bound, path in items if bound == "*")
    return Surface({name: tuple(indexes) for name, indexes in filed.items()}, stars, len(binds))


def _notes(group: Sequence[ast.stmt]) -> Notes:
    notes = Notes()
    for statement in group:
        walk(statement, notes, inside=False)
    return notes
