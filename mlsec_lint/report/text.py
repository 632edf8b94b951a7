"""The formats for people: `full`, which shows everything the way a good compiler does, and `concise`, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mlsec_lint.findings import Confidence, Finding, Problem, Report, Severity
from mlsec_lint.report.escape import visible
from mlsec_lint.report.frames import bar, draw, gutter
from mlsec_lint.report.options import Options
from mlsec_lint.report.paint import Line, paint
from mlsec_lint.report.places import place, problem_place
from mlsec_lint.report.summary import summarise
from mlsec_lint.report.traces import draw_trace

if TYPE_CHECKING:
    from mlsec_lint.report.descriptors import Descriptor, Rulebook
    from mlsec_lint.report.frequencies import Frequency


def full(report: Report, rulebook: Rulebook, options: Options) -> str:
    """Every finding with its code, its trace, its remedy and its link, then the problems and the summary."""
    if options.statistics:
        return statistics(report, rulebook, options)
    described = _described(report, rulebook)
    return paint(_full(report, described, options), colour=options.colour)


def concise(report: Report, rulebook: Rulebook, options: Options) -> str:
    """`path:line:column: MLS103 [high] message`, one line for each finding and each problem, then the summary."""
    if options.statistics:
        return statistics(report, rulebook, options)
    return paint(_concise(report, options), colour=options.colour)


def _described(report: Report, rulebook: Rulebook) -> Mapping[str, Descriptor]:
    """What is said of the rules, of which nobody reads anything when there is no finding."""
    if not report.findings:
        return {}
    from mlsec_lint.report.descriptors import describe

    return describe(rulebook, report.findings)


def statistics(report: Report, rulebook: Rulebook, options: Options) -> str:
    """How many findings each rule has, the most frequent first, then the problems and the summary."""
    from mlsec_lint.report.frequencies import frequencies

    return paint(_statistics(report, frequencies(report, rulebook), options), colour=options.colour)


def _full(report: Report, described: Mapping[str, Descriptor], options: Options) -> Iterator[Line]:
    for finding in report.findings:
        yield from draw_finding(finding, described[finding.rule])
        yield []
    for problem in report.problems:
        yield from draw_problem(problem)
        yield []
    yield from _summary(report, options)


def draw_finding(finding: Finding, rule: Descriptor) -> Iterator[Line]:
    """Yield the lines of one finding: what it says, where, its code, its trace and the notes."""
    style = finding.severity.label
    yield [
        (f"{style}[{visible(finding.rule)}]", style),
        (f" {visible(rule.name)}", "strong"),
        (f": {visible(finding.message)}", ""),
    ]
    width = _width(finding)
    yield [(" " * width + "--> ", "gutter"), (place(finding.location), ""), *_inside(finding)]
    if finding.frame is not None:
        yield bar(width)
        yield from draw(finding.frame, width, style)
        yield bar(width)
    yield from draw_trace(finding, width)
    for label, text, text_style in _notes(finding, rule):
        yield [(" " * width + " = ", "gutter"), (f"{label}: ", "label"), (text, text_style)]


def _inside(finding: Finding) -> Line:
    return [(f" in {visible(finding.qualname)}", "faint")] if finding.qualname else []


def _width(finding: Finding) -> int:
    """The widest line number of all the frames that are shown for a finding, so that their bars stand below each other."""
    frames = [finding.frame, *(step.frame for step in finding.trace)]
    return max((gutter(frame) for frame in frames if frame is not None), default=1)


def _notes(finding: Finding, rule: Descriptor) -> Iterator[tuple[str, str, str]]:
    """Yield label, text and style of the lines below the code."""
    if finding.confidence < Confidence.HIGH or finding.reasons:
        because = "".join(f"; {visible(reason)}" for reason in finding.reasons)
        yield "confidence", f"{finding.confidence.label}{because}", ""
    if finding.also:
        yield "also", ", ".join(map(visible, finding.also)), ""
    if finding.remedy:
        yield "help", visible(" ".join(finding.remedy.split())), ""
    if finding.fix is not None:
        yield "fix", f"{visible(finding.fix.message)} ({finding.fix.safety.value})", ""
    yield "docs", rule.url, "link"


def draw_problem(problem: Problem) -> Iterator[Line]:
    """Yield the lines of one problem."""
    yield [(f"error[{visible(problem.kind)}]", "error"), (f": {visible(problem.message)}", "")]
    yield [("  --> ", "gutter"), (problem_place(problem), "")]
    if problem.hint:
        yield [("   = ", "gutter"), ("help: ", "label"), (visible(problem.hint), "")]


def _concise(report: Report, options: Options) -> Iterator[Line]:
    for finding in report.findings:
        label = finding.severity.label
        yield [
            (f"{place(finding.location)}: ", ""),
            (f"{visible(finding.rule)} ", "strong"),
            (f"[{label}] ", label),
            (visible(finding.message), ""),
        ]
    yield from _one_line_each(report.problems)
    yield from _summary(report, options)


def _statistics(report: Report, totals: Sequence[Frequency], options: Options) -> Iterator[Line]:
    widths = [max((len(column(total)) for total in totals), default=0) for column in (_number, _id, _label)]
    for total in totals:
        label = _label(total)
        yield [
            (f"{_number(total):>{widths[0]}}  ", "strong"),
            (f"{_id(total):<{widths[1]}}  ", ""),
            (f"{label:<{widths[2]}}  ", label),
            (visible(total.name), ""),
            (f" ({total.fixes:,} can be fixed)" if total.fixes else "", "faint"),
        ]
    yield from _one_line_each(report.problems)
    yield from _summary(report, options)


def _number(total: Frequency) -> str:
    return f"{total.findings:,}"


def _id(total: Frequency) -> str:
    return visible(total.rule)


def _label(total: Frequency) -> str:
    return total.severity.label


def _one_line_each(problems: Iterable[Problem]) -> Iterator[Line]:
    for problem in problems:
        yield [
            (f"{problem_place(problem)}: ", ""),
            (f"error[{visible(problem.kind)}] ", "error"),
            (visible(problem.message), ""),
        ]


def _summary(report: Report, options: Options) -> Iterator[Line]:
    if not options.summary:
        return
    worst = max((finding.severity for finding in report.findings), default=Severity.INFO)
    for index, line in enumerate(summarise(report)):
        yield [(line, worst.label if index == 0 and report.findings else "")]
