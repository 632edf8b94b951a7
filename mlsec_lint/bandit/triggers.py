"""Which files can be skipped: those without the words that a selected check needs before it reports anything."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from mlsec_lint.bandit.battery import Battery, Check, assemble
from mlsec_lint.bandit.gates import call_gate
from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.bandit.visit import holds_bidi
from mlsec_lint.record import dataclass
from mlsec_lint.syntax.words import words_of


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a file has when a check can report something in it."""

    words: frozenset[str] = frozenset()
    """All of these are identifiers or keywords in its code."""
    texts: tuple[str, ...] = ()
    """One of these stands somewhere in it; empty: nothing is asked."""

    def fits(self, words: AbstractSet[str], text: str) -> bool:
        """Whether a file is like that."""
        return self.words <= words and (not self.texts or any(part in text for part in self.texts))


def may_report(text: str, tests: frozenset[str], settings: BanditSettings = DEFAULTS) -> bool:
    """Say whether `run_checks` can find anything in a file; without false noes, and no parsing."""
    battery = assemble(tests, settings)
    triggers = _triggers(battery)
    if triggers == _ALWAYS or (battery.files and holds_bidi(text)):
        return True
    words = words_of(text)
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return any(trigger.fits(words, folded) for trigger in triggers)


_ALWAYS = (Trigger(),)


@functools.lru_cache(maxsize=8)
def _triggers(battery: Battery) -> tuple[Trigger, ...]:
    """The triggers of all checks; those of a check about which nothing is known fit every file."""
    found = {*_call_triggers(battery), *_other_triggers(battery)}
    return _ALWAYS if Trigger() in found else tuple(found)


def _call_triggers(battery: Battery) -> Iterator[Trigger]:
    calls = battery.calls
    yield from _each(calls.every + calls.secret_keyword, ())
    for qualname, checks in calls.by_qualname.items():
        yield from _each(checks, qualname.split("."))
    for name, checks in (*calls.by_name.items(), *calls.by_keyword.items()):
        yield from _each(checks, [name])
    for part, _ in calls.by_part:
        yield Trigger(texts=(part,))


def _each(checks: Iterable[Check], words: Iterable[str]) -> Iterator[Trigger]:
    for check in checks:
        gate = call_gate(check.plugin.id)
        yield Trigger(frozenset(words), (gate.mentions if gate else ()) or _protocols(check))


def _other_triggers(battery: Battery) -> Iterator[Trigger]:
    if battery.strings.any:
        yield Trigger()  # a text may be written with escapes or in parts
    for node_type, checks in battery.by_type.items():
        word = {"Assert": {"assert"}, "ExceptHandler": {"except"}, "FunctionDef": {"def"}}.get(node_type.__name__, ())
        yield from (Trigger(frozenset(word), _protocols(check)) for check in checks)


def _protocols(check: Check) -> tuple[str, ...]:
    """B502 and B503 report names of protocols only."""
    value = (check.options or {}).get("bad_protocol_versions", ())
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
