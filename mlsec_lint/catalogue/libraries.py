"""The libraries that facts speak of."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.catalogue.model import Alias, Fact, Handler, TextFormat


def libraries_of(facts: Iterable[Fact]) -> frozenset[str]:
    """Their top-level names."""
    return frozenset(path.split(".")[0].removesuffix("()") for fact in facts for path in _paths_of(fact))


def _paths_of(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Handler():
            return (*fact.decorator, *fact.callback, *fact.base)
        case Alias():
            return fact.name, fact.same_as
        case TextFormat():
            return ()
    return fact.api
