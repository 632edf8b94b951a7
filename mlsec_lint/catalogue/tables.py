"""Tables of a TOML file: which keys one may have, and what value is made of them.

A form's keys are the only list of what is allowed: reading and the published JSON Schema both come from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Generic, TypeVar

from mlsec_lint.catalogue.errors import did_you_mean
from mlsec_lint.catalogue.shapes import FLAG, Place, Schema, Shape, said
from mlsec_lint.record import dataclass

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Key(Generic[T_co]):
    """One key of a table."""

    name: str
    shape: Shape[T_co]
    default: T_co
    meaning: str
    required: bool = False


def required(name: str, shape: Shape[T], meaning: str) -> Key[T]:
    """A key that must be there."""
    return Key(name, shape, shape.empty, meaning, required=True)


def optional(name: str, shape: Shape[T], default: T, meaning: str) -> Key[T]:
    """A key that may be left out."""
    return Key(name, shape, default, meaning)


def switch(name: str, meaning: str) -> Key[bool]:
    """A key that is off unless it says `true`."""
    return Key(name, FLAG, default=False, meaning=meaning)


class Table:
    """One table that is being read."""

    __slots__ = ("_values", "place")

    def __init__(self, values: Mapping[str, object], place: Place) -> None:
        self._values = values
        self.place = place

    def __contains__(self, key: Key[object]) -> bool:
        return key.name in self._values

    def has_any(self, names: frozenset[str]) -> bool:
        """Whether one of some keys is there."""
        return not names.isdisjoint(self._values)

    def __getitem__(self, key: Key[T]) -> T:
        value = self._values.get(key.name, _ABSENT)
        if value is _ABSENT:
            return key.default
        return key.shape.read(value, self.place.at(key.name))

    def error(self, key: Key[object], message: str, suggestion: str = "") -> None:
        """Records a mistake at one of its keys."""
        self.place.at(key.name).error(message, suggestion)


@dataclass(frozen=True, slots=True)
class Form(Generic[T_co]):
    """A kind of table."""

    keys: Mapping[str, Key[object]]
    build: Callable[[Table], T_co]
    needed: tuple[str, ...] = field(default=())

    def read(self, value: object, place: Place) -> T_co | None:
        """What the table says; None when it is no table. Mistakes are recorded at their places."""
        if not isinstance(value, dict):
            place.error(f"must be a table, not {said(value)}")
            return None
        return self.read_table(value, place)

    def read_table(self, values: Mapping[str, object], place: Place) -> T_co:
        """What a table says. Mistakes are recorded at their places."""
        self._check_keys(values, place)
        return self.build(Table(values, place))

    def _check_keys(self, values: Mapping[str, object], place: Place) -> None:
        for name in values:
            if name not in self.keys:
                place.at(name).error("unknown key", did_you_mean(name, self.keys) or self._known())
        for name in self.needed:
            if name not in values:
                place.at(name).error("missing", self.keys[name].meaning)

    def _known(self) -> str:
        return f"known keys: {', '.join(self.keys)}"

    def schema(self) -> Schema:
        """The form as JSON Schema."""
        properties = {key.name: {**key.shape.schema, "description": key.meaning} for key in self.keys.values()}
        return {
            "type": "object",
            "properties": properties,
            "required": list(self.needed),
            "additionalProperties": False,
        }


def form(build: Callable[[Table], T], *keys: Key[object]) -> Form[T]:
    """A form from its keys, in the order in which they are documented."""
    return Form({key.name: key for key in keys}, build, tuple(key.name for key in keys if key.required))


def tables_of(kind: Form[T]) -> Shape[tuple[T, ...]]:
    """A list of tables of one form: `[[source]]`."""

    def read(value: object, place: Place) -> tuple[T, ...]:
        if not isinstance(value, list):
            place.error(f"must be a list of tables, not {said(value)}", f"write [[{place.dotted()}]]")
            return ()
        found = [kind.read(item, place.at(index)) for index, item in enumerate(value)]
        return tuple([item for item in found if item is not None])

    return Shape(read, (), {"type": "array", "items": kind.schema()})


def table_of(kind: Form[T], empty: T) -> Shape[T]:
    """One table of a form: `[fix]`."""

    def read(value: object, place: Place) -> T:
        found = kind.read(value, place)
        return empty if found is None else found

    return Shape(read, empty, kind.schema())
