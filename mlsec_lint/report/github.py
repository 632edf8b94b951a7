"""The format `github`: workflow commands that become annotations of a pull request.

GitHub shows ten annotations of each kind for a step, in the order of printing, and hides the others without a word
(zizmorcore/zizmor#634); so the most severe ones come first, and the last lines say what is not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from mlsec_lint.findings import Finding, Location, Problem, Report, Severity
from mlsec_lint.record import dataclass
from mlsec_lint.report.descriptors import DOCS, Rulebook
from mlsec_lint.report.escape import visible, workflow_data, workflow_property
from mlsec_lint.report.options import Options
from mlsec_lint.report.places import by_severity, place_in_cell
from mlsec_lint.report.summary import summarise

MOST = 10
"""How many annotations of a kind are printed."""

_KINDS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.CRITICAL: "error",
        Severity.HIGH: "error",
        Severity.MEDIUM: "warning",
        Severity.LOW: "notice",
        Severity.INFO: "notice",
    }
)


@dataclass(frozen=True, slots=True)
class _Annotation:
    kind: str
    location: Location | None
    path: str
    title: str
    message: str


def render_github(report: Report, _rulebook: Rulebook, options: Options) -> str:
    """Return one workflow command a line, then plain lines that say what is not shown, and the summary."""
    problems = list(map(_of_problem, report.problems))
    annotations = [*map(_of_finding, by_severity(report.findings)), *problems]
    lines = [*_commands(annotations), *_left_out(annotations), *_named(problems, annotations)]
    if options.summary:
        lines += summarise(report)
    return "".join(f"{line}\n" for line in lines)


def _of_finding(finding: Finding) -> _Annotation:
    location = finding.location
    remedy = f"\n{visible(' '.join(finding.remedy.split()))}" if finding.remedy else ""
    return _Annotation(
        kind=_KINDS[finding.severity],
        location=location,
        path=location.path,
        title=f"{finding.rule} ({finding.severity.label})",
        message=f"{place_in_cell(location)}{visible(finding.message)}{remedy}\n{DOCS}{finding.rule}.md",
    )


def _of_problem(problem: Problem) -> _Annotation:
    hint = f"\n{visible(problem.hint)}" if problem.hint else ""
    message = f"{visible(problem.message)}{hint}"
    return _Annotation("error", problem.location, problem.path, f"not analysed ({problem.kind})", message)


def _commands(annotations: Iterable[_Annotation]) -> Iterator[str]:
    printed: Counter[str] = Counter()
    for annotation in annotations:
        printed[annotation.kind] += 1
        if printed[annotation.kind] <= MOST:
            properties = ",".join(f"{key}={workflow_property(value)}" for key, value in _properties(annotation))
            yield f"::{annotation.kind} {properties}::{workflow_data(annotation.message)}"


def _named(problems: Sequence[_Annotation], annotations: Sequence[_Annotation]) -> Iterator[str]:
    """What was not analysed is always named: here in plain lines what is not shown as an annotation."""
    before = sum(annotation.kind == "error" for annotation in annotations) - len(problems)
    for annotation in problems[max(0, MOST - before) :]:
        yield visible(f"{annotation.title}: {annotation.path}: {annotation.message}".replace("\n", "; "))


def _properties(annotation: _Annotation) -> Iterator[tuple[str, str]]:
    """Yield the properties; columns only where one line is marked, since GitHub refuses them otherwise (astral-sh/ruff#22074)."""
    yield "file", visible(annotation.path)
    if annotation.location is not None:
        span = annotation.location.span
        yield "line", str(span.start_line)
        yield "endLine", str(span.end_line)
        if span.start_line == span.end_line:
            yield "col", str(span.start_column)
            yield "endColumn", str(span.end_column)
    yield "title", visible(annotation.title)


def _left_out(annotations: Iterable[_Annotation]) -> Iterator[str]:
    numbers = Counter(annotation.kind for annotation in annotations)
    for kind in dict.fromkeys(_KINDS.values()):
        if (number := numbers[kind]) > MOST:
            yield f"{number - MOST:,} of {number:,} {kind}s are not shown as annotations: GitHub takes {MOST} of a kind."
