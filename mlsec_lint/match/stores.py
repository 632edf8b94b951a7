"""`[[match.assign]]` and `[[match.environment]]`: what is set, and to what."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.flow.conditions import judge_value
from mlsec_lint.flow.event import CallEvent, Context, Events, StoreEvent
from mlsec_lint.flow.value import Value
from mlsec_lint.match.calls import constant_words, shown
from mlsec_lint.match.matched import Matched, Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.syntax.expression import Place

_ENVIRONMENT = frozenset({"os.environ", "os.environb"})
_SETTERS = frozenset({"os.environ.setdefault", "os.putenv", "os.environ.__setitem__"})


def match_stores(events: Events, rules: RuleIndex, found: Matches) -> None:
    """Every assignment, and every call that sets environment variables."""
    for event in events.stores.values():
        for path, (rule, match) in rules.targets.at_any(_targets(event)):
            verdict = judge_value(match.value, event.value, f"`{event.name}`")
            if verdict.truth is not False:
                words = {"api": shown(path), "name": event.name, **dict(constant_words(event.value))}
                found.matched.append(Matched(rule, match.opinion, event.place, event.context, verdict, words))
        if event.key is not None and any(path.removesuffix("[]") in _ENVIRONMENT for path in event.paths):
            for name in event.key.constants:
                _match_variable(str(name), event.value, event.place, event.context, rules, found)
    for call in events.calls.values():
        for name, value in _set_by(call):
            _match_variable(name, value, call.node.func.place, call.context, rules, found)


def _targets(event: StoreEvent) -> tuple[str, ...]:
    """What is assigned to; an item with a constant key is written like an attribute: `app.config["DEBUG"]`."""
    keys = [key for key in event.key.constants if isinstance(key, str)] if event.key is not None else []
    return (*event.paths, *(f"{path.removesuffix('[]')}.{key}" for path in event.paths for key in keys))


def _set_by(call: CallEvent) -> Iterator[tuple[str, Value]]:
    """The environment variables that a call sets: for this process, or for one that it starts."""
    positional = call.arguments.positional
    if _SETTERS.intersection(call.paths) and len(positional) == 2:  # noqa: PLR2004 - name and value
        for name in positional[0].value.constants:
            yield str(name), positional[1].value
    if "os.environ.update" in call.paths:
        yield from ((name, given.value) for name, given in call.arguments.keywords)
        for given in positional[:1]:
            yield from ((str(key), value) for key, value in given.value.fields or ())
    env = call.arguments.find("env")
    for key, value in (env.value.fields or ()) if env is not None else ():
        yield str(key), value


def _match_variable(
    name: str, value: Value, place: Place, context: Context, rules: RuleIndex, found: Matches
) -> None:
    for rule, match in rules.environments.get(name, ()):
        verdict = judge_value(match.value, value, f"`{name}`")
        if verdict.truth is not False:
            words = {"name": name, **dict(constant_words(value))}
            found.matched.append(Matched(rule, match.opinion, place, context, verdict, words))
