"""Which words a file must contain to reach an API path, by whatever spelling: derived from aliases and instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from mlsec_lint.catalogue.apis import segments
from mlsec_lint.catalogue.model import Alias, Fact, Instance
from mlsec_lint.record import dataclass

ANY = "?"
Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """Words of which a file must contain one `last`, the two of one of the `heads`, and all `between`."""

    last: frozenset[str]
    heads: tuple[tuple[str, frozenset[str]], ...] = ()
    """How a path can start: a name in its beginning, and the names of libraries one of which must stand before it."""
    between: frozenset[str] = frozenset()


class Spellings:
    """Other ways to write the beginnings of API paths.

    `tensorflow.keras` is `keras`: what starts with one may be written with the other. `langchain_openai.ChatOpenAI()` is
    a `langchain_core` model: a file can call the model and never name `langchain_core`.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._instead: dict[Segments, set[Segments]] = {}
        self._by_first: dict[str, set[Segments]] = {}
        for fact in facts:
            for written, instead in _rewritings(fact):
                beginning = segments(written)
                self._instead.setdefault(beginning, set()).add(segments(instead))
                self._by_first.setdefault(beginning[0], set()).add(beginning)
        self._others: dict[Segments, _Others] = {}

    def need(self, api: str) -> Need:
        """What a file must contain to reach an API path."""
        path = segments(api)
        last = {_last(path)}
        beginnings = self._beginnings(path)
        length = max(map(len, beginnings), default=1)
        heads = {(path[0], _last(path[:length]))}
        for beginning in beginnings:
            others = self._others_of(beginning)
            heads |= others.heads
            last |= _closure(last, others.last)
        filed: dict[str, set[str]] = {}
        for first, key in heads:
            filed.setdefault(key, set()).add(first)
        between = frozenset(path[length:-1]) - {ANY, "*", *last}
        ordered = tuple((key, frozenset(firsts)) for key, firsts in sorted(filed.items()))
        return Need(frozenset(last) - {ANY}, ordered, between)

    def _beginnings(self, path: Segments) -> list[Segments]:
        """What can be rewritten at the beginning of a path."""
        candidates = self._by_first.get(path[0])
        if candidates is None:
            return []
        if "*" in path:
            return [one for one in candidates if len(one) <= len(path) and _agree(one, path)]
        lengths = range(1, len(path) + 1)
        return [path[:length] for length in lengths if path[:length] in candidates]

    def _others_of(self, beginning: Segments) -> _Others:
        others = self._others.get(beginning)
        if others is None:
            others = self._others[beginning] = self._follow(beginning)
        return others

    def _follow(self, beginning: Segments) -> _Others:
        """Any number of rewritings from a beginning on, also of what it may grow into."""
        reached = {beginning}
        waiting = [beginning]
        heads: set[tuple[str, str]] = set()
        last: dict[str, set[str]] = {}
        while waiting:
            current = waiting.pop()
            for instead in self._instead[current]:
                heads.add((instead[0], _last(instead)))
                last.setdefault(_last(current), set()).add(_last(instead))
                new = {one for one in self._by_first.get(instead[0], ()) if _agree(one, instead)} - reached
                reached |= new
                waiting += new
        return _Others(frozenset(heads), last)


@dataclass(frozen=True, slots=True)
class _Others:
    """Names that may stand instead of those of some beginning."""

    heads: frozenset[tuple[str, str]]
    """First names, each with the last of what starts with it."""
    last: Mapping[str, AbstractSet[str]]
    """By the last name of what is rewritten: it matters where a path ends with it."""


def _closure(names: Iterable[str], steps: Mapping[str, AbstractSet[str]]) -> set[str]:
    found = set(names)
    waiting = list(found)
    while waiting:
        new = steps.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return found


def _rewritings(fact: Fact) -> Iterator[tuple[str, str]]:
    """Pairs of a path and what may be written instead of it."""
    if isinstance(fact, Alias):
        yield fact.same_as, fact.name
        yield fact.name, fact.same_as
    elif isinstance(fact, Instance):
        for api in fact.api:
            yield fact.is_a, api


def _agree(one: Segments, other: Segments) -> bool:
    """Whether two paths are the same as far as both go, a `*` standing for any segment."""
    length = min(len(one), len(other))
    if one[:length] == other[:length] or ("*" not in one and "*" not in other):
        return one[:length] == other[:length]
    return all(left == right or "*" in {left, right} for left, right in zip(one, other, strict=False))


def _last(path: Segments) -> str:
    return path[-1] if path[-1] != "*" else next(name for name in reversed(path) if name != "*")
