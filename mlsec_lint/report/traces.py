"""Draws the trace of a flow: its steps from source to sink, each with its place, its sentence and its code."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.findings import Finding, Frame, Step
from mlsec_lint.quantity import count
from mlsec_lint.report.escape import visible
from mlsec_lint.report.frames import draw
from mlsec_lint.report.paint import Line
from mlsec_lint.report.places import file_name, place


def draw_trace(finding: Finding, width: int) -> Iterator[Line]:
    """Yield the lines of the trace; nothing for a finding that is no flow."""
    if not finding.trace:
        return
    indent = " " * width
    files = len({step.location.path for step in finding.trace})
    across = f" in {count(files, 'file')}" if files > 1 else ""
    yield [(f"{indent} = ", "gutter"), ("trace: ", "label"), (f"{count(len(finding.trace), 'step')}{across}", "")]
    path = finding.trace[0].location.path
    for number, step in enumerate(finding.trace, 1):
        if step.location.path != path:
            path = step.location.path
            yield [(f"{indent} ::: ", "gutter"), (f"the flow enters {file_name(path)}", "strong")]
        yield from _step(step, number, width, finding.severity.label)


def _step(step: Step, number: int, width: int, style: str) -> Iterator[Line]:
    yield [
        (f"{' ' * width}   {number}. ", "gutter"),
        (place(step.location), ""),
        (f": {visible(step.message)}", ""),
    ]
    if step.frame is not None:
        yield from draw(marked_line(step.frame), width, style)


def marked_line(frame: Frame) -> Frame:
    """The frame cut down to the line on which its marked stretch starts: one line of code is enough for a step."""
    index = frame.span.start_line - frame.first_line
    if not 0 <= index < len(frame.lines):
        return frame
    return Frame(frame.span.start_line, frame.lines[index : index + 1], frame.span)
