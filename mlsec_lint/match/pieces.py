"""The pieces of a file that are judged and evaluated one by one, and what leads from one to others.

A piece is a top-level statement, or of a class its frame (what stands outside its methods) or one of its methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from mlsec_lint.syntax.outline import Outline

Successors = Sequence[tuple[int, ...]]
"""By index; behind those of the pieces stand names that many pieces bind, so that links grow with the file, not its square."""

_CROWD = 20
"""Pieces that bind a name, from which on the name stands between them and those that read it."""


class Piece(NamedTuple):
    """A piece: where it stands, and what it binds and mentions."""

    chunk: int
    method: int
    """Which method of the class, from 1; 0 is all else."""
    outline: Outline


def pieces_of(outlines: Iterable[Outline]) -> tuple[Piece, ...]:
    """The pieces of a file in order."""
    return tuple(
        Piece(chunk, method, part)
        for chunk, outline in enumerate(outlines)
        for method, part in enumerate(outline.parts or (outline,))
    )


def successors(pieces: Sequence[Piece]) -> Successors:
    """For every piece those that stand behind the names that it uses, as indexes.

    They set a variable that it reads, or change what that holds; they are methods, or set members, of a name that it
    reads of whatever object; they are the frame of the class that it belongs to, or what an object of a class that it
    names does unasked (`__init__`, `__call__`, validators of fields).
    """
    binders = _filed(piece.outline.binds for piece in pieces)
    changers = _filed(piece.outline.changes & binders.keys() for piece in pieces)
    members = _filed(_members(piece) for piece in pieces)
    unasked = _unasked(pieces)
    frames = {piece.chunk: index for index, piece in enumerate(pieces) if not piece.method}
    named = _methods(pieces)
    behind_names = {name: {*binders[name], *changers.get(name, ())} for name in binders}
    for others in behind_names.values():
        others |= {inner for other in others for inner in unasked.get(other, ())}
    stars = {index for index, piece in enumerate(pieces) if any(name == "*" for name, _ in piece.outline.imported)}
    variables, crowds = _crowded({**behind_names, "*": stars}, len(pieces))
    attributes, more = _crowded({name: set(found) for name, found in members.items()}, len(pieces) + len(crowds))
    found: list[tuple[int, ...]] = []
    for index, piece in enumerate(pieces):
        others = {other for name in piece.outline.loads & variables.keys() for other in variables[name]}
        for name in piece.outline.attributes & attributes.keys():
            others.update(attributes[name])
        for name in piece.outline.loads & named[piece.chunk].keys():
            others.update(named[piece.chunk][name])
        others |= {frames[piece.chunk], *variables["*"]}
        found.append(tuple(sorted(others - {index})))
    return [*found, *crowds, *more]


def _crowded(behind: Mapping[str, set[int]], first: int) -> tuple[dict[str, Iterable[int]], list[tuple[int, ...]]]:
    """What stands behind names, or instead a link to it where that is much; and those links, numbered from `first` on."""
    crowds: list[tuple[int, ...]] = []
    found: dict[str, Iterable[int]] = {}
    for name, others in behind.items():
        found[name] = others
        if len(others) > _CROWD:
            found[name] = (first + len(crowds),)
            crowds.append(tuple(sorted(others)))
    return found, crowds


def _methods(pieces: Sequence[Piece]) -> list[dict[str, list[int]]]:
    """For every statement its methods by name: in the body of a class they are variables."""
    found: list[dict[str, list[int]]] = []
    for index, piece in enumerate(pieces):
        if piece.chunk == len(found):
            found.append({})
        if piece.method:
            found[-1].setdefault(piece.outline.method, []).append(index)
    return found


def _filed(names: Iterable[AbstractSet[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, item in enumerate(names):
        for name in item:
            found.setdefault(name, []).append(index)
    return found


def _members(piece: Piece) -> AbstractSet[str]:
    return piece.outline.stores | {piece.outline.method} if piece.method else frozenset()


_VALIDATORS = frozenset({"field_validator", "validator"})


def _unasked(pieces: Sequence[Piece]) -> dict[int, list[int]]:
    """For the frame of every class its methods with names like `__init__`, and those that check what its fields are given."""
    found: dict[int, list[int]] = {}
    frame = 0
    for index, piece in enumerate(pieces):
        if not piece.method:
            frame = index
        elif piece.outline.method.startswith("__") or piece.outline.words & _VALIDATORS:
            found.setdefault(frame, []).append(index)
    return found


def spread(values: Sequence[int], successors: Successors) -> list[int]:
    """The bits of every piece with those of all that it leads to."""
    found = [*values, *[0] * (len(successors) - len(values))]
    predecessors: list[list[int]] = [[] for _ in found]
    for index, others in enumerate(successors):
        for other in others:
            predecessors[other].append(index)
    pending = [index for index, value in enumerate(values) if value]
    while pending:
        index = pending.pop()
        for before in predecessors[index]:
            if found[index] & ~found[before]:
                found[before] |= found[index]
                pending.append(before)
    return found[: len(values)]


def behind(names: AbstractSet[str], bits: Mapping[str, int]) -> int:
    """The bits of some names."""
    found = 0
    for name in bits.keys() & names:
        found |= bits[name]
    return found


def reached(start: Iterable[int], successors: Successors, pieces: int) -> set[int]:
    """Some pieces and all that they lead to; `pieces` is how many there are, and what stands behind them is left out."""
    found = set(start)
    pending = list(found)
    while pending:
        new = set(successors[pending.pop()]) - found
        found |= new
        pending.extend(new)
    return {index for index in found if index < pieces}


def with_other_names(named: Iterable[int], handing: AbstractSet[int], pieces: Sequence[Piece]) -> set[int]:
    """Some pieces and those that use another name which they give to what they mention: `from torch import load as read`.

    Those of `handing` may also return it, or keep it in a member of an object.
    """
    readers = _filed(piece.outline.loads for piece in pieces)
    takers = _filed(piece.outline.attributes for piece in pieces)
    found = set(named)
    pending = list(found)
    while pending:
        index = pending.pop()
        outline = pieces[index].outline
        more = {other for name in outline.aliases for other in readers.get(name, ())}
        if index in handing:
            more.update(other for name in outline.binds for other in readers.get(name, ()))
            more.update(other for name in _members(pieces[index]) | outline.stores for other in takers.get(name, ()))
        pending.extend(more - found)
        found |= more
    return found


def methods_left_out(pieces: Sequence[Piece], chosen: AbstractSet[int]) -> Iterator[Piece]:
    """The methods that need not be evaluated of classes that are."""
    chunks = {pieces[index].chunk for index in chosen}
    for index, piece in enumerate(pieces):
        if piece.method and piece.chunk in chunks and index not in chosen:
            yield piece
