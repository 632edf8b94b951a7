"""Takes requests out of comments that have no effect."""

from __future__ import annotations

from collections.abc import Callable, Collection

from mlsec_lint.findings import Edit, Fix, Location, Safety, Span
from mlsec_lint.sources.lines import split_lines
from mlsec_lint.suppressions.directives import Directive, Name
from mlsec_lint.suppressions.requests import Request

_WHITE = " \t\f"

_MOST_NAMES = 50
"""A comment with more of them is left to its author: each finding about it would repeat the others' names."""


class Remover:
    """Makes fixes for the comments of one file."""

    def __init__(self, text: str, locate: Callable[[Span], Location]) -> None:
        """`text` is the checked text and `locate` finds its spans on disk."""
        self._lines = split_lines(text)
        self._locate = locate

    def without(self, request: Request, dead: Collection[Name]) -> Fix | None:
        """Remove some of the names, at both ends of a range, or all of it when no name is left."""
        if not dead or len(request.directive.names) > _MOST_NAMES:
            return None
        texts = {name.text for name in dead}
        if all(name.text in texts for name in request.directive.names):
            return self.entirely(request.directive, request.end)
        said = ", ".join(sorted(f"`{text}`" for text in texts))
        edits = tuple(self._rest(item, texts) for item in (request.directive, request.end) if item is not None)
        return Fix(f"Remove {said} from the suppression.", edits, Safety.SAFE)

    def entirely(self, directive: Directive, end: Directive | None = None) -> Fix:
        """Remove a request, with the one that ends its range."""
        edits = tuple(self._whole(item) for item in (directive, end) if item is not None)
        return Fix("Remove the suppression.", edits, Safety.SAFE)

    def corrected(self, directive: Directive, name: Name, meant: str) -> Fix:
        """Name another rule: an unsafe fix, for it silences findings."""
        line = directive.comment.line
        edit = self._edit(Span(line, name.start_column, line, name.end_column), meant)
        return Fix(f"Name `{meant}`.", (edit,), Safety.UNSAFE)

    def _rest(self, directive: Directive, dead: Collection[str]) -> Edit:
        names, line = directive.names, directive.comment.line
        span = Span(line, names[0].start_column, line, names[-1].end_column)
        return self._edit(span, ", ".join(name.text for name in names if name.text not in dead))

    def _whole(self, directive: Directive) -> Edit:
        """The request, with the white space around it and the line that it leaves empty."""
        comment, (start, end) = directive.comment, directive.columns
        number, line = comment.line, self._lines[comment.line - 1]
        before, after = line[: start - 1].rstrip(_WHITE), line[end - 1 :].strip(_WHITE)
        if after:
            return self._edit(Span(number, start, number, len(line) + 1 - len(after)), "")
        if before:
            return self._edit(Span(number, len(before) + 1, number, len(line) + 1), "")
        return self._edit(self._line(number), "")

    def _line(self, number: int) -> Span:
        """A line with its end; the last line of a file or a cell with the end of the line before."""
        whole = Span(number, 1, number + 1, 1)
        if number < len(self._lines) and self._ends_below(whole):
            return whole
        last = len(self._lines[number - 1]) + 1
        above = Span(number - 1, 1, number, 1)
        if number > 1 and self._ends_below(above):
            return Span(number - 1, len(self._lines[number - 2]) + 1, number, last)
        return Span(number, 1, number, last)

    def _ends_below(self, span: Span) -> bool:
        """Whether two lines stand in the same cell, or in no notebook."""
        cell = self._locate(span).cell
        return cell is None or cell.span.end_line > cell.span.start_line

    def _edit(self, span: Span, text: str) -> Edit:
        place = self._locate(span)
        return Edit(place.cell.span, text, place.cell.index) if place.cell else Edit(place.span, text)
