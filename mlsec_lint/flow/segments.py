"""Parts of paths: an item of `path.split("/")` holds no separator, and text beside it in one name keeps it from being `..`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.flow.event import CallEvent
from mlsec_lint.flow.routes import ONE_SEGMENT
from mlsec_lint.flow.value import Value, capped
from mlsec_lint.record import replace
from mlsec_lint.syntax import expression as ex

WITHIN_NAME = "within-name"
"""The trait of what stands beside constant text in the same part of a path: `f"{name}.json"`."""
FIXED_ENDING = "fixed-ending"
"""The trait of what a text is made of that ends in constant text."""

ALL_ITEMS = "segments"
_FIRST, _LAST = "first-segment", "last-segment"
MARKS = frozenset({ALL_ITEMS, _FIRST, _LAST})
"""Which items of a list hold no separator."""

_SEPARATORS = ("/", "\\")
_SPLITTERS = {"split": _FIRST, "rsplit": _LAST, "partition": _FIRST, "rpartition": _LAST}
_LAST_PART = re.compile(r"[^/\\]*\Z")
_FIRST_PART = re.compile(r"[^/\\]*")


def as_parts(name: str, value: Value, event: CallEvent) -> Value:
    """The result of a method of a text, marked if it is the text cut at separators of paths."""
    mark = _SPLITTERS.get(name)
    separator = event.arguments.find("0") or event.arguments.find("sep")
    if (
        mark is None
        or separator is None
        or not separator.value.exact
        or separator.value.constants[0] not in _SEPARATORS
    ):
        return value
    limited = "partition" in name or event.arguments.find("1") or event.arguments.find("maxsplit")
    return replace(value, marks=value.marks | {mark if limited else ALL_ITEMS})


def item(value: Value, of: Value, index: ex.Literal) -> Value:
    """What stands at a place of a list, as one part of a path if it can be no more."""
    if not of.marks & MARKS or type(index) is not int:
        return value
    free = ALL_ITEMS in of.marks or (index == 0 and _FIRST in of.marks) or (_LAST in of.marks and index in (-1, 1, 2))
    origins = value.origins
    if free:
        origins = capped(replace(one, traits=one.traits - {"decoded"} | {ONE_SEGMENT}) for one in value.origins)
    return replace(value, origins=origins, marks=value.marks - MARKS)


def places_in_name(texts: list[ex.Literal | None]) -> Iterator[tuple[str, ...]]:
    """For each part of a built text (None: not constant) what its neighbours say of it."""
    ending = texts[-1] if texts else None
    fixed = isinstance(ending, str) and bool(re.search(r"\w", ending))
    for index in range(len(texts)):
        before = texts[index - 1] if index else None
        after = texts[index + 1] if index + 1 < len(texts) else None
        beside = _says(_LAST_PART, before) or _says(_FIRST_PART, after)
        yield (*((WITHIN_NAME,) if beside else ()), *((FIXED_ENDING,) if fixed else ()))


def _says(part: re.Pattern[str], text: ex.Literal | None) -> bool:
    found = part.search(text) if isinstance(text, str) else None
    return found is not None and bool(found[0].strip("."))
