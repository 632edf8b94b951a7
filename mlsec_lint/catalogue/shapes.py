"""What a value in a TOML file may be: each shape reads such a value, and says itself as JSON Schema.

Reading never raises: a mistake is recorded at its place, and reading goes on, so that an author sees all mistakes at once.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Generic, TypeVar

from mlsec_lint.catalogue.apis import ApiPathError, expand, resolve_alternations
from mlsec_lint.catalogue.errors import RuleError, did_you_mean, quoted
from mlsec_lint.catalogue.model import Literal
from mlsec_lint.catalogue.patterns import PatternError, check_pattern
from mlsec_lint.catalogue.vocabulary import Vocabulary
from mlsec_lint.record import dataclass

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=enum.Enum)
Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reading:
    """One file that is being read: what it may name, and what was wrong so far."""

    file: str
    """As errors show it: `rules/deserialization/MLS103-unsafe-torch-load.toml`."""
    origin: str
    """Relative to the pack, with forward slashes."""
    vocabulary: Vocabulary
    errors: list[RuleError]
    trusted: bool = False
    """Our own files: their regular expressions and API paths are checked by a test, not at every start."""


class Place:
    """A key in a file; its dotted way is only spelled out for an error."""

    __slots__ = ("key", "parent", "reading")

    def __init__(self, reading: Reading, parent: Place | None = None, key: str | int = "") -> None:
        self.reading = reading
        self.parent = parent
        self.key = key

    def at(self, key: str | int) -> Place:
        """A key, or the table with that index (counted from 0), below this place."""
        return Place(self.reading, self, key)

    def error(self, message: str, suggestion: str = "") -> None:
        """Records a mistake at this place."""
        self.reading.errors.append(RuleError(self.reading.file, self.dotted(), message, suggestion))

    def dotted(self) -> str:
        """`match.call[1].where`: tables of a list are counted from 1, as people count."""
        parts: list[str] = []
        place: Place | None = self
        while place is not None and place.parent is not None:
            parts.append(f"[{place.key + 1}]" if isinstance(place.key, int) else f".{_shown_key(place.key)}")
            place = place.parent
        return "".join(reversed(parts)).removeprefix(".")


def _shown_key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]{1,60}", key) else quoted(key)


@dataclass(frozen=True, slots=True)
class Shape(Generic[T_co]):
    """What a value may be."""

    read: Callable[[object, Place], T_co]
    empty: T_co
    """What a wrong value is read as, after the error is recorded."""
    schema: Schema


def said(value: object) -> str:
    """What kind of value it is, in TOML's words; never the value itself, which may be long or secret."""
    for kind, name in _TOML_NAMES:
        if isinstance(value, kind):
            return name
    return "a date or time"


_TOML_NAMES: tuple[tuple[type, str], ...] = (
    (str, "a text"),
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)


def _read_text(value: object, place: Place) -> str:
    if not isinstance(value, str):
        place.error(f"must be a text, not {said(value)}")
        return ""
    if not value.strip():
        place.error("must not be empty")
    return value


def _read_flag(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        place.error(f"must be `true` or `false`, not {said(value)}")
        return False
    return value


def _read_number(value: object, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        place.error(f"must be a number, not {said(value)}")
        return 0.0
    return float(value)


def _read_literal(value: object, place: Place) -> Literal:
    if not isinstance(value, (str, int, float)):
        place.error(f"must be a text, number or boolean, not {said(value)}")
        return ""
    return value


TEXT: Shape[str] = Shape(_read_text, "", {"type": "string", "minLength": 1})
FLAG: Shape[bool] = Shape(read=_read_flag, empty=False, schema={"type": "boolean"})
NUMBER: Shape[float] = Shape(_read_number, 0.0, {"type": "number"})
LITERAL: Shape[Literal] = Shape(_read_literal, "", {"type": ["string", "number", "boolean"]})


def text_like(pattern: str, meaning: str) -> Shape[str]:
    """A text that fits a pattern as a whole; `meaning` says in words what it is."""
    compiled = re.compile(pattern, re.ASCII)

    def read(value: object, place: Place) -> str:
        text = _read_text(value, place)
        if text and not compiled.fullmatch(text):
            place.error(f"{quoted(text)} is not {meaning}")
        return text

    return Shape(read, "", {"type": "string", "pattern": f"^(?:{pattern})$"})


def choice(known: Collection[str], noun: str) -> Shape[str]:
    """One of some fixed words."""

    def read(value: object, place: Place) -> str:
        text = _read_text(value, place)
        if text and text not in known:
            place.error(f"unknown {noun} {quoted(text)}", _nearest(text, known))
        return text

    return Shape(read, "", {"enum": sorted(known)})


def word(known: Callable[[Vocabulary], Collection[str]], noun: str, extra: tuple[str, ...] = ()) -> Shape[str]:
    """One of the words of the run's vocabulary, or of `extra`."""

    def read(value: object, place: Place) -> str:
        text = _read_text(value, place)
        words = known(place.reading.vocabulary)
        if text and text not in words and text not in extra and place.reading.vocabulary.complete:
            place.error(f"unknown {noun} {quoted(text)}", _nearest(text, words))
        return text

    return Shape(read, "", {"type": "string", "minLength": 1})


_FEW = 8
"""So many words are listed in an error when none of them is near."""


def _nearest(text: str, known: Collection[str]) -> str:
    few = f"one of {', '.join(sorted(known))}" if 0 < len(known) <= _FEW else ""
    return did_you_mean(text, known) or few


def member(members: type[E]) -> Shape[E]:
    """A member of an enumeration, by its lower-case name."""
    by_label = {item.name.lower(): item for item in members}
    first = next(iter(members))
    names = choice(by_label, members.__name__.lower())

    def read(value: object, place: Place) -> E:
        return by_label.get(names.read(value, place), first)

    return Shape(read, first, {"enum": list(by_label)})


def _read_pattern(value: object, place: Place) -> str:
    text = _read_text(value, place)
    if text and not place.reading.trusted:
        try:
            check_pattern(text)
        except PatternError as error:
            place.error(str(error))
    return text


PATTERN: Shape[str] = Shape(_read_pattern, "", {"type": "string", "format": "regex", "minLength": 1})


def _read_apis(value: object, place: Place, *, endings: bool = False) -> tuple[str, ...]:
    if isinstance(value, str):
        return _expand(_read_text(value, place), place, endings=endings)
    texts = [(_read_text(text, where), where) for text, where in _items(value, place)]
    paths = [path for text, where in texts for path in _expand(text, where, endings=endings)]
    return tuple(dict.fromkeys(paths))


def _expand(text: str, place: Place, *, endings: bool = False) -> tuple[str, ...]:
    try:
        if place.reading.trusted or not text:
            return resolve_alternations(text) if text else ()
        return expand(text, endings=endings)
    except ApiPathError as error:
        place.error(f"{quoted(text)} is no API path: {error}")
        return ()


def _items(value: object, place: Place) -> list[tuple[object, Place]]:
    """The items of a list with their places; one text is a list of one."""
    if not isinstance(value, list):
        return [(value, place)]
    if not value:
        place.error("must not be an empty list")
    return [(item, place.at(index)) for index, item in enumerate(value)]


def one_or_more(shape: Shape[T]) -> Shape[tuple[T, ...]]:
    """A value, or a list of at least one."""

    def read(value: object, place: Place) -> tuple[T, ...]:
        return tuple([shape.read(item, where) for item, where in _items(value, place)])

    return Shape(read, (), {"anyOf": [shape.schema, {"type": "array", "items": shape.schema, "minItems": 1}]})


def list_of(shape: Shape[T]) -> Shape[tuple[T, ...]]:
    """A list, which may be empty."""

    def read(value: object, place: Place) -> tuple[T, ...]:
        if not isinstance(value, list):
            place.error(f"must be a list, not {said(value)}", "write it in square brackets")
            return ()
        return tuple([shape.read(item, place.at(index)) for index, item in enumerate(value)])

    return Shape(read, (), {"type": "array", "items": shape.schema})


TEXTS: Shape[tuple[str, ...]] = one_or_more(TEXT)
APIS: Shape[tuple[str, ...]] = Shape(_read_apis, (), TEXTS.schema)
CALLEES: Shape[tuple[str, ...]] = Shape(partial(_read_apis, endings=True), (), TEXTS.schema)
"""API paths that are only compared with what is called: a segment may be `*Config`, any name that ends so."""


def _read_api(value: object, place: Place) -> str:
    paths = _read_apis(_read_text(value, place), place)
    if len(paths) > 1:
        place.error("must be one API path, without alternation", "write a table for each")
    return paths[0] if paths else ""


API: Shape[str] = Shape(_read_api, "", TEXT.schema)
