"""API paths and the patterns that name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_SEGMENTS = 14

MAX_REMEMBERED = 50_000
"""Answers that are kept, of each kind."""


def extend(path: str, attribute: str) -> str:
    """`path.attribute`; an over-long path loses its beginning to `?`."""
    if path.count(".") >= MAX_SEGMENTS:
        path = "?." + ".".join(path.split(".")[-4:])
    return f"{path}.{attribute}"


def fits(pattern: list[str], path: list[str]) -> bool:
    """Whether a pattern (split at dots) names a path: `*` is one segment, `*Config` one that ends so, a leading `?` one or more."""
    if pattern[0] == "?":
        rest = pattern[1:]
        if len(path) <= len(rest):
            return False
        pattern, path = rest, path[-len(rest) :]
    return len(pattern) == len(path) and all(
        one == other or (one.startswith("*") and other.endswith(one[1:]))
        for one, other in zip(pattern, path, strict=True)
    )


class PathIndex(Generic[T]):
    """Things filed under patterns of API paths, found by path; answers are remembered."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[T]] = {}
        self._by_last: dict[str, list[tuple[list[str], T]]] = {}
        self._known: dict[str, tuple[T, ...]] = {}
        self._together: dict[tuple[str, ...], tuple[tuple[str, T], ...]] = {}
        for pattern, item in entries:
            if "*" not in pattern and not pattern.startswith("?"):
                self._exact.setdefault(pattern, []).append(item)
            else:
                segments = pattern.split(".")
                self._by_last.setdefault(segments[-1], []).append((segments, item))

    def __bool__(self) -> bool:
        """Whether anything is filed."""
        return bool(self._exact or self._by_last)

    def at(self, path: str) -> tuple[T, ...]:
        """Everything whose pattern names this path; exact patterns first."""
        known = self._known.get(path)
        if known is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            known = self._known[path] = self._find(path)
        return known

    def at_any(self, paths: Iterable[str]) -> tuple[tuple[str, T], ...]:
        """The same for several paths, each thing once, with the path that it was found by."""
        paths = tuple(paths)
        known = self._together.get(paths)
        if known is None:
            found: dict[int, tuple[str, T]] = {}
            for path in paths:
                for item in self.at(path):
                    found.setdefault(id(item), (path, item))
            if len(self._together) >= MAX_REMEMBERED:
                self._together.clear()
            known = self._together[paths] = tuple(found.values())
        return known

    def exactly(self, paths: Iterable[str]) -> tuple[tuple[str, T], ...]:
        """What is filed under these very paths, without patterns."""
        return tuple((path, item) for path in paths for item in self._exact.get(path, ()))

    def _find(self, path: str) -> tuple[T, ...]:
        segments = path.split(".")
        found = list(self._exact.get(path, ()))
        for last in (segments[-1], "*", "*()" if path.endswith("()") else "*"):
            found.extend(item for pattern, item in self._by_last.get(last, ()) if fits(pattern, segments))
        return tuple({id(item): item for item in found}.values())
