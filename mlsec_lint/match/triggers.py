"""The words by which code can speak of an API, as bits: whether a statement can mean it is a test of two numbers."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import field

from mlsec_lint.catalogue.spellings import ANY, Need, Spellings
from mlsec_lint.record import dataclass

MAX_REMEMBERED = 100_000
"""Answers that are kept: statements that name the same are many."""


@dataclass(frozen=True, slots=True)
class _Trigger:
    """What must stand around a name for it to be one end of an API path."""

    meaning: int
    between: int
    heads: tuple[tuple[int, int], ...]
    """Pairs of which one must be there: all bits of the first, any of the second (0: nothing is asked)."""

    def is_met(self, around: int) -> bool:
        if self.between & ~around:
            return False
        return any(not (key & ~around) and (not firsts or firsts & around) for key, firsts in self.heads)


@dataclass(slots=True)
class _Word:
    triggers: list[_Trigger] = field(default_factory=list)
    relevant: int = 0
    """Every bit that any trigger asks for."""


class Triggers:
    """API paths with meanings (bits of the caller's choice), filed by their last name."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._bits: dict[str, int] = {}
        self._words: dict[str, _Word] = {}
        self._known: dict[tuple[str, int], int] = {}

    def add(self, api: str, meaning: int) -> None:
        """File an API path."""
        need = self._spellings.need(api.replace("[]", ""))
        trigger = self._trigger(need, meaning)
        asked = trigger.between
        for key, firsts in trigger.heads:
            asked |= key | firsts
        for name in need.last:
            word = self._words.setdefault(name, _Word())
            word.triggers.append(trigger)
            word.relevant |= asked

    def _trigger(self, need: Need, meaning: int) -> _Trigger:
        heads = tuple(
            (self._mask({key} - {ANY}), 0 if ANY in firsts else self._mask(firsts)) for key, firsts in need.heads
        )
        return _Trigger(meaning, self._mask(need.between), heads)

    def _mask(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= self._bits.setdefault(name, 1 << len(self._bits))
        return found

    def around(self, words: AbstractSet[str]) -> int:
        """The words that any path asks for, as bits."""
        found = 0
        for word in self._bits.keys() & words:
            found |= self._bits[word]
        return found

    def meant_by(self, names: AbstractSet[str], around: int) -> int:
        """What the names of a statement can mean, by the words that stand around it."""
        found = 0
        for name in self._words.keys() & names:
            key = (name, around & self._words[name].relevant)
            known = self._known.get(key)
            if known is None:
                known = self._judge(*key)
            found |= known
        return found

    def speaks_of(self, names: AbstractSet[str], meaning: int) -> bool:
        """Whether any of some names can have a meaning, whatever stands around it."""
        return any(
            trigger.meaning & meaning for name in self._words.keys() & names for trigger in self._words[name].triggers
        )

    def _judge(self, name: str, around: int) -> int:
        found = 0
        for trigger in self._words[name].triggers:
            if trigger.meaning & ~found and trigger.is_met(around):
                found |= trigger.meaning
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        self._known[name, around] = found
        return found
