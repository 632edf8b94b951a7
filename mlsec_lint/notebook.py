"""What the rules say about a notebook beyond its Python: its commands, outputs, words, metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from mlsec_lint.findings import Finding, Frame, Profile, Severity, Span
from mlsec_lint.match.conclusion import conclude
from mlsec_lint.match.grouping import Group, grouped
from mlsec_lint.match.notebooks import Spot, match_notebook
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.project.project import Project
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.words import words_of


class Masked(Protocol):
    """What may be shown of the checked text."""

    def frame(self, span: Span) -> Frame:
        """The code around a span, without secrets."""

    def masked(self, *texts: str) -> tuple[str, ...]:
        """Sentences without the secrets of the text."""


def judge_notebook(
    source: SourceFile,
    rules: RuleIndex,
    project: Project,
    profile: Profile,
    show: Callable[[tuple[str, ...]], Masked],
) -> tuple[Finding, ...]:
    """The findings; `show` is told the secrets that were found. Of outputs and words no code is shown."""
    found = match_notebook(source, rules)
    if not found.matched:
        return ()
    concluded = (
        conclude(item, project.admits, words_of(source.text), is_test=source.is_test) for item in found.matched
    )
    groups = grouped((item for item in concluded if item is not None), profile)
    text = show(tuple(secret for item in found.matched for secret in item.secrets))
    return tuple(_finding(group, found.spots[group.speaker.matched.place.node], text) for group in groups)


def _finding(group: Group, spot: Spot, text: Masked) -> Finding:
    speaker = group.speaker
    message, remedy = text.masked(speaker.message, speaker.remedy)
    return Finding(
        rule=speaker.matched.rule.id,
        message=message,
        severity=Severity(speaker.severity),
        confidence=speaker.confidence,
        location=spot.location,
        frame=None if spot.shown is None else text.frame(spot.shown),
        reasons=speaker.reasons,
        also=group.also,
        remedy=remedy,
        profile=speaker.profile,
        statement=spot.statement,
    )
