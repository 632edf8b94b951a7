"""The format `junit`: XML that Jenkins, GitLab and Azure Pipelines show among the results of tests.

There is no standard. This is what the strictest schema of a reader allows (jenkinsci/xunit-plugin, junit-10.xsd); GitLab knows a
test by `classname` and `name` and passes over a second one with the same, so names count, and hold no line numbers: a test that
moves is still the same test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlsec_lint.findings import Finding, Problem, Report
from mlsec_lint.record import dataclass
from mlsec_lint.report.descriptors import Descriptor, Rulebook, describe
from mlsec_lint.report.escape import visible, xml
from mlsec_lint.report.options import Options
from mlsec_lint.report.paint import Line, paint
from mlsec_lint.report.places import place_in_cell
from mlsec_lint.report.summary import summarise
from mlsec_lint.report.text import draw_finding, draw_problem

RUN = "mlsec-lint"
"""The suite of what belongs to no file."""
MOST_TEXT = 20_000_000
"""Bytes of code and traces: GitLab takes files below 30 MB. Findings after these have their message only."""


@dataclass(frozen=True, slots=True)
class _Case:
    suite: str
    name: str
    outcome: str
    """`failure` for a finding, `error` for a problem, `skipped` for what a baseline or a comment answers; empty: passed."""
    kind: str = ""
    message: str = ""
    text: str = ""


def render_junit(report: Report, rulebook: Rulebook, _options: Options) -> str:
    """Return the report as one XML document: a suite a file, and one for the run with the summary."""
    cases = list(_cases(report, rulebook))
    suites: dict[str, list[_Case]] = {case.suite: [] for case in sorted(cases, key=lambda case: case.suite)}
    for case in cases:
        suites[case.suite].append(case)
    closing = suites.pop(RUN, [])
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="{RUN}" {_counts(cases)}>']
    for name, in_file in suites.items():
        lines += _suite(name, in_file)
    lines += _suite(RUN, closing, "\n".join(summarise(report)))
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _counts(cases: Sequence[_Case]) -> str:
    numbers = Counter(case.outcome for case in cases)
    return f'tests="{len(cases)}" failures="{numbers["failure"]}" errors="{numbers["error"]}"'


def _cases(report: Report, rulebook: Rulebook) -> Iterator[_Case]:
    answered = [suppressed.finding for suppressed in report.suppressed]
    described = describe(rulebook, [*report.findings, *report.baselined, *answered])
    seen: Counter[tuple[str, str]] = Counter()
    texts = _texts(report.findings, described)
    for finding, text in zip(report.findings, texts, strict=True):
        message = f"{place_in_cell(finding.location)}{visible(finding.message)}"
        kind = finding.severity.label
        yield _Case(finding.location.path, _name(finding, described, seen), "failure", kind, message, text)
    for finding in report.baselined:
        reason = f"in the baseline {visible(report.baseline)}"
        yield _Case(finding.location.path, _name(finding, described, seen), "skipped", "baselined", reason)
    for suppressed in report.suppressed:
        finding = suppressed.finding
        reason = f"suppressed: {visible(suppressed.reason)}" if suppressed.reason else "suppressed without a reason"
        yield _Case(finding.location.path, _name(finding, described, seen), "skipped", "suppressed", reason)
    yield from _of_problems(report.problems, seen)
    if not report.problems:
        yield _Case(RUN, "everything was analysed", "")


def _texts(findings: Iterable[Finding], described: Mapping[str, Descriptor]) -> Iterator[str]:
    """What `full` shows of each finding, as long as there is room; then nothing."""
    room = MOST_TEXT
    for finding in findings:
        text = _plain(draw_finding(finding, described[finding.rule])) if room > 0 else ""
        room -= len(text.encode())
        yield text


def _plain(lines: Iterable[Line]) -> str:
    return paint(lines, colour=False)


def _of_problems(problems: Sequence[Problem], seen: Counter[tuple[str, str]]) -> Iterator[_Case]:
    for problem in problems:
        path = problem.path or RUN
        name = _counted(f"not analysed: {visible(problem.kind)}", path, seen)
        yield _Case(path, name, "error", problem.kind, visible(problem.message), _plain(draw_problem(problem)))


def _name(finding: Finding, described: Mapping[str, Descriptor], seen: Counter[tuple[str, str]]) -> str:
    inside = f" in {visible(finding.qualname)}" if finding.qualname else ""
    name = f"{visible(finding.rule)} {visible(described[finding.rule].name)}{inside}"
    return _counted(name, finding.location.path, seen)


def _counted(name: str, path: str, seen: Counter[tuple[str, str]]) -> str:
    """The name, with the how-manieth of its file it is where that is not the first."""
    seen[path, name] += 1
    return name if seen[path, name] == 1 else f"{name} ({seen[path, name]})"


def _suite(path: str, cases: Sequence[_Case], closing: str = "") -> Iterator[str]:
    name = xml(visible(path))
    skipped = sum(case.outcome == "skipped" for case in cases)
    yield f'<testsuite name="{name}" {_counts(cases)} skipped="{skipped}">'
    for case in cases:
        yield from _case(case, name)
    if closing:
        yield f"<system-out>{xml(closing)}</system-out>"
    yield "</testsuite>"


def _case(case: _Case, suite: str) -> Iterator[str]:
    head = f'<testcase classname="{suite}" name="{xml(case.name)}"'
    if not case.outcome:
        yield f"{head}/>"
        return
    yield f"{head}>"
    attributes = f'type="{xml(visible(case.kind))}" message="{xml(case.message)}"'
    yield f"<{case.outcome} {attributes}>{xml(case.text)}</{case.outcome}>"
    yield "</testcase>"
