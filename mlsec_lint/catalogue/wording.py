"""What a rule's match tables report, in words; names and values stand in backticks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from mlsec_lint.catalogue.model import (
    AssignMatch,
    CallMatch,
    Conditions,
    EnvironmentMatch,
    FlowMatch,
    KeywordMatch,
    Kind,
    Literal,
    LiteralMatch,
    Match,
    Rule,
    Test,
    TextMatch,
)
from mlsec_lint.catalogue.notebook_tables import CommandMatch, StoredMatch

FAKE = re.compile(r"\{\{fake:([a-z0-9-]+)\}\}")
"""Stands in examples and fixtures for a made-up secret of a text format."""

_MOST_NAMES = 8
_ARGUMENTS = {"*": "an argument", "receiver": "the object", "0": "the first argument", "1": "the second argument"}
_UNPINNED = {
    "yes": "reported",
    "maybe": "reported with one confidence less",
    "no": "not reported",
}


def reported(rule: Rule) -> tuple[str, ...]:
    """What the rule reports whatever the project pins: one text for each match table."""
    return tuple(
        dict.fromkeys(_with_profile(item) for item in rule.matches if not (item.opinion.when or _is_fine(item)))
    )


def _is_fine(match: Match) -> bool:
    return isinstance(match, CallMatch) and match.fine


def versions(rule: Rule) -> tuple[str, ...]:
    """What depends on versions, and what holds where the project pins nothing: one text for each such match table."""
    return tuple(dict.fromkeys(_with_versions(match) for match in rule.matches if match.opinion.when))


def words_used(rule: Rule, kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """The words of the flow vocabulary that the rule's tables use, in the vocabulary's order."""
    used = {word for match in rule.matches for word in _words(match)}
    return tuple(kind for kind in kinds if (kind.role, kind.name) in used)


def _words(match: Match) -> Iterator[tuple[str, str]]:
    if isinstance(match, FlowMatch):
        yield from (("source", name) for name in match.source)
        yield from (("sink", name) for name in match.sink)
        yield from (("trait", name) for name in (*match.traits, *match.not_traits))
    if isinstance(match, CallMatch | KeywordMatch):
        for _, test in (*match.where, *match.unless):
            yield from (("source", name) for name in test.origin)


def _with_profile(match: Match) -> str:
    profile = match.opinion.profile
    return in_words(match) + (f" (profile `{profile.label}`)" if profile is not None else "")


def _with_versions(match: Match) -> str:
    admitted = " and ".join(f"{when.library} {when.specifier}" for when in match.opinion.when)
    return (
        f"where the project admits {code(admitted)}: {_with_profile(match)}; where it pins nothing: "
        + (_UNPINNED[match.opinion.when_unknown])
    )


@singledispatch
def in_words(match: Match) -> str:
    """What one match table reports."""
    raise TypeError(match)


def _checks(names: tuple[str, ...]) -> str:
    return f" of the kind {' and '.join(map(code, names))}" if names else ""


@in_words.register
def _call(match: CallMatch) -> str:
    where = _conditions(" where ", " and ", match.where)
    return _names(match.api) + where + _checks(match.where_check) + _unless(match.unless, match.unless_check)


@in_words.register
def _keyword(match: KeywordMatch) -> str:
    where = _conditions(" and ", " and ", match.where) + _checks(match.where_check)
    return f"any call in which {code(match.keyword)} {of_value(match.value)}{where}" + _unless(match.unless)


@in_words.register
def _assign(match: AssignMatch) -> str:
    return f"an assignment to {_names(match.target)} whose value {of_value(match.value)}"


@in_words.register
def _environment(match: EnvironmentMatch) -> str:
    return f"the environment variable {_names(match.variable)}, set in code to a value that {of_value(match.value)}"


@in_words.register
def _text(match: TextMatch) -> str:
    unless = f", unless it stands in {_names(match.unless_context)}" if match.unless_context else ""
    return f"a text that holds {_names(match.format)}{unless}"


@in_words.register
def _literal(match: LiteralMatch) -> str:
    other = f", but not {code(match.not_name)}," if match.not_name else ""
    places = ", ".join(context.replace("-", " ") for context in match.context)
    return f"a constant ({places}) whose name matches {code(match.name)}{other} and which {of_value(match.value)}"


@in_words.register
def _flow(match: FlowMatch) -> str:
    traits = f", {_names(match.traits, 'and')} on its way" if match.traits else ""
    without = f", unless {_names(match.not_traits)} on its way" if match.not_traits else ""
    elsewhere = f", in no function that matches {code(match.not_within)}" if match.not_within else ""
    said = f"data from {_names(match.source)} that reaches {_names(match.sink)}{traits}{without}{elsewhere}"
    return said + _unless((), match.unless_check)


@in_words.register
def _command(match: CommandMatch) -> str:
    said = [f"starts with {_names(match.program)}"] if match.program else []
    said += [f"matches {code(match.matches)}"] if match.matches else []
    said += [f"is of the kind {code(match.check)}"] if match.check else []
    unless = f", unless it matches {code(match.unless)}" if match.unless else ""
    return f"a command of a notebook (shell line, magic, `%%bash` cell) that {' and '.join(said)}{unless}"


@in_words.register
def _stored(match: StoredMatch) -> str:
    what = _names(match.format) if match.format else code(match.check or match.matches)
    value = f" in which the secret {of_value(match.value)}" if match.value is not None else ""
    mime = f" of the type {_names(match.mime)}" if match.mime else ""
    return f"text that a notebook stores ({', '.join(match.part)}){mime} and that holds {what}{value}"


def _conditions(opening: str, joint: str, conditions: Conditions) -> str:
    said = [f"{_ARGUMENTS.get(name) or code(name)} {of_value(test)}" for name, test in conditions]
    return opening + joint.join(said) if said else ""


def _unless(conditions: Conditions, checks: Sequence[str] = ()) -> str:
    call = f"the call is of the kind {_names(checks)}" if checks else ""
    said = [part for part in (_conditions("", " or ", conditions), call) if part]
    return f", unless {' or '.join(said)}" if said else ""


def of_value(test: Test) -> str:
    """What is asked of a value, as the predicate of a sentence: "is `False`", "does not match `…`"."""
    if test.absent is not None:
        return "is not given" if test.absent is not test.negate else "is given"
    for verb, denied, values in (
        ("is", "is not", _names(tuple(map(_constant, test.equals)))),
        ("matches", "does not match", test.matches and code(test.matches)),
        ("is of the kind", "is not of the kind", test.predicate and code(test.predicate)),
        ("contains", "does not contain", _names(test.api) if test.inside else ""),
        ("is", "is not", _names(test.api)),
        ("comes from", "does not come from", _names(test.origin)),
        ("is the command", "is not the command", test.command and code(test.command)),
        ("contains", "does not contain", _names(tuple(map(_constant, test.contains)))),
    ):
        if values:
            return f"{denied if test.negate else verb} {values}"
    raise ValueError(test)


def _constant(value: Literal) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _names(names: Sequence[str], joint: str = "or") -> str:
    """Names as a phrase; of many, the first ones and how many there are besides."""
    shown = [code(name) for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        shown.append(f"{len(names) - _MOST_NAMES} more")
    *others, last = shown or [""]
    return f"{', '.join(others)} {joint} {last}" if others else last


def example(text: str) -> str:
    """An example as people see it: where a secret stands, an ellipsis."""
    return FAKE.sub("…", text)


def code(text: str) -> str:
    """A Markdown code span that the text cannot leave."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
