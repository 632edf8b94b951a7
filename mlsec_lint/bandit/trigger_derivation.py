"""What a file has when a check can report something in it, derived from the checks and their gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlsec_lint.bandit.battery import Battery, Check, assemble
from mlsec_lint.bandit.gates import call_gate
from mlsec_lint.bandit.settings import BanditSettings
from mlsec_lint.bandit.triggers import Trigger, Triggers


def derived(tests: frozenset[str], settings: BanditSettings) -> Triggers:
    """The triggers of all checks; those of a check about which nothing is known fit every file."""
    battery = assemble(tests, settings)
    found = {*_call_triggers(battery), *_other_triggers(battery)}
    always = Trigger() in found
    return Triggers(bool(battery.files), (Trigger(),) if always else tuple(sorted(found, key=_order)))


def _order(trigger: Trigger) -> tuple[list[str], tuple[str, ...]]:
    return sorted(trigger.words), trigger.texts


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
