"""What a report says about a rule, whether it is one of ours or one of Bandit's checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from mlsec_lint.catalogue.families import family_of
from mlsec_lint.catalogue.model import BanditCheck, Rule
from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.catalogue.wording import example
from mlsec_lint.findings import Confidence, Finding, Severity
from mlsec_lint.record import dataclass

DOCS = "https://github.com/mlsec-lint/mlsec-lint/blob/main/docs/rules/"
"""Where the page of each rule lies: `DOCS + "MLS103.md"`."""


class Rulebook(Protocol):
    """What reports ask of a catalogue."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules that were active in the run."""

    @property
    def bandit(self) -> Mapping[str, BanditCheck]:
        """What we say about Bandit's checks, by id."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A rule as reports show it; prose may hold Markdown."""

    id: str
    name: str
    summary: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    attack: str = ""
    remedy: str = ""
    fine: str = ""
    flagged: str = ""
    allowed: str = ""
    tags: tuple[str, ...] = ()
    taxonomies: Taxonomies = field(default_factory=Taxonomies)
    references: tuple[str, ...] = ()
    family: str = ""
    """What it is counted with: `deserialization`, `injection`; empty for what no rule file describes."""

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{DOCS}{self.id}.md"


def describe(rulebook: Rulebook, findings: Iterable[Finding]) -> dict[str, Descriptor]:
    """Return the descriptors of all active rules and of whatever else was found, by id and in the order of ids."""
    worst: dict[str, Severity] = {}
    for finding in findings:
        worst[finding.rule] = max(finding.severity, worst.get(finding.rule, Severity.INFO))
    described = {rule.id: _of_rule(rule) for rule in rulebook.rules}
    for found, severity in worst.items():
        if found not in described:
            described[found] = _of_other(found, severity, rulebook.bandit.get(found))
    return dict(sorted(described.items()))


def _of_rule(rule: Rule) -> Descriptor:
    return Descriptor(
        id=rule.id,
        name=rule.name,
        summary=rule.summary,
        severity=rule.severity,
        confidence=rule.confidence,
        attack=rule.attack,
        remedy=rule.remedy,
        fine=rule.fine,
        flagged=example(rule.flagged),
        allowed=example(rule.allowed),
        tags=rule.tags,
        taxonomies=rule.taxonomies,
        references=rule.references,
        family=family_of(rule.id) or next(iter(rule.tags), ""),
    )


def _of_other(found: str, severity: Severity, check: BanditCheck | None) -> Descriptor:
    """Describe what no active rule file describes; one of Bandit's checks is as severe as its worst finding."""
    if check is not None:
        return Descriptor(
            id=found,
            name=check.name,
            summary=check.summary,
            severity=severity,
            confidence=Confidence.MEDIUM,
            remedy=check.help,
            tags=("bandit",),
            taxonomies=Taxonomies(cwe=(check.cwe,) if check.cwe else ()),
            family=check.family,
        )
    return Descriptor(id=found, name=found.lower(), summary=f"a finding of {found}", severity=severity)


def pascal_case(name: str) -> str:
    """`unsafe-torch-load` as `UnsafeTorchLoad`, the form that SARIF wants for names."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"\W|_", name) if word)
