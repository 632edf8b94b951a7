"""The lists of the page, each bounded: findings, what was not analysed, what comments suppress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlsec_lint.findings import Problem, Report, Suppressed
from mlsec_lint.report.descriptors import Descriptor
from mlsec_lint.report.fingerprints import identities
from mlsec_lint.report.html.cards import card
from mlsec_lint.report.html.elements import NOTHING, Markup, element, link, prose
from mlsec_lint.report.places import place, problem_place

MOST_FINDINGS = 2_000
MOST_BYTES = 15_000_000
"""Of the findings: so much a browser opens within seconds."""
MOST_LINES = 1_000
"""Of each of the other lists."""


def findings(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    """The most severe findings, and a word on how many there are besides."""
    if not report.findings:
        return NOTHING
    cards = list(_cards(report, described))
    left = len(report.findings) - len(cards)
    cut = (
        f"The {len(cards):,} most severe of {len(report.findings):,} findings are shown here; the numbers and charts above "
        "count all of them. A report as JSON or SARIF has every one."
    )
    return element(
        "section",
        element("h2", "Findings", id="findings"),
        *([element("p", cut, class_="banner")] if left else []),
        *cards,
        element("p", "No finding fits these filters.", id="none", hidden=""),
        aria_labelledby="findings",
    )


def _cards(report: Report, described: Mapping[str, Descriptor]) -> Iterator[Markup]:
    pairs = zip(report.findings, identities(report.findings), strict=True)
    room = MOST_BYTES
    for finding, name in sorted(pairs, key=lambda pair: -pair[0].severity)[:MOST_FINDINGS]:
        shown = card(finding, described[finding.rule], name)
        room -= len(shown.encode())
        if room < 0:
            return
        yield shown


def not_analysed(report: Report) -> Markup:
    """What could not be read, decoded, parsed or finished."""
    if not report.problems:
        return NOTHING
    return element(
        "section",
        element("h2", "Not analysed", id="not-analysed"),
        element("ul", *map(_problem, report.problems[:MOST_LINES]), *_more(len(report.problems)), class_="lines"),
        aria_labelledby="not-analysed",
    )


def _problem(problem: Problem) -> Markup:
    where = problem_place(problem)
    named = [element("code", where), " "] if where else []
    hint = [element("span", problem.hint, class_="faint")] if problem.hint else []
    return element("li", *named, element("b", problem.kind), " ", prose(problem.message), " ", *hint)


def suppressed(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    """What comments in the code answer, with their reasons."""
    if not report.suppressed:
        return NOTHING
    lines = [_suppressed(item, described[item.finding.rule]) for item in report.suppressed[:MOST_LINES]]
    return element(
        "section",
        element("h2", "Suppressed by comments", id="suppressed"),
        element("ul", *lines, *_more(len(report.suppressed)), class_="lines"),
        aria_labelledby="suppressed",
    )


def _suppressed(item: Suppressed, rule: Descriptor) -> Markup:
    reason = item.reason or "without a reason"
    where = element("code", place(item.finding.location))
    return element("li", where, " ", link(rule.url, rule.id), " ", rule.name, ": ", element("q", reason))


def _more(number: int) -> list[Markup]:
    return [element("li", f"and {number - MOST_LINES:,} more", class_="faint")] if number > MOST_LINES else []
