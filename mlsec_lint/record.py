"""Small values of which a run makes millions: frozen for the type checker, plain for the interpreter."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> object:
        """What a type checker is told says nothing at run time."""
        return lambda decorator: decorator


T = TypeVar("T")

_NAMES: dict[type, tuple[str, ...]] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A dataclass with slots, compared and hashed by its fields; nobody assigns to them.

    `dataclass(frozen=True)` sets every field by a call: 1.5 µs for four fields, where this takes 0.5.
    """
    made = dataclass(slots=True, unsafe_hash=True)(cls)
    _NAMES[made] = tuple(item.name for item in fields(made) if item.init)  # type: ignore[arg-type]  # it is a dataclass now
    return made


def replace(value: T, **changes: Any) -> T:  # noqa: ANN401  # whatever its fields hold
    """The same record with other values of some fields, four times as fast as `dataclasses.replace`.

    Raises TypeError for a name that is none of its fields.
    """
    cls = type(value)
    names = _NAMES[cls]
    made = cls(*[changes[name] if name in changes else getattr(value, name) for name in names])
    if not changes.keys() <= set(names):
        raise TypeError(f"{cls.__name__} has no field {', '.join(changes.keys() - set(names))}")
    return made
