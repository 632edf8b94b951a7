"""A run over what has changed: changed files are checked as a whole, and what touches their changed lines is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mlsec_lint.changes.comparison import Comparison, comparison
from mlsec_lint.changes.lines import ChangedLines
from mlsec_lint.findings import Finding, Location, Report
from mlsec_lint.run.plan import Changes, Plan


def only_changed(planned: Plan, changes: Changes) -> Plan:
    """The plan without the files in which nothing has changed. Raises GitError."""
    git, compared = comparison(planned.root, changes.revision)
    lines: dict[str, ChangedLines] = {}
    with git.blobs() as read:
        for task in planned.tasks:
            found = compared.of(Path(task.path), task.data, read)
            if found is not None:
                lines[task.shown] = found
    tasks = tuple(task for task in planned.tasks if task.shown in lines)
    notes = [note for note in planned.notes if tasks or not planned.tasks]
    notes += _notes(compared, len(tasks), len(planned.tasks))
    return replace(planned, tasks=tasks, lines=lines, shown=frozenset(lines), notes=tuple(notes))


def _notes(compared: Comparison, changed: int, total: int) -> Iterator[str]:
    files = f"{changed:,} of {total:,} {'file' if total == 1 else 'files'}"
    if compared.staged:
        yield f"{files} {'is' if changed == 1 else 'are'} staged with changes; only what touches staged lines is shown"
    else:
        has = "has" if changed == 1 else "have"
        yield f"{files} {has} changed since {compared.said}; only what touches changed lines is shown"
    if compared.partly:
        some = "1 of them has" if compared.partly == 1 else f"{compared.partly:,} of them have"
        yield f"{some} changes that are not staged; what was checked is the file on disk"
    if compared.foreign:
        many = "1 file lies" if compared.foreign == 1 else f"{compared.foreign:,} files lie"
        yield f"{many} in repositories of their own (submodules) and were not compared; run mlsec-lint there"


def touching(planned: Plan, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of which the place or a step lies on a changed line; all of them when nobody asked for changes."""
    return tuple(finding for finding in findings if touches(planned, finding))


def touches(planned: Plan, finding: Finding) -> bool:
    """Whether a finding touches a changed line."""
    lines = planned.lines
    places = (finding.location, *(step.location for step in finding.trace))
    return lines is None or any(_is_changed(place, lines.get(place.path)) for place in places)


def _is_changed(place: Location, lines: ChangedLines | None) -> bool:
    span = place.span
    last = span.end_line - (span.end_column == 1 and span.end_line > span.start_line)  # the end is exclusive
    return lines is not None and lines.touch(span.start_line, last)


def on_changed_lines(report: Report, planned: Plan, option: str) -> Report:
    """The report with what touches changed lines only, and how many findings it keeps back."""
    findings = touching(planned, report.findings)
    return replace(
        report,
        findings=findings,
        baselined=touching(planned, report.baselined),
        suppressed=tuple(item for item in report.suppressed if touches(planned, item.finding)),
        compared=option,
        unchanged=len(report.findings) - len(findings),
    )
