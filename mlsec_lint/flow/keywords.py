"""Names and values of `**kwargs`: who hands in values does not choose the names that they are given under."""

from __future__ import annotations

from mlsec_lint.flow.value import Origin, Origins, Value, capped

KEYWORDS = "keywords"
"""The mark of a parameter that holds named arguments: a loop over it sees their names."""

_NAMES = "argument-names"
"""The trait of such names; what they are is known at the call."""


def names_of(value: Value) -> Value:
    """The names of the arguments; of a dict that is spread (`f(**data)`) they are its keys."""
    return Value(origins=capped(_name(origin) for origin in value.origins))


def seen_by(method: str, value: Value) -> Value | None:
    """What `items()` and `keys()` give of named arguments; None for anything else."""
    if KEYWORDS not in value.marks or method not in ("items", "keys"):
        return None
    names = names_of(value)
    pair = Value(items=(names, Value(origins=value.all_origins())))
    return Value(items=(pair if method == "items" else names,), open=True)


def found_in(given: Value | None, parameter: Origin) -> Origins:
    """What a parameter stands for at a call: all that is in an argument, or the names alone."""
    if given is None:
        return frozenset()
    written = given.fields is not None and not given.paths and not given.definitions
    return given.origins if written and _NAMES in parameter.traits else given.all_origins()


def _name(origin: Origin) -> Origin:
    return origin.with_traits((_NAMES,)) if origin.kind == "parameter" else origin
