"""How paths end: below a fixed name at the end of a path, what stands before it reaches only files of that name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.segments import FIXED_ENDING
from mlsec_lint.flow.value import Origin, Origins, Value, capped
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex

IN_FOLDER = "in-folder"
"""The trait of what follows another part of a path."""
_SHORTENED = "shortened"
"""The trait of a parameter whose last part was taken off: how the argument ended says nothing any more."""

_JOINS = frozenset(
    {"os.path.join", "pathlib.Path().joinpath", "pathlib.Path().with_name", "pathlib.Path().with_suffix"}
    | {
        f"pathlib.{name}"
        for name in ("Path", "PurePath", "PurePosixPath", "PosixPath", "WindowsPath", "PureWindowsPath")
    }
)
_SHORTER = frozenset({"os.path.dirname", "os.path.split", "os.path.splitext"})
PARENTS = frozenset({"parent", "parents"})
"""Attributes of a path that are a path without its last part."""


def is_fixed(value: Value) -> bool:
    """Whether a text ends in a constant text."""
    known = value.exact and bool(value.constants)
    return FIXED_ENDING in value.marks or (known and all(map(_is_ending, value.constants)))


def _is_ending(text: ex.Literal) -> bool:
    return isinstance(text, str) and bool(re.search(r"\w", text))


def ended(origins: Origins) -> Origins:
    """What is in a text of which a constant text is the end."""
    return frozenset(origin.with_traits((FIXED_ENDING,)) for origin in origins)


def shortened(origins: Iterable[Origin]) -> Origins:
    """What is in a text whose end is no longer the end."""
    return frozenset(map(_cut, origins))


def _cut(origin: Origin) -> Origin:
    traits = origin.traits - {FIXED_ENDING} | ({_SHORTENED} if origin.kind == "parameter" else frozenset[str]())
    return origin if traits == origin.traits else replace(origin, traits=traits)


def handed_over(origin: Origin, through: frozenset[str]) -> Origin:
    """An argument with what happened to it inside of a function."""
    if _SHORTENED in through and FIXED_ENDING not in through:
        origin = _cut(origin)
    return origin.with_traits(through)


def below(parts: list[Value]) -> Value:
    """A path made of parts: what is in each of them, and whether the last one has a fixed end."""
    fixed = is_fixed(parts[-1])
    found: list[Origin] = []
    for index, part in enumerate(parts):
        origins = part.all_origins()
        if index < len(parts) - 1:
            origins = ended(origins) if fixed else shortened(origins)
        found.extend(origin.with_traits((IN_FOLDER,)) if index else origin for origin in origins)
    return Value(origins=capped(found), marks=frozenset({FIXED_ENDING}) if fixed else frozenset())


def as_path(value: Value, event: CallEvent) -> Value:
    """The result of a call that makes a path, by how it ends."""
    api = event.paths[0] if len(event.paths) == 1 else ""
    if api in _SHORTER:
        return value.map_origins(shortened(value.origins))
    parts = [given.value for given in event.arguments.positional]
    if api not in _JOINS or not parts or event.arguments.more_positional is not None:
        return value
    made = below([event.receiver, *parts] if "()." in api else parts)
    return replace(value, origins=made.origins, marks=value.marks | made.marks)
