"""One finding a root cause: of several rules on one expression the most severe speaks, the others are named."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.findings import Profile
from mlsec_lint.match.conclusion import Conclusion
from mlsec_lint.record import dataclass
from mlsec_lint.syntax.expression import Place


@dataclass(frozen=True, slots=True)
class Group:
    """What is said about one expression."""

    speaker: Conclusion
    also: tuple[str, ...]


def grouped(conclusions: Iterable[Conclusion], profile: Profile) -> tuple[Group, ...]:
    """Group by place, in source order; what the profile shows speaks before what it hides."""
    by_place: dict[Place, list[Conclusion]] = {}
    for item in conclusions:
        by_place.setdefault(item.matched.place, []).append(item)
    return tuple(_group(by_place[place], profile) for place in sorted(by_place))


def _group(items: list[Conclusion], profile: Profile) -> Group:
    ranked = sorted(_one_a_rule(items, profile), key=lambda item: _rank(item, profile))
    speaker = ranked[0]
    shown = [item.matched.rule.id for item in ranked[1:] if item.profile <= profile or speaker.profile > profile]
    also = tuple(dict.fromkeys(rule for rule in shown if rule != speaker.matched.rule.id))
    return Group(speaker, also)


def _one_a_rule(items: list[Conclusion], profile: Profile) -> list[Conclusion]:
    """Of each rule the first of its tables that certainly fits, for authors write the special before the general.

    Flows have many matches by one table: there the most severe with the shortest story speaks.
    """
    chosen: dict[str, Conclusion] = {}
    for item in sorted(items, key=lambda one: (one.profile > profile, _order(one), _rank(one, profile))):
        chosen.setdefault(item.matched.rule.id, item)
    return list(chosen.values())


def _order(item: Conclusion) -> tuple[bool, int]:
    matched = item.matched
    if matched.steps:
        return (False, 0)
    tables = [match.opinion for match in matched.rule.matches]
    return (matched.verdict.truth is None, tables.index(matched.opinion))


def _rank(item: Conclusion, profile: Profile) -> tuple[object, ...]:
    """The worst first; of equals the one that can tell where the data comes from."""
    hidden, matched = item.profile > profile, item.matched
    rating = (hidden, -item.severity, -item.confidence, item.profile, not matched.steps)
    return (*rating, matched.rule.id, len(matched.steps), matched.steps, item.message)
