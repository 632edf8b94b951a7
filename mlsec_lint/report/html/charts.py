"""Bar charts as inline SVG: how many findings of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlsec_lint.report.html.elements import Markup, element

_MOST = 9
"""Bars of a chart; what is left is one more."""
_ROW, _LABEL, _BAR, _WIDTH = 26, 154, 136, 340
"""Of the drawing: height of a row, width of the labels, of the longest bar, and of all with its numbers."""
_LETTERS = 20
"""Of a label; more would run into the bars."""


def chart(title: str, numbers: Mapping[str, int], note: str = "") -> Markup:
    """A figure with one bar for each name, in the order given; the names of severities have their colours."""
    shown = dict(list(numbers.items())[:_MOST])
    rest = sum(numbers.values()) - sum(shown.values())
    if rest:
        shown[f"{len(numbers) - len(shown)} more"] = rest
    spoken = ", ".join(f"{name} {number:,}" for name, number in shown.items()) or "nothing"
    height = str(max(1, len(shown)) * _ROW)
    drawing = element(
        "svg",
        *_rows(shown),
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_label=f"{title}: {spoken}",
    )
    said = [element("p", note, class_="note")] if note else []
    return element("figure", element("figcaption", title), drawing, *said)


def _rows(numbers: Mapping[str, int]) -> Iterator[Markup]:
    most = max(numbers.values(), default=0) or 1
    for row, (name, number) in enumerate(numbers.items()):
        middle, width = str(row * _ROW + 17), max(2 if number else 0, round(number / most * _BAR))
        yield element("text", _cut(name), element("title", name), x="0", y=middle)
        bar = {"x": str(_LABEL), "y": str(row * _ROW + 6), "width": str(width), "height": "14", "rx": "2"}
        yield element("rect", class_=f"bar {name}", **bar)
        yield element("text", f"{number:,}", x=str(_LABEL + width + 8), y=middle, class_="number")


def _cut(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
