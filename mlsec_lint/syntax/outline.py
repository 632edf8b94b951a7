"""The scout: what each top-level statement binds and mentions, found with `ast` at a twentieth of LibCST's price.

It may only say "nothing here". A file that `ast` rejects has no outline, and LibCST decides whether it parses.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import replace
from typing import Any, NamedTuple

from mlsec_lint.record import dataclass
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.scout import Notes, walk


class MethodBody(NamedTuple):
    """The lines of a method's body."""

    first: int
    last: int
    column: int
    """Where it starts in its first line, in bytes; -1 for a compound statement, which always starts its line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One chunk: the lines of one top-level statement (or of several that share a line)."""

    first_line: int
    last_line: int
    binds: frozenset[str]
    """Names that it may set at module level, or whose members it may change there."""
    changes: frozenset[str]
    """Names whose members its functions may change."""
    aliases: frozenset[str]
    """Those of `binds` that may be another name of something it mentions: all but its functions and classes."""
    loads: frozenset[str]
    """Names that it reads, anywhere inside."""
    words: frozenset[str]
    """Every identifier in it, attributes, keywords and texts that are identifiers included."""
    names: frozenset[str]
    """Those of `words` by which it can speak of an API: no keywords, of texts only keys and constants (and with `getattr` all)."""
    texts: tuple[tuple[str, str], ...] = ()
    """Constant texts, each with an empty name and with the names that it is given to."""
    imports: frozenset[str] = frozenset()
    """Top-level packages that it imports, anywhere inside."""
    imported: tuple[tuple[str, str], ...] = ()
    """What it imports, anywhere inside: the name that it binds (`*` for all of a module) and the dotted path."""
    attributes: frozenset[str] = frozenset()
    """Those of `names` that it reads as members of something."""
    stores: frozenset[str] = frozenset()
    """Members that it sets, of whatever object."""
    handed: frozenset[str] = frozenset()
    """Names and members that it takes without calling them: it may give them to somebody else."""
    parts: tuple[Outline, ...] = ()
    """Of a class: its frame (all but the methods), then its methods."""
    method: str = ""
    """The name of the method, if it is one."""
    body: MethodBody | None = None

    def slimmed(self) -> Outline:
        """What others want to know of it: all but what tells whether it has to be evaluated itself."""
        return replace(
            self, changes=_NONE, aliases=_NONE, names=_NONE, attributes=_NONE, stores=_NONE, handed=_NONE, parts=()
        )


_NONE = frozenset[str]()
NOTHING = Outline(1, 1, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE)
"""That of a statement that cannot be looked into."""


def parse(text: str) -> ast.Module:
    """Parse for the scout; Bandit's checks look at the same tree.

    Raises SyntaxError (also for NUL bytes) and `BoundExceeded`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError) as error:
            raise BoundExceeded("the code nests deeper than Python's own parser allows") from error
        except ValueError as error:
            raise SyntaxError(str(error)) from error


def statements(tree: ast.Module, lines: Sequence[str]) -> list[list[ast.stmt]]:
    """The statements of each chunk of a module, in order; `lines` are those of its text."""
    groups: list[list[ast.stmt]] = []
    for statement in tree.body:
        end = groups[-1][-1].end_lineno or 0 if groups else 0
        if groups and (first_line_of(statement) <= end or lines[end - 1].rstrip("\r\n").endswith("\\")):
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return groups


def without_bodies(nodes: Sequence[ast.stmt], gone: AbstractSet[int]) -> list[ast.stmt]:
    """The statements of a chunk without the bodies of methods that start in some lines; the nodes stay as they are."""
    return [_without(node, gone) if isinstance(node, ast.ClassDef) else node for node in nodes]


def _without(node: ast.ClassDef, gone: AbstractSet[int]) -> ast.ClassDef:
    made = copy(node)
    made.body = [
        _empty(item)
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and first_line_of(item.body[0]) in gone
        else item
        for item in node.body
    ]
    return made


def _empty(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    made = copy(node)
    made.body = [ast.Pass()]
    return made


def first_line_of(statement: ast.stmt) -> int:
    """The line of its first decorator, or its own."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.lineno
    return min(item.lineno for item in (statement, *statement.decorator_list))


def outline_of(group: Sequence[ast.stmt]) -> Outline:
    """What the statements of a chunk bind and mention. Raises `BoundExceeded`."""
    first, last = first_line_of(group[0]), max(item.end_lineno or item.lineno for item in group)
    if len(group) == 1 and isinstance(group[0], ast.ClassDef):
        return _class(group[0], first, last)
    notes = Notes()
    for statement in group:
        walk(statement, notes)
    return _outlined(notes, first, last)


def _outlined(notes: Notes, first: int, last: int) -> Outline:
    dynamic = "getattr" in notes.names
    names = notes.words | notes.names if dynamic else notes.names
    return Outline(
        first,
        last,
        frozenset(notes.binds),
        frozenset(notes.changes),
        frozenset(notes.binds - notes.defines),
        frozenset(notes.loads),
        frozenset(notes.words | notes.names),
        frozenset(names),
        tuple(notes.texts),
        frozenset(notes.imports),
        tuple(notes.imported),
        frozenset(names if dynamic else notes.attributes),
        frozenset(notes.stores),
        frozenset(notes.handed),
    )


def _class(node: ast.ClassDef, first: int, last: int) -> Outline:
    """A class with its parts, and all that these have together."""
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
    frame = Notes()
    walk(node, frame, frozenset(methods))
    outline = _outlined(frame, first, last)
    if not methods:
        return outline
    parts = (outline, *map(_method, methods))
    return Outline(first, last, **{name: _together(parts, name) for name in (*_SETS, "texts", "imported")}, parts=parts)


_SETS = (
    *("binds", "changes", "aliases", "loads", "words", "names"),
    *("imports", "attributes", "stores", "handed"),
)


def _together(parts: Sequence[Outline], name: str) -> Any:  # noqa: ANN401  # a set of names, or a tuple of pairs
    found = [getattr(part, name) for part in parts]
    return frozenset().union(*found) if name in _SETS else tuple(item for several in found for item in several)


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Outline:
    notes = Notes()
    walk(node, notes, outer=False)
    start = node.body[0]
    column = start.col_offset if not hasattr(start, "body") else -1
    last = node.end_lineno or node.lineno
    outline = _outlined(notes, first_line_of(node), last)
    return replace(outline, method=node.name, body=MethodBody(first_line_of(start), last, column))
