"""The closing lines of a report: what was looked at, what was found, what is kept back and which option shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mlsec_lint.findings import Report, Safety, Severity
from mlsec_lint.quantity import count
from mlsec_lint.report.escape import visible


def summarise(report: Report) -> Iterator[str]:
    """Yield the lines."""
    yield _found(report)
    yield _looked(report)
    if report.suppressed:
        yield f"{count(len(report.suppressed), 'finding')} suppressed by comments (--no-ignores shows them)."
    if report.baseline:
        known = count(len(report.baselined), "finding")
        yield f"{known} in the baseline {visible(report.baseline)} (--no-baseline shows them)."
    if report.unchanged:
        yield f"{count(report.unchanged, 'finding')} on unchanged lines not shown ({visible(report.compared)})."
    hidden = [f"{number} with {visible(option)}" for option, number in sorted(report.hidden.items()) if number]
    if hidden:
        yield f"Not shown: {', '.join(hidden)}."
    for note in report.notes:
        yield f"note: {visible(note)}"


def severities(report: Report) -> dict[Severity, int]:
    """Count the findings by severity, the worst first; every severity has its number."""
    numbers = Counter(finding.severity for finding in report.findings)
    return {severity: numbers[severity] for severity in sorted(Severity, reverse=True)}


def unfinished(report: Report) -> int:
    """How many files could not be analysed, or not wholly."""
    return len({problem.path for problem in report.problems if problem.path}) + report.left


def _found(report: Report) -> str:
    if not report.findings:
        return "No findings, but not everything was analysed." if report.problems else "No findings."
    parts = (f"{number:,} {severity.label}" for severity, number in severities(report).items() if number)
    files = len({finding.location.path for finding in report.findings})
    return f"{count(len(report.findings), 'finding')} in {count(files, 'file')}: {', '.join(parts)}.{_mended(report)}"


def _mended(report: Report) -> str:
    """Which options would fix how many of the findings."""
    safeties = Counter(finding.fix.safety for finding in report.findings if finding.fix is not None)
    safe, unsafe = safeties[Safety.SAFE], safeties[Safety.UNSAFE]
    if safe and unsafe:
        return f" --fix fixes {safe:,} of them, with --unsafe-fixes {unsafe:,} more."
    if unsafe:
        return f" --fix --unsafe-fixes fixes {unsafe:,} of them."
    return f" --fix fixes {safe:,} of them." if safe else ""


def _looked(report: Report) -> str:
    text = f"Checked {count(report.checked, 'file')} ({count(report.lines, 'line')} of Python)"
    excluded = f", {report.excluded:,} excluded" if report.excluded else ""
    failed = f", {unfinished(report):,} not (wholly) analysed" if report.problems else ""
    return f"{text}{excluded}{failed}."
