"""The format `markdown`: a page for the summary of a CI job. It could hold HTML and links, so foreign text stands in it as code.

GitHub drops a summary of more than 1 MiB as a whole; what does not fit here is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeAlias

from mlsec_lint.findings import Finding, Problem, Report
from mlsec_lint.quantity import count
from mlsec_lint.report.descriptors import Descriptor, Rulebook, describe
from mlsec_lint.report.escape import markdown_code, markdown_prose, markdown_text
from mlsec_lint.report.options import Options
from mlsec_lint.report.places import place, problem_place
from mlsec_lint.report.summary import severities, summarise, unfinished

MOST_BYTES = 900_000
"""Of the page: GitHub takes 1,048,576 of all that a step writes."""
MOST_OF_PROBLEMS = 200_000
"""Bytes for what was not analysed, so that there is room for findings."""
_MOST_CHARACTERS = 600
"""Of a message or a path."""

_Block: TypeAlias = tuple[str, int]
"""Some lines, and how many findings or problems they are about: none for a heading."""


def render_markdown(report: Report, rulebook: Rulebook, _options: Options) -> str:
    """Return the page: counts, what was not analysed, then the findings by severity and rule."""
    described = describe(rulebook, report.findings)
    head = "".join(_head(report))
    problems = _bounded(_problems(report), "problem", MOST_OF_PROBLEMS)
    room = MOST_BYTES - len((head + problems).encode())
    return head + problems + _bounded(_findings(report, described), "finding", room)


def _bounded(blocks: Iterable[_Block], what: str, room: int) -> str:
    """The blocks that fit into so many bytes, and a word on what the others are about."""
    shown, left = [], 0
    for text, about in blocks:
        room -= len(text.encode())
        if left or room < 0:
            left += about
        else:
            shown.append(text)
    if left:
        shown.append(
            f"\n**{count(left, f'more {what}')} did not fit onto this page.** Other formats have all of them.\n"
        )
    return "".join(shown)


def _head(report: Report) -> Iterator[str]:
    yield f"## mlsec-lint: {count(len(report.findings), 'finding')}\n\n"
    for line in summarise(report):
        yield f"- {_text(line)}\n"
    yield "\n| severity | findings |\n|---|--:|\n"
    for severity, number in severities(report).items():
        yield f"| {severity.label} | {number:,} |\n"
    if report.problems:
        yield f"| **not (wholly) analysed** | {count(unfinished(report), 'file')} |\n"


def _problems(report: Report) -> Iterator[_Block]:
    if report.problems:
        yield "\n### Not analysed\n\n", 0
    for problem in report.problems:
        yield _problem(problem), 1


def _problem(problem: Problem) -> str:
    where = problem_place(problem)
    hint = f" ({_text(problem.hint)})" if problem.hint else ""
    return f"- {_code(where)}{': ' if where else ''}{problem.kind}: {_text(problem.message)}{hint}\n"


def _findings(report: Report, described: Mapping[str, Descriptor]) -> Iterator[_Block]:
    def kind(finding: Finding) -> tuple[int, str]:
        return -finding.severity, finding.rule

    ordered = sorted(report.findings, key=kind)
    for severity, worst_first in groupby(ordered, key=lambda finding: finding.severity):
        yield f"\n### {severity.label.capitalize()}\n", 0
        for rule, findings in groupby(worst_first, key=lambda finding: finding.rule):
            yield _rule(described[rule]), 0
            for finding in findings:
                yield _finding(finding), 1


def _rule(rule: Descriptor) -> str:
    remedy = f"\n{markdown_prose(' '.join(rule.remedy.split()))}\n" if rule.remedy else ""
    return f"\n**[{_text(rule.id)}]({rule.url}) {_text(rule.name)}**: {_text(rule.summary)}\n{remedy}\n"


def _finding(finding: Finding) -> str:
    inside = f" in {_code(finding.qualname)}" if finding.qualname else ""
    steps = f" ({count(len(finding.trace), 'step')})" if finding.trace else ""
    return f"- {_code(place(finding.location))}{inside}: {_text(finding.message)}{steps}\n"


def _text(text: str) -> str:
    return markdown_text(_cut(text))


def _code(text: str) -> str:
    return markdown_code(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
