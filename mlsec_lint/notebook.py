"""What the rules say about a notebook beyond its Python: its commands, outputs, words, metadata."""

from __future__ import annotations

from collections.abc import Callable

from mlsec_lint.findings import Finding, Frame, Profile, Severity, Span
from mlsec_lint.match.conclusion import conclude
from mlsec_lint.match.grouping import Group, grouped
from mlsec_lint.match.notebooks import Spot, match_notebook
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.project.project import Project
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.words import words_of

ShowCode = Callable[[Span], Frame]
"""The code around a span of the checked text, secrets masked."""


def judge_notebook(
    source: SourceFile,
    rules: RuleIndex,
    project: Project,
    profile: Profile,
    show: Callable[[tuple[str, ...]], ShowCode],
) -> tuple[Finding, ...]:
    """The findings; `show` is told the secrets that were found. Of outputs and words no code is shown."""
    found = match_notebook(source, rules)
    if not found.matched:
        return ()
    concluded = (
        conclude(item, project.admits, words_of(source.text), is_test=source.is_test) for item in found.matched
    )
    groups = grouped((item for item in concluded if item is not None), profile)
    frame = show(tuple(secret for item in found.matched for secret in item.secrets))
    return tuple(_finding(group, found.spots[group.speaker.matched.place.node], frame) for group in groups)


def _finding(group: Group, spot: Spot, frame: ShowCode) -> Finding:
    speaker = group.speaker
    return Finding(
        rule=speaker.matched.rule.id,
        message=speaker.message,
        severity=Severity(speaker.severity),
        confidence=speaker.confidence,
        location=spot.location,
        frame=None if spot.shown is None else frame(spot.shown),
        reasons=speaker.reasons,
        also=group.also,
        remedy=speaker.remedy,
        profile=speaker.profile,
        statement=spot.statement,
    )
