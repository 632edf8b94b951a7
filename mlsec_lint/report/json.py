"""The format `json`, version 1: docs/json.md describes it, docs/report.schema.json is its schema.

One finding a line, ASCII only: nothing in it can control a terminal, and paths and messages are exact.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from mlsec_lint import __version__
from mlsec_lint.findings import Cell, Edit, Finding, Fix, Frame, Location, Problem, Report, Span, Step, Suppressed
from mlsec_lint.report.descriptors import DOCS, Rulebook, describe
from mlsec_lint.report.escape import json_without_commands, well_formed
from mlsec_lint.report.frequencies import Frequency, frequencies
from mlsec_lint.report.options import Options
from mlsec_lint.report.summary import severities, unfinished

VERSION = "1"
"""Grows when a field is removed or changes its meaning; new fields may come without."""

Json: TypeAlias = str | int | bool | Sequence["Json"] | Mapping[str, "Json"] | None


def render_json(report: Report, rulebook: Rulebook, options: Options) -> str:
    """Return the report as one JSON object, or its numbers."""
    if options.statistics:
        return _statistics(report, rulebook)
    names = {rule.id: rule.name for rule in describe(rulebook, report.findings).values()}
    names |= {rule.id: rule.name for rule in describe(rulebook, (*_answered(report), *report.baselined)).values()}
    parts = (
        f'"version": "{VERSION}"',
        f'"tool": {_dump({"name": "mlsec-lint", "version": __version__})}',
        f'"findings": {_list(_finding(finding, names) for finding in report.findings)}',
        f'"suppressed": {_list(_suppressed(suppressed, names) for suppressed in report.suppressed)}',
        f'"baselined": {_list(_finding(finding, names) for finding in report.baselined)}',
        f'"problems": {_list(map(_problem, report.problems))}',
        f'"summary": {_dump(_summary(report))}',
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _statistics(report: Report, rulebook: Rulebook) -> str:
    totals = map(_frequency, frequencies(report, rulebook))
    parts = (
        f'"version": "{VERSION}"',
        f'"tool": {_dump({"name": "mlsec-lint", "version": __version__})}',
        f'"statistics": {_list(totals)}',
        f'"problems": {_list(map(_problem, report.problems))}',
        f'"summary": {_dump(_summary(report))}',
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _frequency(total: Frequency) -> dict[str, Json]:
    return {
        "rule": total.rule,
        "name": total.name,
        "severity": total.severity.label,
        "findings": total.findings,
        "files": total.files,
        "fixes": total.fixes,
    }


def _answered(report: Report) -> Iterator[Finding]:
    return (suppressed.finding for suppressed in report.suppressed)


def _dump(value: Json) -> str:
    return json_without_commands(json.dumps(value, ensure_ascii=True))


def _list(items: Iterable[Json]) -> str:
    lines = ",\n".join(map(_dump, items))
    return f"[\n{lines}\n]" if lines else "[]"


def _finding(finding: Finding, names: Mapping[str, str]) -> dict[str, Json]:
    return {
        "rule": finding.rule,
        "name": names[finding.rule],
        "message": well_formed(finding.message),
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "profile": finding.profile.label,
        **_location(finding.location),
        "qualname": well_formed(finding.qualname),
        "code": _frame(finding.frame),
        "reasons": list(map(well_formed, finding.reasons)),
        "trace": [_step(step) for step in finding.trace],
        "also": list(finding.also),
        "remedy": well_formed(finding.remedy),
        "fix": _fix(finding.fix),
        "url": f"{DOCS}{finding.rule}.md",
    }


def _suppressed(suppressed: Suppressed, names: Mapping[str, str]) -> dict[str, Json]:
    finding = _finding(suppressed.finding, names)
    return {**finding, "reason": well_formed(suppressed.reason), "comment": _location(suppressed.comment)}


def _location(location: Location) -> dict[str, Json]:
    return {"path": well_formed(location.path), "span": _span(location.span), "cell": _cell(location.cell)}


def _span(span: Span) -> dict[str, Json]:
    return {
        "start_line": span.start_line,
        "start_column": span.start_column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _cell(cell: Cell | None) -> dict[str, Json] | None:
    if cell is None:
        return None
    span = cell.span
    return {
        "index": cell.index,
        "id": None if cell.id is None else well_formed(cell.id),
        "output": cell.output,
        "line": span.start_line,
        "column": span.start_column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _frame(frame: Frame | None) -> dict[str, Json] | None:
    if frame is None:
        return None
    lines = [well_formed(line) for line in frame.lines]
    return {"first_line": frame.first_line, "lines": lines, "span": _span(frame.span)}


def _step(step: Step) -> dict[str, Json]:
    return {**_location(step.location), "message": well_formed(step.message), "code": _frame(step.frame)}


def _fix(fix: Fix | None) -> dict[str, Json] | None:
    if fix is None:
        return None
    return {
        "message": well_formed(fix.message),
        "safety": fix.safety.value,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Json]:
    return {"span": _span(edit.span), "text": well_formed(edit.text), "cell": edit.cell}


def _problem(problem: Problem) -> dict[str, Json]:
    location = problem.location
    return {
        "kind": problem.kind,
        "path": well_formed(problem.path),
        "message": well_formed(problem.message),
        "hint": well_formed(problem.hint),
        "span": None if location is None else _span(location.span),
        "cell": None if location is None else _cell(location.cell),
    }


def _summary(report: Report) -> dict[str, Json]:
    return {
        "checked": report.checked,
        "excluded": report.excluded,
        "unfinished": unfinished(report),
        "lines": report.lines,
        "findings": {severity.label: number for severity, number in severities(report).items()},
        "suppressed": len(report.suppressed),
        "baseline": well_formed(report.baseline) or None,
        "baselined": len(report.baselined),
        "compared": well_formed(report.compared) or None,
        "unchanged": report.unchanged,
        "hidden": {well_formed(option): number for option, number in sorted(report.hidden.items())},
        "notes": list(map(well_formed, report.notes)),
    }
