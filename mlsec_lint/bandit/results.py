"""What Bandit's checks found in a file, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache

from mlsec_lint.bandit.nosec import NoSec
from mlsec_lint.catalogue.model import BanditCheck
from mlsec_lint.findings import Confidence, Finding, Frame, Location, Problem, Profile, Severity, Span
from mlsec_lint.record import dataclass
from mlsec_lint.sources.classification import is_test


@dataclass(frozen=True, slots=True, order=True)
class BanditFinding:
    """One result of one of Bandit's checks."""

    line: int
    """The line that Bandit itself reports."""
    test: str
    """The id: `B602`."""
    severity: Severity
    confidence: Confidence
    span: Span
    """In the checked text; on one line, and no wider than the called name or the argument where there is one."""
    lines: tuple[int, int]
    """First and last line of the statement or expression, on which a comment may answer it."""
    message: str
    """Bandit's own, without any value from the code."""
    cwe: int = 0
    qualname: str = ""
    """The function or class around it; empty at module level."""


@dataclass(frozen=True, slots=True)
class BanditResult:
    """What the checks say about one file."""

    findings: tuple[BanditFinding, ...] = ()
    """Sorted by line; what `# nosec` answers is left out."""
    silenced: tuple[BanditFinding, ...] = ()
    """What `# nosec` answers, sorted by line."""
    nosec: NoSec = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def to_findings(
    found: tuple[BanditFinding, ...],
    checks: Mapping[str, BanditCheck],
    locate: Callable[[Span], Location],
    frame: Callable[[Span], Frame] | None = None,
) -> tuple[Finding, ...]:
    """Say Bandit's results as findings of ours, with the remedy and the profile that the rule pack gives each id.

    A result of low severity belongs to the profile `audit`, whatever its id: B602 reports a harmless command too. One in a
    test, an example or a demo is no earlier shown than in `strict`: tests run parts of their own package.
    """
    in_test = cache(is_test)
    made: list[Finding] = []
    for result in found:
        location, check = locate(result.span), checks.get(result.test)
        profile = max(
            check.profile if check else Profile.STRICT, Profile.STRICT if in_test(location.path) else Profile.DEFAULT
        )
        made.append(
            _finding(result, location, frame(result.span) if frame else None, profile, check.help if check else "")
        )
    return tuple(made)


def _finding(result: BanditFinding, location: Location, frame: Frame | None, profile: Profile, remedy: str) -> Finding:
    return Finding(
        rule=result.test,
        message=result.message,
        severity=result.severity,
        confidence=result.confidence,
        location=location,
        frame=frame,
        remedy=remedy,
        qualname=result.qualname,
        profile=profile if result.severity > Severity.LOW else Profile.AUDIT,
        statement=result.lines,
    )
