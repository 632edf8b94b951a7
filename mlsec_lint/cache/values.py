"""Results as JSON and back: plain names and texts, so that reading them can run nothing."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


class NotThatType(ValueError):
    """JSON that is no value of the type that was asked for."""


def to_json(value: object) -> object:
    """A value as JSON has it; fields that have their default are left out."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        given = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: to_json(item) for field, item in given if item != field.default}
    return value


def from_json(kind: type[T], data: object) -> T:
    """The value that `to_json` wrote. Raises NotThatType."""
    found: T = _read(kind, data)
    return found


def _read(kind: Any, data: object) -> Any:  # noqa: ANN401  # whatever the annotation of a field says
    if kind in (str, int, bool):
        if type(data) is not kind:
            raise NotThatType
        return data
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        if not isinstance(data, str) or data not in kind.__members__:
            raise NotThatType
        return kind[data]
    if typing.get_origin(kind) is tuple:
        return _read_tuple(typing.get_args(kind), data)
    if isinstance(kind, types.UnionType):
        inner = next(item for item in typing.get_args(kind) if item is not types.NoneType)
        return None if data is None else _read(inner, data)
    return _read_record(kind, data)


def _read_tuple(kinds: tuple[Any, ...], data: object) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise NotThatType
    if kinds[-1] is ...:
        return tuple(_read(kinds[0], item) for item in data)
    if len(kinds) != len(data):
        raise NotThatType
    return tuple(_read(kind, item) for kind, item in zip(kinds, data, strict=True))


def _read_record(kind: Any, data: object) -> object:  # noqa: ANN401  # a dataclass
    known = _fields(kind)
    if not isinstance(data, dict) or not data.keys() <= known.keys():
        raise NotThatType
    try:
        return kind(**{name: _read(known[name], item) for name, item in data.items()})
    except TypeError as error:  # a field without a default is missing
        raise NotThatType from error


@lru_cache(maxsize=64)
def _fields(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
