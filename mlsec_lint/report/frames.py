"""Draws code with line numbers and the marked stretch underlined, right for tabs and wide characters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlsec_lint.findings import Frame
from mlsec_lint.report.escape import visible_characters
from mlsec_lint.report.paint import Line, cell_width

# A frame of more lines than this is shown by its first and last ones.
_MOST_LINES = 8
_HEAD, _TAIL = 5, 2


class Row(NamedTuple):
    """A line of a frame."""

    number: int
    characters: list[str]
    """What is shown for each character."""
    start: int
    """The marked ones are those from `start` to before `end`."""
    end: int


def gutter(frame: Frame) -> int:
    """Return the width of the widest line number of the frame."""
    return len(str(frame.first_line + len(frame.lines) - 1))


def rows(frame: Frame) -> Iterator[Row | None]:
    """Yield the lines to show, and None where some are left out."""
    for index in _shown(len(frame.lines)):
        if index is None:
            yield None
            continue
        characters = visible_characters(frame.lines[index])
        number = frame.first_line + index
        yield Row(number, characters, *_marked(frame, number, characters))


def draw(frame: Frame, width: int, style: str) -> Iterator[Line]:
    """Yield the lines of the frame; `width` is that of the line numbers, `style` that of the carets."""
    for row in rows(frame):
        if row is None:
            yield [("." * min(3, width + 1), "gutter")]
            continue
        yield [(f"{row.number:>{width}} | ", "gutter"), ("".join(row.characters).rstrip(), "")]
        if row.start < row.end:
            blank = " " * cell_width("".join(row.characters[: row.start]))
            carets = "^" * max(1, cell_width("".join(row.characters[row.start : row.end])))
            yield [(" " * width + " | ", "gutter"), (blank + carets, style)]


def bar(width: int) -> Line:
    """Return the empty line that frames stand between."""
    return [(" " * width + " |", "gutter")]


def _shown(count: int) -> Iterator[int | None]:
    """Yield the indices of the lines to show, and None where some are left out."""
    if count <= _MOST_LINES:
        yield from range(count)
        return
    yield from range(_HEAD)
    yield None
    yield from range(count - _TAIL, count)


def _marked(frame: Frame, number: int, characters: list[str]) -> tuple[int, int]:
    """Say from which to which character a line is underlined; on later lines of a stretch the indentation is left out."""
    span = frame.span
    if not span.start_line <= number <= span.end_line:
        return 0, 0
    line = "".join(frame.lines[number - frame.first_line])
    start = span.start_column - 1 if number == span.start_line else len(line) - len(line.lstrip())
    if number != span.end_line:
        return start, max(start, len(line.rstrip()))
    end = min(span.end_column - 1, len(characters))
    return start, max(end, start + 1) if number == span.start_line else end
