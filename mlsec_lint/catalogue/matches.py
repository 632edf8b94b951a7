"""The `[[match.…]]` tables of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.conditions import (
    ARGUMENT,
    CONDITIONS,
    SINK_KIND,
    SOURCE_KIND,
    TEST,
    TRAIT,
    WHEN,
)
from mlsec_lint.catalogue.messages import MESSAGE
from mlsec_lint.catalogue.shapes import (
    APIS,
    PATTERN,
    TEXT,
    Place,
    Shape,
    choice,
    list_of,
    member,
    one_or_more,
    text_like,
    word,
)
from mlsec_lint.catalogue.tables import Form, Key, Table, form, optional, required, switch
from mlsec_lint.catalogue.vocabulary import LITERAL_CONTEXTS
from mlsec_lint.findings import Confidence, Profile, Severity

_PROFILE = member(Profile)
_NEVER = "never"


def _read_maybe(value: object, place: Place) -> Profile | None:
    return None if value == _NEVER else _PROFILE.read(value, place)


_MAYBE_SHAPE: Shape[Profile | None] = Shape(
    _read_maybe, None, {"enum": [*(profile.label for profile in Profile), _NEVER]}
)
_MODULE = text_like(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", "a module's name")

_MESSAGE: Key[str] = optional("message", MESSAGE, "", "instead of the rule's message")
_REMEDY: Key[str] = optional("remedy", MESSAGE, "", "instead of the rule's remedy")
_SEVERITY: Key[Severity | None] = optional("severity", member(Severity), None, "instead of the rule's severity")
_CONFIDENCE: Key[Confidence | None] = optional(
    "confidence", member(Confidence), None, "instead of the rule's confidence"
)
_PROFILE_KEY: Key[Profile | None] = optional("profile", _PROFILE, None, "instead of the rule's profile")
_MAYBE: Key[Profile | None] = optional(
    "maybe", _MAYBE_SHAPE, Profile.STRICT, "the first profile that shows it when a condition cannot be decided"
)
_BY_DEFAULT: Key[Profile | None] = optional(
    "by-default",
    _PROFILE,
    None,
    "the first profile that shows it when only a parameter's default fulfils it; default: `maybe`",
)
_WHEN: Key[tuple[model.When, ...]] = optional("when", WHEN, (), "versions that the project's own pins must admit")
_WHEN_UNKNOWN: Key[str] = optional(
    "when-unknown", choice(("yes", "maybe", "no"), "answer"), "maybe", "what to take when nothing pins the library"
)
_AT: Key[str] = optional("at", ARGUMENT, "", "the argument to point at; default the called name")
_IMPORTS: Key[tuple[str, ...]] = optional(
    "imports", one_or_more(_MODULE), (), "top-level packages of which the file must import one"
)

_OPINION = (
    _MESSAGE,
    _REMEDY,
    _SEVERITY,
    _CONFIDENCE,
    _PROFILE_KEY,
    _MAYBE,
    _BY_DEFAULT,
    _WHEN,
    _WHEN_UNKNOWN,
    _AT,
    _IMPORTS,
)

_OPINION_KEYS = frozenset(key.name for key in _OPINION)
_AS_THE_RULE_SAYS = model.Opinion()


def _opinion(table: Table) -> model.Opinion:
    if not table.has_any(_OPINION_KEYS):
        return _AS_THE_RULE_SAYS
    if _WHEN_UNKNOWN in table and _WHEN not in table:
        table.error(_WHEN_UNKNOWN, "says nothing without `when`")
    return model.Opinion(
        message=table[_MESSAGE],
        remedy=table[_REMEDY],
        severity=table[_SEVERITY],
        confidence=table[_CONFIDENCE],
        profile=table[_PROFILE_KEY],
        maybe=table[_MAYBE],
        by_default=table[_BY_DEFAULT],
        when=table[_WHEN],
        when_unknown=table[_WHEN_UNKNOWN],
        at=table[_AT],
        imports=table[_IMPORTS],
    )


_API = required("api", APIS, "the API path or paths of what is called")
_WHERE: Key[model.Conditions] = optional("where", CONDITIONS, (), "what must hold of the arguments, all of it")
_UNLESS: Key[model.Conditions] = optional("unless", CONDITIONS, (), "what makes it fine, any of it")
_UNLESS_CHECK: Key[tuple[str, ...]] = optional(
    "unless-check",
    one_or_more(word(lambda known: known.call_predicates, "predicate on calls")),
    (),
    "predicates on the call that make it fine",
)
_REFERENCE = switch("reference", "the API handed over as a value counts as a call")
_KEYWORD = required("keyword", text_like(r"[^\W\d]\w*", "a keyword argument's name"), "the keyword argument")
_VALUE = required("value", TEST, "a test of the value")
_NOT_API: Key[tuple[str, ...]] = optional("not-api", APIS, (), "callees that mean something else by the name")
_PARAMETER_DEFAULT = switch("parameter-default", "the default of a parameter counts too")
_TARGET = required("target", APIS, "the API path of the attribute or variable that is set")
_VARIABLE = required(
    "variable", one_or_more(text_like(r"[A-Za-z_]\w*", "an environment variable's name")), "the variables' names"
)
_FORMAT = required("format", one_or_more(TEXT), "names of text formats, or a prefix with `*`")
_UNLESS_CONTEXT: Key[tuple[str, ...]] = optional(
    "unless-context",
    one_or_more(word(lambda known: known.place_predicates, "predicate on places")),
    (),
    "predicates on the place of the literal that make it fine",
)
_NAME = required("name", PATTERN, "regular expression for the name, searched, case ignored")
_NOT_NAME: Key[str] = optional("not-name", PATTERN, "", "regular expression for names that are something else")
_CONTEXT = required("context", one_or_more(choice(LITERAL_CONTEXTS, "context")), "where the constant stands")
_FROM = required("from", one_or_more(SOURCE_KIND), "source kinds")
_TO = required("to", one_or_more(SINK_KIND), "sink kinds")
_TRAITS: Key[tuple[str, ...]] = optional("traits", list_of(TRAIT), (), "what must have happened on the way, all of it")
_NOT_TRAITS: Key[tuple[str, ...]] = optional(
    "not-traits", list_of(TRAIT), (), "what must not have happened on the way, any of it"
)


def _call(table: Table) -> model.CallMatch:
    return model.CallMatch(
        api=table[_API],
        where=table[_WHERE],
        unless=table[_UNLESS],
        unless_check=table[_UNLESS_CHECK],
        reference=table[_REFERENCE],
        opinion=_opinion(table),
    )


def _keyword(table: Table) -> model.KeywordMatch:
    return model.KeywordMatch(
        keyword=table[_KEYWORD],
        value=table[_VALUE],
        where=table[_WHERE],
        unless=table[_UNLESS],
        not_api=table[_NOT_API],
        parameter_default=table[_PARAMETER_DEFAULT],
        opinion=_opinion(table),
    )


def _text(table: Table) -> model.TextMatch:
    formats = table[_FORMAT]
    known = table.place.reading.vocabulary
    for pattern in formats:
        if known.complete and not any(fnmatchcase(name, pattern) for name in known.formats):
            table.error(_FORMAT, f"no [[text-format]] is called {pattern[:60]!r}", "add it to a model file")
    return model.TextMatch(formats, table[_UNLESS_CONTEXT], _opinion(table))


def _literal(table: Table) -> model.LiteralMatch:
    return model.LiteralMatch(
        name=table[_NAME],
        context=table[_CONTEXT],
        value=table[_VALUE],
        not_name=table[_NOT_NAME],
        opinion=_opinion(table),
    )


def _flow(table: Table) -> model.FlowMatch:
    return model.FlowMatch(
        source=table[_FROM],
        sink=table[_TO],
        traits=table[_TRAITS],
        not_traits=table[_NOT_TRAITS],
        unless_check=table[_UNLESS_CHECK],
        opinion=_opinion(table),
    )


def _assign(table: Table) -> model.AssignMatch:
    return model.AssignMatch(table[_TARGET], table[_VALUE], _opinion(table))


def _environment(table: Table) -> model.EnvironmentMatch:
    return model.EnvironmentMatch(table[_VARIABLE], table[_VALUE], _opinion(table))


MATCHES: Mapping[str, Form[model.Match]] = {
    "call": form(_call, _API, _WHERE, _UNLESS, _UNLESS_CHECK, _REFERENCE, *_OPINION),
    "keyword": form(_keyword, _KEYWORD, _VALUE, _WHERE, _UNLESS, _NOT_API, _PARAMETER_DEFAULT, *_OPINION),
    "assign": form(_assign, _TARGET, _VALUE, *_OPINION),
    "environment": form(_environment, _VARIABLE, _VALUE, *_OPINION),
    "text": form(_text, _FORMAT, _UNLESS_CONTEXT, *_OPINION),
    "literal": form(_literal, _NAME, _CONTEXT, _VALUE, _NOT_NAME, *_OPINION),
    "flow": form(_flow, _FROM, _TO, _TRAITS, _NOT_TRAITS, _UNLESS_CHECK, *_OPINION),
}
"""The tables below `match`."""
