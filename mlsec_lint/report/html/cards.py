"""What is shown of one finding: place, message, code, trace, remedy, and what the rule says."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.findings import Confidence, Finding, Frame, Step
from mlsec_lint.quantity import count
from mlsec_lint.report.catalogues import entries_of, page_of
from mlsec_lint.report.descriptors import Descriptor
from mlsec_lint.report.frames import Row, rows
from mlsec_lint.report.html.elements import Markup, element, joined, link, prose
from mlsec_lint.report.places import place
from mlsec_lint.report.traces import marked_line

_MOST_CHARACTERS = 400
"""Of a line of code; what stands behind them is left out."""


def card(finding: Finding, rule: Descriptor, name: str) -> Markup:
    """The finding as an article; `name` is its identity, so that a link to it still leads there in the next report."""
    return element(
        "article",
        _head(finding, rule, name),
        element("p", prose(finding.message), class_="message"),
        *_code(finding.frame),
        *_trace(finding),
        *_notes(finding),
        _about(rule),
        id=f"f-{name}",
        class_=f"finding {finding.severity.label}",
        data_severity=finding.severity.label,
        data_family=rule.family,
        data_rule=finding.rule,
        data_path=finding.location.path,
    )


def _head(finding: Finding, rule: Descriptor, name: str) -> Markup:
    inside = [element("span", f"in {finding.qualname}", class_="inside")] if finding.qualname else []
    return element(
        "header",
        element("span", finding.severity.label, class_=f"badge {finding.severity.label}"),
        element("h3", link(rule.url, finding.rule), " ", rule.name),
        element("p", element("code", place(finding.location)), *inside, class_="place"),
        element("a", "#", href=f"#f-{name}", class_="anchor", aria_label="Link to this finding"),
    )


def _code(frame: Frame | None) -> Iterator[Markup]:
    if frame is not None:
        width = len(str(frame.first_line + len(frame.lines)))
        yield element("pre", element("code", *(_line(row, width) for row in rows(frame))), tabindex="0")


def _line(row: Row | None, width: int) -> Markup:
    if row is None:
        return element("span", element("span", "…".rjust(width), class_="n"), Markup("\n"), class_="l")
    start, end = (min(place, _MOST_CHARACTERS) for place in (row.start, row.end))
    shown = [_stretch(row.characters[:start])]
    if start < end:
        shown.append(element("mark", _stretch(row.characters[start:end])))
    shown.append(_stretch(row.characters[end:_MOST_CHARACTERS]))
    more = ["…"] if len(row.characters) > _MOST_CHARACTERS else []
    number = element("span", str(row.number).rjust(width), class_="n")
    return element("span", number, *shown, *more, Markup("\n"), class_="l" if start == end else "l hit")


def _stretch(characters: list[str]) -> str:
    return "".join(characters)


def _trace(finding: Finding) -> Iterator[Markup]:
    if finding.trace:
        files = len({step.location.path for step in finding.trace})
        across = f" through {count(files, 'file')}" if files > 1 else ""
        title = f"How the data gets there: {count(len(finding.trace), 'step')}{across}"
        steps = element("ol", *map(_step, finding.trace))
        yield element("details", element("summary", title), steps, class_="trace")


def _step(step: Step) -> Markup:
    code = _code(marked_line(step.frame)) if step.frame is not None else ()
    return element("li", element("code", place(step.location)), " ", prose(step.message), *code)


def _notes(finding: Finding) -> Iterator[Markup]:
    pairs: list[tuple[str, Markup]] = []
    if finding.remedy:
        pairs.append(("Remedy", prose(" ".join(finding.remedy.split()))))
    if finding.fix is not None:
        pairs.append(("Fix", prose(f"{finding.fix.message} ({finding.fix.safety.value})")))
    if finding.confidence < Confidence.HIGH or finding.reasons:
        pairs.append(("Confidence", prose("; ".join((finding.confidence.label, *finding.reasons)))))
    if finding.also:
        pairs.append(("Also", element("span", ", ".join(finding.also))))
    if pairs:
        yield element("dl", *(joined(element("dt", name), element("dd", said)) for name, said in pairs))


def _about(rule: Descriptor) -> Markup:
    texts = (("", rule.attack or rule.summary), ("Fine: ", rule.fine))
    return element(
        "details",
        element("summary", f"About {rule.id}"),
        *(element("p", element("b", title), prose(" ".join(text.split()))) for title, text in texts if text),
        *_catalogued(rule),
        class_="about",
    )


def _catalogued(rule: Descriptor) -> Iterator[Markup]:
    """Its entries in the catalogues of others, the attacks, and further addresses."""
    places = [(name, entry) for name, ids in entries_of(rule.taxonomies) for entry in ids]
    entries = [
        element("li", link(page_of(*item), f"CWE-{item[1]}" if item[0] == "CWE" else item[1])) for item in places
    ]
    entries += [element("li", attack) for attack in rule.taxonomies.attacks]
    if entries:
        yield element("ul", *entries, class_="chips")
    linked = {page_of(*item) for item in places}
    if further := [address for address in rule.references if address not in linked]:
        yield element("ul", *(element("li", link(address, address)) for address in further), class_="references")
