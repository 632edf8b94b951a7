"""How a place is written for people: `app.py:12:5`, in a notebook `n.ipynb:cell 3:1:5` or `n.ipynb:cell 3 output 1:1:5`."""

from __future__ import annotations

from collections.abc import Sequence

from mlsec_lint.findings import Cell, Finding, Location, Problem
from mlsec_lint.report.escape import may_command, visible


def place(location: Location) -> str:
    """Return path, line and column, ready for a terminal; cells count from 1 over all cells, markdown included."""
    path = file_name(location.path)
    if location.cell is None:
        return f"{path}:{location.span.start_line}:{location.span.start_column}"
    span = location.cell.span
    return f"{path}:{cell_name(location.cell)}:{span.start_line}:{span.start_column}"


def problem_place(problem: Problem) -> str:
    """Return where a problem lies, likewise: a place, or a file as a whole; empty for one of the run."""
    return place(problem.location) if problem.location is not None else file_name(problem.path)


def cell_name(cell: Cell) -> str:
    """Return `cell 3`, or `cell 3 output 1`; both count from 1."""
    return f"cell {cell.index + 1}" + ("" if cell.output is None else f" output {cell.output + 1}")


def place_in_cell(location: Location) -> str:
    """Return `cell 3, line 5: ` to stand before a message; empty in a plain file."""
    return "" if location.cell is None else f"{cell_name(location.cell)}, line {location.cell.span.start_line}: "


def file_name(path: str) -> str:
    """Return the path so that it cannot be taken for something else at the start of a line (`::error::` is a CI command)."""
    shown = visible(path)
    return f"./{shown}" if may_command(shown) else shown


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Sort the most severe ones to the front, else keep the order."""
    return sorted(findings, key=lambda finding: -finding.severity)
