"""`[[match.call]]` and `[[match.keyword]]`: what is called, and with which arguments."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.catalogue.model import CallMatch, KeywordMatch, Rule
from mlsec_lint.flow.arguments import Arguments
from mlsec_lint.flow.conditions import argument, judge, judge_all, judge_value
from mlsec_lint.flow.event import CallEvent, Events, FunctionEvent
from mlsec_lint.flow.paths import fits
from mlsec_lint.flow.value import UNKNOWN, Value
from mlsec_lint.flow.verdict import NO, Verdict, all_of, any_of
from mlsec_lint.masking import mask
from mlsec_lint.match.call_predicates import fulfils
from mlsec_lint.match.hosts import hosts_in
from mlsec_lint.match.matched import Judged, Matched, Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.secrets import secret_texts
from mlsec_lint.syntax.expression import Place, last_name


def match_calls(events: Events, rules: RuleIndex, found: Matches) -> None:
    """Every call against the rules of its API, its keywords, and the functions it hands over."""
    for event in events.calls.values():
        for path, (rule, match) in rules.calls.at_any(event.paths):
            verdict = call_verdict(event, match, events)
            if rule.refines and (verdict.truth or not match.fine):
                found.judged.append(Judged(rule, event.node.place, alone=match.fine))
            if verdict.truth is not False and not match.fine:
                found.matched.append(_matched_call(event, path, rule, match, verdict))
        for keyword, given in event.arguments.keywords:
            for rule, flag in rules.keywords.get(keyword, ()):
                _match_keyword(event, (rule, flag), given.value, events, found)
        _match_references(event, rules, events, found)
    for function in events.functions.values():
        _match_parameters(function, rules, found)


def _matched_call(event: CallEvent, path: str, rule: Rule, match: CallMatch, verdict: Verdict) -> Matched:
    place = _pointed_at(event, match.opinion.at)
    words = {"api": shown(path), **dict(_argument_words(event, match))}
    secrets = tuple(text for name, test in match.where for text in secret_texts(test, argument(name, event) or UNKNOWN))
    return Matched(
        rule,
        match.opinion,
        place,
        event.context,
        verdict,
        words,
        call=event,
        asked=tuple(name for name, _ in match.where),
        hosts=hosts_in(event),
        secrets=secrets,
    )


def call_verdict(event: CallEvent, match: CallMatch, events: Events) -> Verdict:
    """All of `where` and `where-check`, and none of `unless`."""
    where = judge_all(match.where, event)
    if where.truth is False or not all(fulfils(name, event, events) for name in match.where_check):
        return NO
    checks = (Verdict.of(fulfils(name, event, events)) for name in match.unless_check)
    excused = any_of([*(judge(name, test, event) for name, test in match.unless), *checks])
    return all_of([where, excused.negated()])


def _pointed_at(event: CallEvent, argument: str) -> Place:
    given = event.arguments.find(argument) if argument else None
    return given.place if given is not None else event.node.func.place


def shown(path: str) -> str:
    """An API path as a message names it: `?.predict_proba` is `.predict_proba`."""
    return path.removeprefix("?") if path.startswith("?.") else path


def _argument_words(event: CallEvent, match: CallMatch) -> Iterator[tuple[str, str]]:
    for name, _ in match.where:
        given = event.arguments.find(name)
        if given is not None:
            yield "name", name
            yield from constant_words(given.value)


def constant_words(value: Value) -> Iterator[tuple[str, str]]:
    """The placeholder `{value}`, masked."""
    if value.constants:
        constant = value.constants[0]
        yield "value", mask(constant) if isinstance(constant, str) and len(constant) > 80 else str(constant)  # noqa: PLR2004


def _match_keyword(
    event: CallEvent, by: tuple[Rule, KeywordMatch], value: Value, events: Events, found: Matches
) -> None:
    rule, match = by
    if any(fits(pattern.split("."), path.split(".")) for pattern in match.not_api for path in event.paths):
        return
    if rule.refines:
        found.judged.append(Judged(rule, event.node.place))
    holds = all_of([judge_value(match.value, value, f"`{match.keyword}`"), judge_all(match.where, event)])
    excused = any_of(judge(name, test, event) for name, test in match.unless)
    verdict = all_of([holds, excused.negated()])
    if verdict.truth is False or not all(fulfils(name, event, events) for name in match.where_check):
        return
    if verdict.truth and all(item.keyword != match.keyword for item in event.node.arguments):
        found.spread.add((rule.id, match.keyword, event.context.qualname))
    known = any(not path.startswith("?") for path in event.paths)
    if verdict.truth and not known:
        verdict = Verdict(True, ("what is called is not known; the argument's name convicts it",))
    api = shown(event.paths[0]) if event.paths else last_name(event.node.func)
    words = {"api": api, "name": match.keyword, **dict(constant_words(value))}
    place = event.node.func.place
    asked = (match.keyword, *(name for name, _ in match.where))
    matched = Matched(
        rule, match.opinion, place, event.context, verdict, words, call=event, asked=asked, hosts=hosts_in(event)
    )
    found.matched.append(matched)


def _match_references(event: CallEvent, rules: RuleIndex, events: Events, found: Matches) -> None:
    """`map(pickle.loads, xs)`: the function is called by somebody else, with arguments that we cannot see."""
    for given in event.arguments.all():
        if given.value.definitions or given.value.producer:
            continue
        for path, (rule, match) in rules.calls.at_any(given.value.paths):
            if not match.reference:
                continue
            unseen = CallEvent(event.node, (path,), Arguments(more_keywords=UNKNOWN, more_positional=UNKNOWN), UNKNOWN,
                               event.context, given.value, event.function)  # fmt: skip
            verdict = call_verdict(unseen, match, events)
            if verdict.truth is not False:
                words = {"api": shown(path)}
                found.matched.append(Matched(rule, match.opinion, given.place, event.context, verdict, words))


def _match_parameters(event: FunctionEvent, rules: RuleIndex, found: Matches) -> None:
    """`def f(trust_remote_code=True)`: whoever calls it without thinking gets the flag."""
    for parameter in event.definition.node.parameters:
        for rule, match in rules.keywords.get(parameter.name, ()):
            default = parameter.default
            if not match.parameter_default or default is None:
                continue
            value = _constant_of(default)
            if value is not None and judge_value(match.value, value, f"`{parameter.name}`").truth is True:
                words = {"name": parameter.name, "api": event.definition.name, **dict(constant_words(value))}
                found.matched.append(Matched(rule, match.opinion, parameter.place, event.context, words=words))


def _constant_of(node: object) -> Value | None:
    constant = getattr(node, "value", None)
    return Value(constants=(constant,), exact=True) if type(node).__name__ == "Constant" else None
