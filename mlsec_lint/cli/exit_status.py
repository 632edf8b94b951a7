"""The exit status of a check: 2 when something was not analysed, over 1 for findings, over 0."""

from __future__ import annotations

from mlsec_lint.findings import Report, Severity
from mlsec_lint.run.checking import INTERRUPTED

CLEAN, FINDINGS, UNFINISHED = 0, 1, 2


def exit_status(report: Report, fail_on: Severity | None, *, exit_zero: bool, allow_unfinished: bool) -> int:
    """The status of a report.

    `exit_zero` makes findings a success, `allow_unfinished` lets the findings decide when files could not be analysed;
    an interrupted run is never a success.
    """
    interrupted = any(problem.kind == INTERRUPTED for problem in report.problems)
    if interrupted or (report.problems and not allow_unfinished):
        return UNFINISHED
    fails = fail_on is not None and any(finding.severity >= fail_on for finding in report.findings)
    return FINDINGS if fails and not exit_zero else CLEAN
