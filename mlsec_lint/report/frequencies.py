"""How often each rule has found something: what `--statistics` shows."""

from __future__ import annotations

from collections.abc import Sequence

from mlsec_lint.findings import Finding, Report, Severity
from mlsec_lint.record import dataclass
from mlsec_lint.report.descriptors import Rulebook, describe


@dataclass(frozen=True, slots=True)
class Frequency:
    """The numbers of one rule in a report."""

    rule: str
    name: str
    severity: Severity
    """The worst of its findings."""
    findings: int
    files: int
    fixes: int
    """Findings that have a fix."""


def frequencies(report: Report, rulebook: Rulebook) -> Sequence[Frequency]:
    """Return the rules that have found something, the most frequent first, else by id."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    described = describe(rulebook, report.findings)
    totals = [_of(rule, described[rule].name, findings) for rule, findings in found.items()]
    return sorted(totals, key=lambda total: (-total.findings, total.rule))


def _of(rule: str, name: str, findings: Sequence[Finding]) -> Frequency:
    return Frequency(
        rule=rule,
        name=name,
        severity=max(finding.severity for finding in findings),
        findings=len(findings),
        files=len({finding.location.path for finding in findings}),
        fixes=sum(finding.fix is not None for finding in findings),
    )
