"""One finding a root cause: of several rules on one expression the most severe speaks, the others are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlsec_lint.findings import Profile
from mlsec_lint.match.conclusion import Conclusion
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
    ranked = sorted(items, key=lambda item: _rank(item, profile))
    speaker = ranked[0]
    shown = [item.matched.rule.id for item in ranked[1:] if item.profile <= profile or speaker.profile > profile]
    also = tuple(dict.fromkeys(rule for rule in shown if rule != speaker.matched.rule.id))
    return Group(speaker, also)


def _rank(item: Conclusion, profile: Profile) -> tuple[object, ...]:
    hidden, matched = item.profile > profile, item.matched
    rating = (hidden, -item.severity, -item.confidence, item.profile)
    return (*rating, matched.rule.id, len(matched.steps), matched.steps, item.message)
