"""Other API paths by which code reaches what a rule or model names: aliases, and calls that give an instance."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.catalogue.apis import segments
from mlsec_lint.catalogue.model import Alias, Fact, Instance

Segments = tuple[str, ...]

MAX_SPELLINGS = 128
"""So many ways to write one path are followed; beyond, its words prove nothing."""


class Spellings:
    """What aliases and instances say, as rewritings of the beginning of a path."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._rewritings: dict[str, list[tuple[Segments, Segments]]] = {}
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
        prefix = segments(written)
        self._rewritings.setdefault(prefix[0], []).append((prefix, segments(instead)))

    def _rewrite(self, path: Segments) -> list[Segments]:
        return [
            instead + path[len(prefix) :]
            for prefix, instead in self._rewritings.get(path[0], ())
            if _begins(path, prefix)
        ]


def _begins(path: Segments, prefix: Segments) -> bool:
    """Whether a path begins with a prefix, a `*` in either standing for any segment."""
    beginning = path[: len(prefix)]
    return len(beginning) == len(prefix) and all(
        one == other or "*" in {one, other} for one, other in zip(beginning, prefix, strict=True)
    )
