"""Which pieces of a file can hold the whole of a flow: those that lead to a source and to a sink of one rule.

Over-approximates by words alone, like the funnel. A flow is a story that somebody tells: some statement calls, reads or
holds both its ends, by itself or through what stands behind the names that it uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from mlsec_lint.record import dataclass

CALL = 1
"""The meaning of a name that a rule looks at by itself, without a flow; kinds of sources and sinks are the other bits."""


class Ends(NamedTuple):
    """The kinds of sources and sinks that a rule joins, as bits."""

    sources: int
    sinks: int
    starts_anywhere: bool
    """Whether any function's parameter is a source."""
    one_file: bool


@dataclass(frozen=True, slots=True)
class Stories:
    """The statements of a file that can tell one, by index, and what they want of other files."""

    roots: frozenset[int] = frozenset()
    wanted: int = 0
    """Kinds, as bits, that in another file are the other end of a flow."""


def stories(near: Sequence[int], far: Sequence[int], flows: Sequence[Ends], *, abroad: bool = False) -> Stories:
    """`near` are the kinds that each statement leads to in its own file, `far` those in others, as bits.

    `abroad`: only stories with an end in another file.
    """
    kinds = list(zip(near, far, strict=True))
    wanted = {pair: _wanted(flows, *pair, abroad=abroad) for pair in set(kinds)}
    told = [wants for wants in wanted.values() if wants is not None]
    roots = frozenset(index for index, pair in enumerate(kinds) if wanted[pair] is not None)
    return Stories(roots, reduce(or_, told, 0))


def _wanted(flows: Iterable[Ends], near: int, far: int, *, abroad: bool) -> int | None:
    """What a statement that leads to these kinds wants of other files; None if it cannot tell any story."""
    found, wanted = False, 0
    for ends in flows:
        starts, stops = ends.sources & near, ends.sinks & near
        wants = 0 if ends.one_file else (ends.sinks if starts else 0) | (ends.sources if stops else 0)
        if wants & far or (not abroad and stops and (starts or ends.starts_anywhere)):
            found = True
            wanted |= wants
    return wanted if found else None
