"""A file to check, as text, and the way from a place in that text back to the file on disk."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from mlsec_lint.findings import Cell, Frame, Location, Problem, Span
from mlsec_lint.record import dataclass
from mlsec_lint.sources.lines import split_lines

if TYPE_CHECKING:
    from mlsec_lint.sources.cell import NotebookCell
    from mlsec_lint.sources.magics import Magic
    from mlsec_lint.sources.stored import StoredText

_LONGEST_FRAME = 12
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """Python to check, and where it comes from."""

    path: str
    """As shown: with forward slashes, relative to the root of the run where it lies below it."""
    text: str
    """The Python to check; for a notebook its code cells as one module, what is no Python blanked out."""
    raw: str
    """The decoded file as it lies on disk, without a byte order mark."""
    is_test: bool = False
    """A test, an example or a demo: what is found there is one step less severe."""
    cells: tuple[NotebookCell, ...] = ()
    """All cells of a notebook; empty for other files."""
    magics: tuple[Magic, ...] = ()
    """The lines of a notebook that are no Python, in order."""
    stored: tuple[StoredText, ...] = ()
    """What a notebook stores beside its code, in order."""
    problems: tuple[Problem, ...] = ()
    """The parts of it that could not be read."""
    notes: tuple[str, ...] = ()
    """Sentences for people about what is not checked, and rightly so."""

    @property
    def lines(self) -> int:
        """How many lines `text` has; an empty rest after the last newline is none."""
        found = split_lines(self.text)
        return len(found) - (not found[-1])

    def locate(self, span: Span) -> Location:
        """The place on disk of a span of `text`; a span over several cells is cut at the end of its first one."""
        cell = self.cell_at(span.start_line)
        if cell is None:
            return Location(self.path, span)
        inside = cell.inside(span)
        return Location(self.path, cell.on_disk(self.raw, inside), Cell(cell.index, cell.id, inside))

    def frame(self, span: Span, before: int = 1, after: int = 1) -> Frame:
        """The code to show for a span of `text`, not yet masked; a notebook's in the numbering of its cell.

        Very long spans and lines are cut, the marked span with them.
        """
        cell = self.cell_at(span.start_line)
        if cell is None:
            return _frame(split_lines(self.text), span, before, after)
        return _frame(split_lines(cell.source), cell.inside(span), before, after)

    def cell_at(self, line: int) -> NotebookCell | None:
        """The cell that holds a line of `text`; None in a plain file."""
        if not self.cells:
            return None
        after = bisect_right(self.cells, line, key=lambda cell: cell.first_line)
        before = (self.cells[index] for index in range(after - 1, -1, -1))
        return next((cell for cell in before if cell.checked), None)


def _frame(lines: tuple[str, ...], span: Span, before: int, after: int) -> Frame:
    first = min(max(span.start_line - before, 1), len(lines))
    end = len(lines) - (not lines[-1])  # after the last newline there is no line to show
    last = max(min(span.end_line + after, span.start_line + _LONGEST_FRAME, end), first)
    shown = tuple(line[:_LONGEST_LINE] for line in lines[first - 1 : last])
    return Frame(first, shown, _cut(span, first, shown))


def _cut(span: Span, first: int, shown: tuple[str, ...]) -> Span:
    last = first + len(shown) - 1
    start_line = min(span.start_line, last)
    end_line, end_column = min((span.end_line, span.end_column), (last, len(shown[-1]) + 1))
    return Span(
        start_line,
        min(span.start_column, len(shown[start_line - first]) + 1),
        end_line,
        min(end_column, len(shown[end_line - first]) + 1),
    )
