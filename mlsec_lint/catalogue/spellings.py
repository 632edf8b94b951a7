"""Which words a file must contain to reach an API path, by whatever spelling: derived from aliases and instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mlsec_lint.catalogue.apis import segments
from mlsec_lint.catalogue.model import Alias, Fact, Instance

ANY = "?"


@dataclass(frozen=True, slots=True)
class Need:
    """Words of which a file must contain one `last` and, unless empty, one `first`."""

    last: frozenset[str]
    first: frozenset[str] = frozenset()

    def is_met_by(self, words: AbstractSet[str]) -> bool:
        """Whether a file with these words can name the API."""
        return not self.last.isdisjoint(words) and (not self.first or not self.first.isdisjoint(words))


class Spellings:
    """Other names for the beginnings and ends of API paths.

    `tensorflow.keras` is `keras`: what starts with one may be written with the other. `langchain_openai.ChatOpenAI()` is
    a `langchain_core` model: a file can call the model and never name `langchain_core`.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        rewritings = [(segments(path), segments(instead)) for fact in facts for path, instead in _rewritings(fact)]
        self._first = _closed((path[0], instead[0]) for path, instead in rewritings)
        self._last = _closed((_last(path), _last(instead)) for path, instead in rewritings)

    def need(self, api: str) -> Need:
        """What a file must contain to reach an API path."""
        path = segments(api)
        last, first = _last(path), path[0]
        firsts = self._first.get(first, frozenset({first}))
        if last == first:  # a path of one name: `eval`, `litellm.*`
            return Need(firsts - {ANY} | self._last.get(last, frozenset()) - {ANY})
        return Need(self._last.get(last, frozenset({last})) - {ANY}, frozenset() if ANY in firsts else firsts)


def _rewritings(fact: Fact) -> Iterator[tuple[str, str]]:
    """Pairs of a path and what may be written instead of it."""
    if isinstance(fact, Alias):
        yield fact.same_as, fact.name
        yield fact.name, fact.same_as
    elif isinstance(fact, Instance):
        for api in fact.api:
            yield fact.is_a, api


def _last(path: tuple[str, ...]) -> str:
    return next(name for name in reversed(path) if name != "*")


def _closed(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """For every name all that it may be written as, itself included, by any number of steps."""
    steps: dict[str, set[str]] = {}
    for name, instead in pairs:
        steps.setdefault(name, set()).add(instead)
    return {name: _reach(name, steps) for name in steps}


def _reach(name: str, steps: dict[str, set[str]]) -> frozenset[str]:
    found = {name}
    waiting = [name]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)
