"""`[[match.assign]]` and `[[match.environment]]`: what is set, and to what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlsec_lint.flow.arguments import Given
from mlsec_lint.flow.conditions import judge_value
from mlsec_lint.flow.event import CallEvent, Context, Events, StoreEvent
from mlsec_lint.flow.value import Value
from mlsec_lint.match.calls import constant_words, shown
from mlsec_lint.match.matched import Matched, Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.secrets import secret_texts
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
                secrets = tuple(secret_texts(match.value, event.value))
                found.matched.append(
                    Matched(rule, match.opinion, event.place, event.context, verdict, words, secrets=secrets)
                )
        if event.key is not None and any(path.removesuffix("[]") in _ENVIRONMENT for path in event.paths):
            for name in event.key.constants:
                _match_variable(Setting(str(name), event.value, event.place), event.context, rules, found)
    for call in events.calls.values():
        for setting in _set_by(call):
            _match_variable(setting, call.context, rules, found)


class Setting(NamedTuple):
    """An environment variable that is set, and where its value stands."""

    name: str
    value: Value
    place: Place


def _targets(event: StoreEvent) -> tuple[str, ...]:
    """What is assigned to; an item with a constant key is written like an attribute: `app.config["DEBUG"]`."""
    keys = [key for key in event.key.constants if isinstance(key, str)] if event.key is not None else []
    return (*event.paths, *(f"{path.removesuffix('[]')}.{key}" for path in event.paths for key in keys))


def _set_by(call: CallEvent) -> Iterator[Setting]:
    """The environment variables that a call sets: for this process, or for one that it starts."""
    positional = call.arguments.positional
    if _SETTERS.intersection(call.paths) and len(positional) == 2:  # noqa: PLR2004 - name and value
        name, value = positional
        yield from (Setting(str(item), value.value, value.place) for item in name.value.constants)
    if "os.environ.update" in call.paths:
        yield from (Setting(name, given.value, given.place) for name, given in call.arguments.keywords)
        for given in positional[:1]:
            yield from _members(given)
    env = call.arguments.find("env")
    if env is not None:
        yield from _members(env)


def _members(given: Given) -> Iterator[Setting]:
    yield from (Setting(str(key), value, given.place) for key, value in given.value.fields or ())


def _match_variable(setting: Setting, context: Context, rules: RuleIndex, found: Matches) -> None:
    for rule, match in rules.environments.get(setting.name, ()):
        verdict = judge_value(match.value, setting.value, f"`{setting.name}`")
        if verdict.truth is not False:
            words = {"name": setting.name, **dict(constant_words(setting.value))}
            secrets = tuple(secret_texts(match.value, setting.value))
            found.matched.append(Matched(rule, match.opinion, setting.place, context, verdict, words, secrets=secrets))
