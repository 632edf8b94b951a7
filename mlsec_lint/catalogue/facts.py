"""Model files: what the APIs of a library are, as facts."""

from __future__ import annotations

from collections.abc import Mapping

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.conditions import ARGUMENT, CONDITIONS, SINK_KIND, SOURCE_KIND, TRAIT
from mlsec_lint.catalogue.shapes import (
    API,
    APIS,
    NUMBER,
    PATTERN,
    TEXT,
    TEXTS,
    list_of,
    one_or_more,
    text_like,
    word,
)
from mlsec_lint.catalogue.tables import Form, Key, Table, form, optional, required, switch, tables_of

_SOURCE_OR_ALL = word(lambda known: known.source, "source kind", extra=("*",))
_PARAMETER = text_like(r"\*|[^\W\d]\w*", "a parameter's name, or `*` before the keyword-only ones")

_KIND_OF_SOURCE = required("kind", SOURCE_KIND, "the source kind that it is")
_KIND_OF_SINK = required("kind", SINK_KIND, "the sink kind that it is")
_API = required("api", APIS, "the API path or paths that it is about")
_WHERE: Key[model.Conditions] = optional("where", CONDITIONS, (), "what its arguments must fulfil")
_GIVES: Key[tuple[str, ...]] = optional(
    "gives", one_or_more(ARGUMENT), (), "arguments that name a file which then holds the data"
)
_TRAITS: Key[tuple[str, ...]] = optional("traits", list_of(TRAIT), (), "traits that the data has from here on")
_PARAMETERS = required("parameters", list_of(_PARAMETER), 'parameters in order; after "*" keyword-only')
_ARGUMENTS = required("arguments", one_or_more(ARGUMENT), "the arguments where the data does harm")
_PASSED: Key[tuple[str, ...]] = optional(
    "arguments", one_or_more(ARGUMENT), ("*",), "the arguments whose data the result carries; default all"
)
_ROLES: Key[tuple[str, ...]] = optional("roles", TEXTS, (), "for a list of messages: only those with these roles")
_STOPS: Key[tuple[str, ...]] = optional("stops", list_of(_SOURCE_OR_ALL), (), 'source kinds that end here; "*" all')
_GUARDED: Key[tuple[str, ...]] = optional(
    "stops", list_of(_SOURCE_OR_ALL), ("*",), "source kinds that it proves harmless; default all"
)
_ADDS: Key[tuple[str, ...]] = optional("adds", list_of(TRAIT), (), "traits that the data has from here on")
_FOR_SINKS: Key[tuple[str, ...]] = optional("for-sinks", list_of(SINK_KIND), (), "only for these sinks; default all")
_ALIAS = required("name", API, "the other spelling")
_SAME_AS = required("same-as", API, "the spelling that models and rules use")
_IS = required("is", API, "what calling it gives, as an API path")

_DECORATOR: Key[tuple[str, ...]] = optional("decorator", APIS, (), "the framework calls what this decorates")
_CALLBACK: Key[tuple[str, ...]] = optional("callback", APIS, (), "the framework calls what is handed to this")
_ARGUMENT: Key[tuple[str, ...]] = optional(
    "argument", one_or_more(ARGUMENT), (), "the argument that takes the function"
)
_BASE: Key[tuple[str, ...]] = optional("base", APIS, (), "the framework calls methods of subclasses of this")
_METHOD: Key[tuple[str, ...]] = optional("method", TEXTS, (), "the names of those methods")
_ANNOTATION = optional(
    "annotation", APIS, (), "functions with a parameter of this type, which only the framework makes"
)
_INPUT: Key[str] = optional("parameters", SOURCE_KIND, "", "the source kind of the function's parameters")
_RETURNS: Key[str] = optional("returns", SINK_KIND, "", "the sink kind of what it returns or yields")
_EXCEPTION = switch("exception-parameter", "a parameter is the exception that is being handled")
_SKIP_PARAMETERS: Key[tuple[str, ...]] = optional(
    "skip-parameters", list_of(TEXT), (), "names of parameters that are no input"
)
_SKIP_ANNOTATIONS: Key[tuple[str, ...]] = optional(
    "skip-annotations", APIS, (), "annotations or defaults of parameters that are no input"
)

_FORMAT_NAME = required(
    "name", text_like(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "lower-case words joined by hyphens"), "its name"
)
_KEYWORD = required(
    "keyword", one_or_more(text_like(r"[^A-Z]+", "a lower-case text")), "one must occur before the pattern is tried"
)
_PATTERN = required("pattern", PATTERN, "regular expression; the secret is the group `secret`, or all of it")
_PREFIX: Key[str] = optional("prefix", TEXT, "", "the vendor's public prefix, which a masked value may show")
_ENTROPY: Key[float] = optional("entropy", NUMBER, 0.0, "bits a character that the secret must have")
_NEAR: Key[tuple[str, ...]] = optional("near", TEXTS, (), "words of which one must occur in the same statement")


def _signature(table: Table) -> model.Signature:
    parameters = table[_PARAMETERS]
    if len(set(parameters)) != len(parameters):
        table.error(_PARAMETERS, "names a parameter twice")
    return model.Signature(table[_API], parameters)


def _barrier(table: Table) -> model.Barrier:
    if _STOPS not in table and _ADDS not in table:
        table.error(_STOPS, "missing", 'say what ends here (`stops = ["*"]`), or what is added (`adds`)')
    return model.Barrier(table[_API], table[_STOPS], table[_ADDS], table[_FOR_SINKS], table[_WHERE])


def _handler(table: Table) -> model.Handler:
    _check_handler(table)
    return model.Handler(
        decorator=table[_DECORATOR],
        callback=table[_CALLBACK],
        argument=table[_ARGUMENT],
        base=table[_BASE],
        method=table[_METHOD],
        annotation=table[_ANNOTATION],
        parameters=table[_INPUT],
        returns=table[_RETURNS],
        exception_parameter=table[_EXCEPTION],
        skip_parameters=table[_SKIP_PARAMETERS],
        skip_annotations=table[_SKIP_ANNOTATIONS],
    )


def _check_handler(table: Table) -> None:
    ways = [key.name for key in (_DECORATOR, _CALLBACK, _BASE, _ANNOTATION) if key in table]
    if len(ways) != 1:
        table.place.error(
            "must have exactly one of `decorator`, `callback`, `base` and `annotation`", "write a table for each"
        )
    for way, part in ((_CALLBACK, _ARGUMENT), (_BASE, _METHOD)):
        if (way in table) != (part in table):
            table.place.error(f"`{way.name}` and `{part.name}` belong together")
    if not any(key in table for key in (_INPUT, _RETURNS, _EXCEPTION)):
        table.place.error("says neither what its parameters nor what its result are", "add `parameters` or `returns`")


def _text_format(table: Table) -> model.TextFormat:
    return model.TextFormat(
        name=table[_FORMAT_NAME],
        keyword=table[_KEYWORD],
        pattern=table[_PATTERN],
        prefix=table[_PREFIX],
        entropy=table[_ENTROPY],
        near=table[_NEAR],
    )


FACTS: Mapping[str, Form[model.Fact]] = {
    "signature": form(_signature, _API, _PARAMETERS),
    "alias": form(lambda t: model.Alias(t[_ALIAS], t[_SAME_AS]), _ALIAS, _SAME_AS),
    "instance": form(lambda t: model.Instance(t[_API], t[_IS], t[_WHERE]), _API, _IS, _WHERE),
    "source": form(
        lambda t: model.Source(t[_KIND_OF_SOURCE], t[_API], t[_WHERE], t[_TRAITS], t[_GIVES]),
        _KIND_OF_SOURCE,
        _API,
        _WHERE,
        _TRAITS,
        _GIVES,
    ),
    "sink": form(
        lambda t: model.Sink(t[_KIND_OF_SINK], t[_API], t[_ARGUMENTS], t[_WHERE], t[_ROLES]),
        _KIND_OF_SINK,
        _API,
        _ARGUMENTS,
        _WHERE,
        _ROLES,
    ),
    "barrier": form(_barrier, _API, _STOPS, _ADDS, _FOR_SINKS, _WHERE),
    "guard": form(lambda t: model.Guard(t[_API], t[_GUARDED]), _API, _GUARDED),
    "passes": form(lambda t: model.Passes(t[_API], t[_PASSED], t[_TRAITS]), _API, _PASSED, _TRAITS),
    "handler": form(
        _handler,
        _DECORATOR,
        _CALLBACK,
        _ARGUMENT,
        _BASE,
        _METHOD,
        _ANNOTATION,
        _INPUT,
        _RETURNS,
        _EXCEPTION,
        _SKIP_PARAMETERS,
        _SKIP_ANNOTATIONS,
    ),
    "text-format": form(_text_format, _FORMAT_NAME, _KEYWORD, _PATTERN, _PREFIX, _ENTROPY, _NEAR),
}
"""The tables of a model file."""


_LISTS: dict[str, Key[tuple[model.Fact, ...]]] = {
    name: optional(name, tables_of(fact), (), f"[[{name}]]") for name, fact in FACTS.items()
}


def _facts(table: Table) -> tuple[model.Fact, ...]:
    return tuple([fact for key in _LISTS.values() for fact in table[key]])


MODEL: Form[tuple[model.Fact, ...]] = form(_facts, *_LISTS.values())
"""A model file as a whole."""
