"""Places as SARIF locations: narrow regions in the file on disk, with the code and the names around them."""

from __future__ import annotations

import functools

import sarif_om

from mlsec_lint.findings import Frame, Location, Span
from mlsec_lint.report.escape import sarif_text, uri, visible, visible_lines, well_formed
from mlsec_lint.report.places import place_in_cell
from mlsec_lint.report.sarif.writing import SarifObject

ROOT = "%SRCROOT%"
"""What relative paths start from; where that lies is the consumer's to know."""


def location(
    place: Location, frame: Frame | None, qualname: str = "", message: str = "", number: int = -1
) -> SarifObject:
    """Return a location; `number` is the id by which messages link to it."""
    return sarif_om.Location(
        id=number,
        message=sarif_om.Message(text=message) if message else None,
        physical_location=_physical(place, frame),
        logical_locations=_logical(place, qualname) or None,
    )


@functools.lru_cache(maxsize=1024)
def artifact(path: str) -> SarifObject:
    """Return where a file lies: relative to the root, or as an absolute `file:` URI."""
    reference = uri(path)
    return sarif_om.ArtifactLocation(uri=reference, uri_base_id=None if reference.startswith("file:") else ROOT)


def sentence(text: str, place: Location) -> str:
    """Return a message of ours about a place as SARIF text: one that names the cell, links nothing and ends with a period."""
    return place_in_cell(place) + sarif_text(ended(text))


def ended(text: str) -> str:
    """Return the text with a period where it does not end a sentence yet."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _physical(place: Location, frame: Frame | None) -> SarifObject:
    return sarif_om.PhysicalLocation(
        artifact_location=artifact(place.path),
        region=_region(place.span, None if frame is None else frame.marked),
        context_region=None if frame is None else _context(place, frame),
    )


def _region(span: Span, code: str | None) -> SarifObject:
    return sarif_om.Region(
        start_line=span.start_line,
        start_column=span.start_column,
        end_line=span.end_line,
        end_column=span.end_column,
        snippet=_content(code) if code else None,
    )


def _context(place: Location, frame: Frame) -> SarifObject:
    """Return the whole lines around a region; for a notebook those of its JSON text, shown as the code of the cell."""
    first, last = place.span.start_line, place.span.end_line
    if place.cell is None:
        first = min(first, frame.first_line)
        last = max(last, frame.first_line + len(frame.lines) - 1)
    return sarif_om.Region(start_line=first, end_line=last, snippet=_content("\n".join(frame.lines)))


def _content(code: str) -> SarifObject:
    return sarif_om.ArtifactContent(text=visible_lines(code))


def _logical(place: Location, qualname: str) -> list[SarifObject]:
    logical: list[SarifObject] = []
    if place.cell is not None:
        number = place.cell.index + 1
        full = f"cell:{well_formed(place.cell.id)}" if place.cell.id else f"cell:{number}"
        logical.append(
            sarif_om.LogicalLocation(name=f"cell {number}", kind="module", fully_qualified_name=visible(full))
        )
    if qualname:
        name = visible(qualname)
        logical.append(sarif_om.LogicalLocation(name=name.rpartition(".")[2], fully_qualified_name=name, kind="member"))
    return logical
