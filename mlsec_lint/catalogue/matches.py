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
from mlsec_lint.catalogue.notebook_tables import CommandMatch, StoredMatch
from mlsec_lint.catalogue.shapes import (
    APIS,
    CALLEES,
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
from mlsec_lint.catalogue.vocabulary import COMMAND_PREDICATES, LITERAL_CONTEXTS, STORED_PARTS, STORED_PREDICATES
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
_WHERE_CHECK: Key[tuple[str, ...]] = optional(
    "where-check",
    one_or_more(word(lambda known: known.call_predicates, "predicate on calls")),
    (),
    "predicates on the call that must hold, all of them",
)
_REFERENCE = switch("reference", "the API handed over as a value counts as a call")
_HARMLESS = switch(
    "fine", "such a call does no harm: nothing is said, and Bandit's checks that the rule refines are answered"
)
_KEYWORD = required("keyword", text_like(r"[^\W\d]\w*", "a keyword argument's name"), "the keyword argument")
_VALUE = required("value", TEST, "a test of the value")
_NOT_API: Key[tuple[str, ...]] = optional("not-api", CALLEES, (), "callees that mean something else by the name")
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
_NOT_WITHIN: Key[str] = optional(
    "not-within", PATTERN, "", "regular expression for the function of the sink where it is something else"
)
_ONE_FILE = switch("one-file", "only a flow that stays inside one file")


def _call(table: Table) -> model.CallMatch:
    return model.CallMatch(
        api=table[_API],
        where=table[_WHERE],
        unless=table[_UNLESS],
        unless_check=table[_UNLESS_CHECK],
        where_check=table[_WHERE_CHECK],
        reference=table[_REFERENCE],
        fine=table[_HARMLESS],
        opinion=_opinion(table),
    )


def _keyword(table: Table) -> model.KeywordMatch:
    return model.KeywordMatch(
        keyword=table[_KEYWORD],
        value=table[_VALUE],
        where=table[_WHERE],
        unless=table[_UNLESS],
        where_check=table[_WHERE_CHECK],
        not_api=table[_NOT_API],
        parameter_default=table[_PARAMETER_DEFAULT],
        opinion=_opinion(table),
    )


def _text(table: Table) -> model.TextMatch:
    return model.TextMatch(_known_formats(table, _FORMAT), table[_UNLESS_CONTEXT], _opinion(table))


def _known_formats(table: Table, key: Key[tuple[str, ...]]) -> tuple[str, ...]:
    formats = table[key]
    known = table.place.reading.vocabulary
    for pattern in formats:
        if known.complete and not any(fnmatchcase(name, pattern) for name in known.formats):
            table.error(key, f"no [[text-format]] is called {pattern[:60]!r}", "add it to a model file")
    return formats


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
        not_within=table[_NOT_WITHIN],
        one_file=table[_ONE_FILE],
        opinion=_opinion(table),
    )


def _assign(table: Table) -> model.AssignMatch:
    return model.AssignMatch(table[_TARGET], table[_VALUE], _opinion(table))


def _environment(table: Table) -> model.EnvironmentMatch:
    return model.EnvironmentMatch(table[_VARIABLE], table[_VALUE], _opinion(table))


_PROGRAM: Key[tuple[str, ...]] = optional(
    "program",
    one_or_more(text_like(r"[%\w][\w.+-]*(?: [\w.-]+)*", "how a command starts: `git clone`, `%env`")),
    (),
    "how it starts",
)
_FOUND: Key[str] = optional("matches", PATTERN, "", "regular expression that is found in it")
_FINE: Key[str] = optional("unless", PATTERN, "", "regular expression that makes it fine")
_COMMAND_CHECK: Key[str] = optional("is", choice(COMMAND_PREDICATES, "predicate on commands"), "", "what it must be")
_PART = required("part", one_or_more(choice(STORED_PARTS, "part")), "which texts of a notebook")
_FORMATS: Key[tuple[str, ...]] = optional(
    "format", one_or_more(TEXT), (), "names of text formats, or a prefix with `*`"
)
_KEYWORDS: Key[tuple[str, ...]] = optional(
    "keyword", one_or_more(text_like(r"[^A-Z]+", "lower-case text")), (), "texts of which one must occur, in lower case"
)
_SECRET: Key[model.Test | None] = optional("value", TEST, None, "a test of the group `secret` of `matches`")
_STORED_CHECK: Key[str] = optional("is", choice(STORED_PREDICATES, "predicate on texts"), "", "what it must hold")
_MIME: Key[tuple[str, ...]] = optional("mime", one_or_more(TEXT), (), "media types of outputs")


def _command(table: Table) -> CommandMatch:
    if not any(key in table for key in (_PROGRAM, _FOUND, _COMMAND_CHECK)):
        table.place.error("fits every command", "add `program`, `matches` or `is`")
    return CommandMatch(table[_PROGRAM], table[_FOUND], table[_FINE], table[_COMMAND_CHECK], _opinion(table))


def _stored(table: Table) -> StoredMatch:
    if sum(key in table for key in (_FORMATS, _FOUND, _STORED_CHECK)) != 1:
        table.place.error("says not what it looks for", "add one of `format`, `matches` and `is`")
    if _FOUND in table and _KEYWORDS not in table:
        table.error(_FOUND, "needs `keyword`: outputs are long", 'add texts that must occur, `keyword = ["token"]`')
    return StoredMatch(
        part=table[_PART],
        format=_known_formats(table, _FORMATS),
        keyword=table[_KEYWORDS],
        matches=table[_FOUND],
        value=table[_SECRET],
        check=table[_STORED_CHECK],
        mime=table[_MIME],
        opinion=_opinion(table),
    )


MATCHES: Mapping[str, Form[model.Match]] = {
    "call": form(_call, _API, _WHERE, _UNLESS, _UNLESS_CHECK, _WHERE_CHECK, _REFERENCE, _HARMLESS, *_OPINION),
    "keyword": form(_keyword, _KEYWORD, _VALUE, _WHERE, _UNLESS, _WHERE_CHECK, _NOT_API, _PARAMETER_DEFAULT, *_OPINION),
    "assign": form(_assign, _TARGET, _VALUE, *_OPINION),
    "environment": form(_environment, _VARIABLE, _VALUE, *_OPINION),
    "text": form(_text, _FORMAT, _UNLESS_CONTEXT, *_OPINION),
    "literal": form(_literal, _NAME, _CONTEXT, _VALUE, _NOT_NAME, *_OPINION),
    "flow": form(_flow, _FROM, _TO, _TRAITS, _NOT_TRAITS, _UNLESS_CHECK, _NOT_WITHIN, _ONE_FILE, *_OPINION),
    "command": form(_command, _PROGRAM, _FOUND, _FINE, _COMMAND_CHECK, *_OPINION),
    "stored": form(_stored, _PART, _FORMATS, _KEYWORDS, _FOUND, _SECRET, _STORED_CHECK, _MIME, *_OPINION),
}
"""The tables below `match`."""
