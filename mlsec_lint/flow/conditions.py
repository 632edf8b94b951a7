"""The three-valued questions that facts and rules ask about arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from mlsec_lint.catalogue.model import Conditions, Literal, Test
from mlsec_lint.flow.definition import Prepared
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.launchers import PREDICATES as LAUNCHERS
from mlsec_lint.flow.predicates import PREDICATES
from mlsec_lint.flow.value import Value
from mlsec_lint.flow.verdict import Verdict, all_of

_PREDICATES = {**PREDICATES, **LAUNCHERS}


def hold(conditions: Conditions, event: CallEvent) -> bool:
    """Whether conditions of a fact certainly hold."""
    return not conditions or judge_all(conditions, event).truth is True


def judge_all(conditions: Conditions, event: CallEvent) -> Verdict:
    """All of the conditions."""
    return all_of(judge(name, test, event) for name, test in conditions)


def judge(name: str, test: Test, event: CallEvent) -> Verdict:
    """One condition on one argument."""
    if name == "*":
        return _any_argument(test, event)
    value = argument(name, event)
    if value is None and event.arguments.may_hide(name):
        return _hidden(name, test, event)
    if test.absent is not None:
        return Verdict.of((value is None) == test.absent)
    if value is None:
        return Verdict.of(test.negate)
    return judge_value(test, value, f"`{name}`")


def _hidden(name: str, test: Test, event: CallEvent) -> Verdict:
    """An argument that a spread may hold: what is known of the spread can still decide."""
    hidden = event.arguments.hidden()
    found = hidden.field(name)
    if found is not None and test.absent is not None:
        return Verdict.of(not test.absent)
    if found is not None and test.absent is None:
        verdict = judge_value(test, found, f"`{name}`")
        return verdict if verdict.truth is not False else Verdict.maybe(f"`{name}` may be set in another way")
    return Verdict.maybe(f"`{name}` may be hidden in `**` arguments")


def argument(name: str, event: CallEvent) -> Value | None:
    """The value of an argument, or of the receiver; None when it is not given."""
    if name == "receiver":
        return event.receiver
    given = event.arguments.find(name)
    return given.value if given is not None else None


def _any_argument(test: Test, event: CallEvent) -> Verdict:
    verdicts = [judge_value(test, given.value, "an argument") for given in event.arguments.all()]
    if test.origin:
        verdicts.append(judge_value(test, event.arguments.hidden(), "an argument"))
    if any(item.truth is True for item in verdicts):
        return Verdict.of(True)
    unsure = [item for item in verdicts if item.truth is None]
    return unsure[0] if unsure else Verdict.of(False)


def judge_value(test: Test, value: Value, name: str) -> Verdict:
    """A test on a value."""
    verdict = _judge(test, value, name)
    return verdict.negated() if test.negate else verdict


def _judge(test: Test, value: Value, name: str) -> Verdict:
    if test.equals:
        return _equals(test.equals, value, name)
    if test.matches:
        return _each_text(lambda text: bool(_pattern(test.matches).search(text)), value, name)
    if test.predicate:
        return _PREDICATES[test.predicate](value, name)
    if test.api:
        return _contains_api(test.api, value, name) if test.inside else _is_api(test.api, value, name)
    if test.origin:
        kinds = {origin.kind for origin in value.all_origins()}
        return Verdict.of(bool(kinds.intersection(test.origin)))
    return _is_command(test.command, value, name) if test.command else _contains(test.contains, value, name)


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def same(left: Literal, right: object) -> bool:
    """Equality that tells `True` from `1`."""
    return type(left) is type(right) and left == right


def _equals(wanted: tuple[Literal, ...], value: Value, name: str) -> Verdict:
    hits = [any(same(item, found) for item in wanted) for found in value.constants]
    return _from_constants(hits, value, name)


def _each_text(question: Callable[[str], bool], value: Value, name: str) -> Verdict:
    return _from_constants([isinstance(item, str) and question(item) for item in value.constants], value, name)


def _from_constants(hits: list[bool], value: Value, name: str) -> Verdict:
    """Exact constants decide; a default that a caller may change only suggests."""
    if any(hits) and value.exact:
        return Verdict.of(True)
    if any(hits):
        return Verdict.unless_changed(name)
    if hits or value.items is not None or value.fields is not None or value.definitions:
        return Verdict.of(False)
    return Verdict.maybe(f"the value of {name} is not known")


def _is_api(wanted: tuple[str, ...], value: Value, name: str) -> Verdict:
    prepared = [path for item in value.definitions if isinstance(item, Prepared) for path in item.target.paths]
    paths = {*value.paths, *prepared, *(path.removesuffix("()") for path in value.paths)}
    if paths.intersection(wanted):
        return Verdict.of(True)
    known = value.exact or value.definitions or any(not path.startswith("?") for path in value.paths)
    return Verdict.of(False) if known else Verdict.maybe(f"the value of {name} is not known")


def _contains_api(wanted: tuple[str, ...], value: Value, name: str) -> Verdict:
    """A member, or a member of a member: `[(getattr, "builtins.getattr")]`; the API itself, not what calling it gives."""
    members = [inner for member in value.members() for inner in (member, *member.members())]
    if any(not {*member.paths}.isdisjoint(wanted) for member in members):
        return Verdict.of(True)
    known = (value.items is not None or value.fields is not None) and not value.open
    return Verdict.of(False) if known else Verdict.maybe(f"the members of {name} are not all known")


def _is_command(wanted: str, value: Value, name: str) -> Verdict:
    """A command line as text or as a list; an unknown member of a list is taken for a value, never for an option."""
    if value.items is None:
        return _each_text(lambda text: bool(_pattern(wanted).search(text)), value, name)
    if _pattern(wanted).search(" ".join(_word(member) for member in value.items)):
        return Verdict.of(True)
    return Verdict.maybe(f"the members of {name} are not all known") if value.open else Verdict.of(False)


def _word(member: Value) -> str:
    known = member.exact and len(member.constants) == 1
    return str(member.constants[0]) if known else "…"


def _contains(wanted: tuple[Literal, ...], value: Value, name: str) -> Verdict:
    members = [item for member in value.members() for item in member.constants]
    keys = [key for key, _ in value.fields or ()]
    if any(same(item, found) for item in wanted for found in (*members, *keys)):
        return Verdict.of(True)
    texts = [item for item in value.constants if isinstance(item, str)]
    if any(isinstance(item, str) and item in text for item in wanted for text in texts):
        return Verdict.of(True) if value.exact else Verdict.unless_changed(name)
    known = value.exact or ((value.items is not None or value.fields is not None) and not value.open)
    return Verdict.of(False) if known else Verdict.maybe(f"the members of {name} are not all known")
