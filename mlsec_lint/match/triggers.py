"""The words by which code can speak of an API, as bits: whether a statement can mean it is a test of two numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import field
from typing import NamedTuple, TypeAlias

from mlsec_lint.record import dataclass

MAX_REMEMBERED = 100_000
"""Answers that are kept: statements that name the same are many."""

Numbers: TypeAlias = tuple[int, ...]
"""Names, by their place in `TriggerTable.names`."""


class Head(NamedTuple):
    """How a path can start: all of the first names must be there, and one of the second; none: nothing is asked."""

    keys: Numbers
    firsts: Numbers


class Asked(NamedTuple):
    """What must stand around a name for it to be one end of an API path: all names between, and one head."""

    between: Numbers
    heads: int
    """By place in `TriggerTable.heads`."""


@dataclass(frozen=True, slots=True)
class TriggerTable:
    """API paths with their meanings (bits), filed by last name: plain values, which can be kept."""

    names: tuple[str, ...] = ()
    """Every name that any path asks for."""
    heads: tuple[tuple[Head, ...], ...] = ()
    """What paths can start with; one stands for many."""
    asked: tuple[Asked, ...] = ()
    words: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """For each last name the meanings that it can have, and which of `asked` that takes."""


class _Word:
    """What one name can mean, for comparison with what stands around it."""

    def __init__(self, rows: Iterable[tuple[int, int]], table: TriggerTable) -> None:
        self.triggers: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
        """The meaning, all that must stand between, and pairs of which one must be there."""
        self.relevant = 0
        """Every bit that any trigger asks for."""
        for meaning, number in rows:
            asked = table.asked[number]
            heads = tuple((_mask(head.keys), _mask(head.firsts)) for head in table.heads[asked.heads])
            between = _mask(asked.between)
            self.triggers.append((meaning, between, heads))
            self.relevant |= between
            for key, firsts in heads:
                self.relevant |= key | firsts

    def means(self, around: int) -> int:
        """What it can mean where these words stand around it."""
        found = 0
        for meaning, between, heads in self.triggers:
            if not meaning & ~found or between & ~around:
                continue
            if any(not (key & ~around) and (not firsts or firsts & around) for key, firsts in heads):
                found |= meaning
        return found


def _mask(numbers: Numbers) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


class Triggers:
    """Says what names can mean; of a name nothing is worked out before a file has it."""

    def __init__(self, table: TriggerTable) -> None:
        self._table = table
        self._numbers = {name: number for number, name in enumerate(table.names)}
        self._words: dict[str, _Word] = {}
        self._known: dict[tuple[str, int], int] = {}

    def around(self, words: AbstractSet[str]) -> int:
        """The words that any path asks for, as bits."""
        found = 0
        for word in self._numbers.keys() & words:
            found |= 1 << self._numbers[word]
        return found

    def meant_by(self, names: AbstractSet[str], around: int) -> int:
        """What the names of a statement can mean, by the words that stand around it."""
        found = 0
        for name in self._table.words.keys() & names:
            word = self._words.get(name) or self._word(name)
            key = (name, around & word.relevant)
            known = self._known.get(key)
            if known is None:
                known = self._judge(word, *key)
            found |= known
        return found

    def _word(self, name: str) -> _Word:
        found = self._words[name] = _Word(self._table.words[name], self._table)
        return found

    def speaks_of(self, names: AbstractSet[str], meaning: int) -> bool:
        """Whether any of some names can have a meaning, whatever stands around it."""
        rows = self._table.words
        return any(own & meaning for name in rows.keys() & names for own, _ in rows[name])

    def _judge(self, word: _Word, name: str, around: int) -> int:
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        found = self._known[name, around] = word.means(around)
        return found
