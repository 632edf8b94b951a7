"""A notebook cell, with the way back from its text to the JSON text that it was written in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from mlsec_lint.findings import Span
from mlsec_lint.record import dataclass
from mlsec_lint.sources.lines import offset_of, place_of, split_lines

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_WIDEST_ESCAPE = 12


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """One cell of a notebook, of any kind."""

    index: int
    """Counts from 0 over all cells, markdown included."""
    id: str | None
    kind: str
    """As the notebook calls it: `code`, `markdown`, `raw`."""
    source: str
    """As its author sees it, magics included."""
    pieces: tuple[tuple[int, int], ...]
    """Offset in `source` and offset in the file of the first character of each JSON string it is made of."""
    first_line: int
    """The line of the virtual module where it begins, or the next cell does if it is no part of the module."""
    checked: bool = False
    """Whether it is a part of the module: code, in Python."""
    indent: str = ""
    """What every line of the virtual module lacks on its left: the shell forgives a cell that is indented as a whole."""

    @property
    def line_count(self) -> int:
        """How many lines it takes up in the virtual module."""
        return len(split_lines(self.source))

    def inside(self, span: Span) -> Span:
        """A span of the virtual module that starts in this cell, in the cell's own numbering and cut at its end."""
        start = self._place_inside(span.start_line, span.start_column)
        end = self._place_inside(span.end_line, span.end_column)
        return Span(*start, *max(start, end))

    def _place_inside(self, line: int, column: int) -> tuple[int, int]:
        lines = split_lines(self.source)
        number = line - self.first_line + 1
        if number > len(lines):
            return len(lines), len(lines[-1]) + 1
        text = lines[number - 1]
        shift = len(self.indent) if text.startswith(self.indent) else 0
        return number, min(column + shift, len(text) + 1)

    def on_disk(self, raw: str, span: Span) -> Span:
        """The characters of the notebook's JSON text that spell `span` of this cell."""
        start = offset_of(self.source, span.start_line, span.start_column)
        end = offset_of(self.source, span.end_line, span.end_column)
        first = self._raw_offset(raw, start, bisect_right(self.pieces, start, key=_start_of))
        last = first if end <= start else self._raw_offset(raw, end, bisect_left(self.pieces, end, key=_start_of))
        return Span(*place_of(raw, first), *place_of(raw, last))

    def between(self, raw: str) -> str:
        """What ends one of its JSON strings and starts the next: quote, comma, white space, quote; empty with a single one."""
        if len(self.pieces) < 2:  # noqa: PLR2004  # nothing stands between
            return ""
        (start, raw_start), (following, raw_following) = self.pieces[:2]
        return raw[_advance(raw, raw_start, following - start) : raw_following]

    def _raw_offset(self, raw: str, offset: int, after: int) -> int:
        start, raw_start = self.pieces[max(after - 1, 0)]
        return _advance(raw, raw_start, offset - start)


def _start_of(piece: tuple[int, int]) -> int:
    return piece[0]


def _advance(raw: str, at: int, count: int) -> int:
    """The offset behind the next `count` characters that the JSON string spells from `at` on."""
    for escape in _ESCAPE.finditer(raw, at, at + _WIDEST_ESCAPE * (count + 1)):
        plain = escape.start() - at
        if count <= plain:
            break
        count -= plain + 1
        at = escape.end()
    return at + count
