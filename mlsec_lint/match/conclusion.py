"""From a match to what we say: severity, confidence, profile, message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from mlsec_lint.catalogue.model import Opinion, When
from mlsec_lint.findings import Confidence, Profile, Severity
from mlsec_lint.match.matched import Matched
from mlsec_lint.record import dataclass

Admits = Callable[[str, str], "bool | None"]
"""Whether the project allows a version of a library within a specifier; None: nothing is known."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a finding will say, whatever its place."""

    matched: Matched
    severity: Severity
    confidence: Confidence
    profile: Profile
    message: str
    remedy: str
    reasons: tuple[str, ...]


def conclude(matched: Matched, admits: Admits, imports: AbstractSet[str], *, is_test: bool) -> Conclusion | None:
    """Weigh a match; None when a version or an import excludes it, or when nobody wants to hear of an undecided one."""
    rule, opinion = matched.rule, matched.opinion
    if opinion.imports and imports.isdisjoint(opinion.imports):
        return None
    versions = _versions(opinion, admits)
    if versions is None:
        return None
    reasons = [*matched.verdict.reasons, *versions]
    profile = opinion.profile if opinion.profile is not None else rule.profile
    doubts = len(versions) + (1 if matched.verdict.reasons else 0)
    if matched.verdict.truth is None:
        first = _first_profile(matched)
        if first is None:
            return None
        profile = max(profile, first)
    confidence = opinion.confidence if opinion.confidence is not None else rule.confidence
    severity = opinion.severity if opinion.severity is not None else rule.severity
    if is_test and severity > Severity.INFO:
        severity = Severity(max(Severity.LOW, severity - 1))
        reasons.append("it stands in a test or an example, which lowers the severity by one")
    words = {**_version_words(opinion), **matched.words}
    return Conclusion(
        matched,
        severity,
        Confidence(max(0, confidence - doubts)),
        Profile(profile),
        filled(opinion.message or rule.message, words),
        filled(opinion.remedy or rule.remedy, words),
        tuple(reasons),
    )


def _first_profile(matched: Matched) -> Profile | None:
    """The first profile that shows an undecided match; None for none."""
    opinion = matched.opinion
    by_default = matched.verdict.by_default and opinion.by_default is not None
    return opinion.by_default if by_default else opinion.maybe


def _versions(opinion: Opinion, admits: Admits) -> tuple[str, ...] | None:
    """Why the versions leave a doubt; None when they exclude the match."""
    doubts: list[str] = []
    for when in opinion.when:
        answer = admits(when.library, when.specifier)
        if answer is False or (answer is None and opinion.when_unknown == "no"):
            return None
        if answer is None and opinion.when_unknown == "maybe":
            doubts.append(_doubt(when))
    return tuple(doubts)


def _doubt(when: When) -> str:
    return f"nothing in the project says which version of {when.library} is used; it is a problem with {when.specifier}"


def _version_words(opinion: Opinion) -> dict[str, str]:
    if not opinion.when:
        return {}
    return {"library": opinion.when[0].library, "version": opinion.when[0].specifier}


def filled(template: str, words: Mapping[str, str]) -> str:
    """A message with its placeholders filled in; one of which nothing is known becomes an ellipsis."""
    text = template
    for name in ("api", "name", "value", "source", "sink", "library", "version"):
        text = text.replace("{" + name + "}", words.get(name, "…"))
    return text
