"""Conditions in TOML: tests of values, the arguments that they are asked of, and versions of libraries."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mlsec_lint.catalogue.errors import did_you_mean, quoted
from mlsec_lint.catalogue.model import Conditions, Literal, Test, When
from mlsec_lint.catalogue.shapes import (
    APIS,
    FLAG,
    LITERAL,
    PATTERN,
    Place,
    Shape,
    one_or_more,
    said,
    text_like,
    word,
)

SOURCE_KIND = word(lambda known: known.source, "source kind")
SINK_KIND = word(lambda known: known.sink, "sink kind")
TRAIT = word(lambda known: known.trait, "trait")
VALUE_PREDICATE = word(lambda known: known.value_predicates, "predicate on values")

ARGUMENT = text_like(
    r"\*|\d{1,2}|[^\W\d]\w*",
    "an argument: its name, its position (`0`), `*` for any, or `receiver`",
)
"""How an argument is addressed."""

_LITERALS: Shape[tuple[Literal, ...]] = one_or_more(LITERAL)
_ORIGINS = one_or_more(SOURCE_KIND)

_TESTS: dict[str, tuple[Shape[object], Callable[[object, Place], Test]]] = {
    "absent": (FLAG, lambda value, place: Test(absent=FLAG.read(value, place))),
    "matches": (PATTERN, lambda value, place: Test(matches=PATTERN.read(value, place))),
    "is": (VALUE_PREDICATE, lambda value, place: Test(predicate=VALUE_PREDICATE.read(value, place))),
    "api": (APIS, lambda value, place: Test(api=APIS.read(value, place))),
    "contains-api": (APIS, lambda value, place: Test(api=APIS.read(value, place), inside=True)),
    "origin": (_ORIGINS, lambda value, place: Test(origin=_ORIGINS.read(value, place))),
    "contains": (_LITERALS, lambda value, place: Test(contains=_LITERALS.read(value, place))),
    "command": (PATTERN, lambda value, place: Test(command=PATTERN.read(value, place))),
    "not": (LITERAL, lambda value, place: _negated(_read_test(value, place))),
}


def _negated(test: Test) -> Test:
    return replace(test, negate=not test.negate)


def _read_test(value: object, place: Place) -> Test:
    if not isinstance(value, dict):
        return Test(equals=_LITERALS.read(value, place))
    if len(value) != 1:
        place.error("a test has exactly one key", f"one of {', '.join(_TESTS)}")
        return Test()
    ((name, inner),) = value.items()
    if name not in _TESTS:
        place.at(name).error("unknown test", did_you_mean(name, _TESTS) or f"one of {', '.join(_TESTS)}")
        return Test()
    return _TESTS[name][1](inner, place.at(name))


def _test_schema() -> dict[str, object]:
    reference = {"$ref": "#/$defs/test"}
    named: list[object] = [
        {
            "type": "object",
            "properties": {name: reference if name == "not" else shape.schema},
            "required": [name],
            "additionalProperties": False,
        }
        for name, (shape, _) in _TESTS.items()
    ]
    return {"anyOf": [_LITERALS.schema, *named]}


TEST_DEFINITION = _test_schema()
"""What `#/$defs/test` of the published schema says."""

TEST: Shape[Test] = Shape(_read_test, Test(), {"$ref": "#/$defs/test"})


def _read_conditions(value: object, place: Place) -> Conditions:
    if not isinstance(value, dict):
        place.error(f"must be a table of arguments and tests, not {said(value)}", "write `{ argument = test }`")
        return ()
    return tuple([_read_condition(name, test, place.at(name)) for name, test in value.items()])


def _read_condition(name: str, test: object, place: Place) -> tuple[str, Test]:
    return ARGUMENT.read(name, place), _read_test(test, place)


CONDITIONS: Shape[Conditions] = Shape(
    _read_conditions,
    (),
    {"type": "object", "propertyNames": ARGUMENT.schema, "additionalProperties": {"$ref": "#/$defs/test"}},
)

_LIBRARY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CLAUSE = r"(?:<=?|>=?|==|!=|~=)\s*\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?(?:\.\*)?"
_SPECIFIER = text_like(
    rf"\s*{_CLAUSE}(?:\s*,\s*{_CLAUSE})*\s*",
    'a version specifier such as "<2.6" or ">=1.0,<2"',
)


def _read_when(value: object, place: Place) -> tuple[When, ...]:
    if not isinstance(value, dict):
        place.error(f"must be a table of libraries and versions, not {said(value)}", 'write `{ torch = "<2.6" }`')
        return ()
    return tuple([_read_version(library, text, place.at(library)) for library, text in value.items()])


def _read_version(library: str, specifier: object, place: Place) -> When:
    if not _LIBRARY.fullmatch(library):
        normal = re.sub(r"[-_.]+", "-", library).lower()
        place.error(f"{quoted(library)} is no normalised library name", f"write {quoted(normal)}")
    return When(library, _SPECIFIER.read(specifier, place))


WHEN: Shape[tuple[When, ...]] = Shape(
    _read_when,
    (),
    {
        "type": "object",
        "propertyNames": {"type": "string", "pattern": f"^{_LIBRARY.pattern}$"},
        "additionalProperties": _SPECIFIER.schema,
    },
)
