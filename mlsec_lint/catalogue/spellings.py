"""Other API paths by which code reaches what a rule or model names: aliases, and calls that give an instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlsec_lint.catalogue.apis import segments
from mlsec_lint.catalogue.model import Alias, Fact, Instance

Segments = tuple[str, ...]

MAX_SPELLINGS = 128
"""So many ways to write one path are followed; beyond, its words prove nothing."""


class Spellings:
    """What aliases and instances say, as rewritings of the beginning of a path."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._rewritings: dict[Segments, list[Segments]] = {}
        self._by_first: dict[str, set[Segments]] = {}
        self._has_wildcard = False
        for fact in facts:
            if isinstance(fact, Alias):
                self._add(fact.same_as, fact.name)
                self._add(fact.name, fact.same_as)
            elif isinstance(fact, Instance):
                for api in fact.api:
                    self._add(fact.is_a, api)

    def of(self, path: str) -> tuple[Segments, ...] | None:
        """Every way to write a path, its own first, without parentheses; None when there are too many."""
        found = {segments(path): None}
        waiting = list(found)
        while waiting:
            for spelling in self._rewrite(waiting.pop()):
                if spelling not in found:
                    found[spelling] = None
                    waiting.append(spelling)
            if len(found) > MAX_SPELLINGS:
                return None
        return tuple(found)

    def _add(self, written: str, instead: str) -> None:
        prefix, replacement = segments(written), segments(instead)
        if (
            replacement[: len(prefix)] != prefix
        ):  # `X().copy()` is an X: it names X anyway, and could be repeated for ever
            self._rewritings.setdefault(prefix, []).append(replacement)
            self._by_first.setdefault(prefix[0], set()).add(prefix)
            self._has_wildcard |= "*" in prefix

    def _rewrite(self, path: Segments) -> Iterator[Segments]:
        for prefix in self._prefixes(path):
            for instead in self._rewritings[prefix]:
                yield instead + path[len(prefix) :]

    def _prefixes(self, path: Segments) -> list[Segments]:
        candidates = self._by_first.get(path[0], ())
        if "*" in path or self._has_wildcard:
            return [prefix for prefix in candidates if _begins(path, prefix)]
        if not candidates:
            return []
        return [path[:length] for length in range(1, len(path) + 1) if path[:length] in self._rewritings]


def _begins(path: Segments, prefix: Segments) -> bool:
    """Whether a path begins with a prefix, a `*` in either standing for any segment."""
    beginning = path[: len(prefix)]
    return len(beginning) == len(prefix) and all(
        one == other or "*" in {one, other} for one, other in zip(beginning, prefix, strict=True)
    )
