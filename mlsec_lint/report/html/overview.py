"""The top of the page: numbers, what is kept back, and the charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from mlsec_lint.findings import Report
from mlsec_lint.quantity import count
from mlsec_lint.report.descriptors import Descriptor
from mlsec_lint.report.html.charts import chart
from mlsec_lint.report.html.elements import NOTHING, Markup, element, link
from mlsec_lint.report.summary import severities, summarise, unfinished

OTHER = "other"
"""The family of what no rule file describes."""


def overview(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    """Numbers by severity, the closing lines of a run, charts, and a table of the rules."""
    return element(
        "section",
        element("h2", "Summary", id="summary"),
        *_warning(report),
        element("ul", *_tiles(report), class_="tiles"),
        element("ul", *(element("li", line) for line in summarise(report)), class_="said"),
        _charts(report, described),
        _rules(report, described),
        aria_labelledby="summary",
    )


def _warning(report: Report) -> Iterator[Markup]:
    if report.problems:
        number = unfinished(report)
        what = f"{count(number, 'file')} could not be analysed" if number else "Something could not be read"
        more = element("a", "What and why", href="#not-analysed")
        yield element("p", f"{what}, or not wholly: this report is not complete. ", more, class_="banner bad")
    elif not report.checked:
        yield element("p", "No file was checked.", class_="banner")
    elif not report.findings:
        new = " new" if report.baseline or report.compared else ""
        yield element("p", f"Nothing{new} was found.", class_="banner good")


def _tiles(report: Report) -> Iterator[Markup]:
    for severity, number in severities(report).items():
        name = element("span", severity.label)
        yield element(
            "li", element("b", f"{number:,}"), name, class_=f"tile {severity.label}{'' if number else ' none'}"
        )
    yield element("li", element("b", f"{report.checked:,}"), element("span", "files checked"), class_="tile")
    number = unfinished(report) if report.problems else 0
    style = "tile unfinished" if number else "tile none"
    yield element("li", element("b", f"{number:,}"), element("span", "not analysed"), class_=style)


def _charts(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    if not report.findings:
        return NOTHING
    families: Counter[str] = Counter()
    attacks: Counter[str] = Counter()
    for finding in report.findings:
        rule = described[finding.rule]
        families[rule.family or OTHER] += 1
        attacks.update(rule.taxonomies.attacks)
    by_severity = {severity.label: number for severity, number in severities(report).items()}
    return element(
        "div",
        chart("By severity", by_severity),
        chart("By family", _largest_first(families)),
        *([chart("By attack", _largest_first(attacks), "A finding can count for several.")] if attacks else []),
        class_="charts",
    )


def _largest_first(numbers: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0])))


def _rules(report: Report, described: Mapping[str, Descriptor]) -> Markup:
    numbers = Counter(finding.rule for finding in report.findings)
    if not numbers:
        return NOTHING
    head = element("tr", *(element("th", name, scope="col") for name in ("Rule", "Name", "What", "Findings")))
    body = [
        element(
            "tr",
            element("td", link(described[rule].url, rule)),
            element("td", described[rule].name),
            element("td", described[rule].summary),
            element("td", f"{number:,}", class_="number"),
        )
        for rule, number in _largest_first(numbers).items()
    ]
    table = element(
        "div", element("table", element("thead", head), element("tbody", *body)), class_="wide", tabindex="0"
    )
    return element("details", element("summary", f"By rule: {count(len(numbers), 'rule')}"), table)
