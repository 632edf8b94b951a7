"""The format `gitlab`: a Code Quality report, which GitLab shows in merge requests of every tier.

What GitLab reads of an entry is described at https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from mlsec_lint.findings import Finding, Location, Problem, Report, Severity, Span
from mlsec_lint.report.descriptors import Rulebook
from mlsec_lint.report.escape import json_without_commands, visible
from mlsec_lint.report.fingerprints import identities, identity
from mlsec_lint.report.options import Options
from mlsec_lint.report.places import place_in_cell

_LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "blocker",
        Severity.HIGH: "critical",
        Severity.MEDIUM: "major",
        Severity.LOW: "minor",
        Severity.INFO: "info",
    }
)
_FIRST_LINE = Span(1, 1, 1, 1)
_UNFINISHED = "critical"
"""What was not analysed may hide anything; only a critical finding is known to be worse."""


def render_gitlab(report: Report, _rulebook: Rulebook, _options: Options) -> str:
    """Return a JSON array with an entry for each finding and each problem, one a line, ASCII only."""
    names = identities(report.findings)
    entries = [*map(_of_finding, report.findings, names), *_of_problems(report.problems)]
    lines = ",\n".join(json_without_commands(json.dumps(entry)) for entry in entries)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def _of_finding(finding: Finding, name: str) -> Mapping[str, object]:
    message = f"{finding.rule}: {place_in_cell(finding.location)}{visible(finding.message)}"
    return _entry(message, finding.rule, name, _LEVELS[finding.severity], finding.location)


def _entry(message: str, check: str, name: str, level: str, location: Location) -> Mapping[str, object]:
    """One entry; GitLab shows one of those that share a fingerprint, and knows no cells: lines are those on disk."""
    span = location.span
    return {
        "description": message,
        "check_name": check,
        "fingerprint": name,
        "severity": level,
        "location": {"path": visible(location.path) or ".", "lines": {"begin": span.start_line, "end": span.end_line}},
    }


def _of_problems(problems: Sequence[Problem]) -> Iterator[Mapping[str, object]]:
    seen: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        key = (problem.kind, problem.path)
        seen[key] += 1
        name = identity("problem", *key, str(seen[key]))
        hint = f" ({visible(problem.hint)})" if problem.hint else ""
        message = f"not analysed: {visible(problem.message)}{hint}"
        location = problem.location or Location(problem.path, _FIRST_LINE)
        yield _entry(message, f"not-analysed-{problem.kind}", name, _UNFINISHED, location)
