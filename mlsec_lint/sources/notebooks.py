"""Notebooks as one Python module: the code cells one after the other, what is no Python blanked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field, replace

from mlsec_lint.findings import Problem, Span
from mlsec_lint.record import dataclass
from mlsec_lint.sources.cell import NotebookCell
from mlsec_lint.sources.json_walk import MalformedJsonError
from mlsec_lint.sources.lines import place_of, split_lines
from mlsec_lint.sources.magics import Magic, Stretch, blanked, fault, foreign, neutralised, stretches
from mlsec_lint.sources.nbformat import MOST_PIECES, CellText, NotebookText, TooManyPiecesError, parse_notebook
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.sources.stored import StoredText

_INDENT = re.compile(r"\s*^([ \t]+)\S", re.MULTILINE)


@dataclass(slots=True)
class _Module:
    """The virtual module while it grows."""

    parts: list[str] = field(default_factory=list)
    next_line: int = 1
    magics: list[Magic] = field(default_factory=list)
    faults: list[tuple[str, int, int, str]] = field(default_factory=list)
    """Message, line and column in the module, and hint."""


def notebook_source(file: SourceFile) -> SourceFile | Problem:
    """Complete a file of which only `path`, `raw` and `is_test` are known."""
    try:
        notebook = parse_notebook(file.raw)
    except TooManyPiecesError:
        return Problem(
            "bound", file.path, f"this notebook has more than {MOST_PIECES:,} lines of source", "split or exclude it"
        )
    except MalformedJsonError as error:
        line, column = place_of(file.raw, error.offset)
        message = f"this is no notebook: {error} (line {line}, column {column})"
        return Problem("notebook", file.path, message, "open it in Jupyter and save it again, or exclude it")
    module = _Module()
    cells = tuple(_add_cell(module, notebook, index, cell) for index, cell in enumerate(notebook.cells))
    stored = tuple(_stored(notebook))
    complete = replace(file, text="".join(module.parts), cells=cells, magics=tuple(module.magics), stored=stored)
    return replace(complete, problems=_problems(complete, notebook, module), notes=_notes(complete, notebook))


def _stored(notebook: NotebookText) -> Iterator[StoredText]:
    for index, cell in enumerate(notebook.cells):
        yield from (replace(item, cell=index) for item in cell.stored)
    if notebook.metadata is not None:
        yield notebook.metadata


def _add_cell(module: _Module, notebook: NotebookText, index: int, text: CellText) -> NotebookCell:
    pieces = tuple(text.pieces) or ((0, text.offset),)
    cell = NotebookCell(index, text.id, text.kind, text.source, pieces, module.next_line)
    if text.kind != "code" or not notebook.python or not text.python:
        return cell
    code = "\n".join(split_lines(cell.source))
    outer = _INDENT.match(code)
    indent = outer[1] if outer else ""
    if indent:
        code = re.sub(f"^{indent}", "", code, flags=re.MULTILINE)
    cell = replace(cell, checked=True, indent=indent)
    module.parts += [_python(module, cell, code), "\n"]
    module.next_line += cell.line_count
    return cell


def _python(module: _Module, cell: NotebookCell, code: str) -> str:
    """The Python of a cell, with as many lines as the cell has."""
    found = list(stretches(code))
    python = neutralised(code, found)
    wrong = fault(python + "\n")
    if wrong and (whole := foreign(code)):
        found, python, wrong = [whole], whole.neutral, None
    module.magics += [_magic(cell, code, stretch) for stretch in found]
    if not wrong:
        return python
    message, line, column = wrong
    said = f"cell {cell.index + 1} is no Python and was left out: {message}"
    module.faults.append((said, cell.first_line - 1 + line, column, "correct it or turn it into a raw cell"))
    return blanked(code)


def _magic(cell: NotebookCell, code: str, stretch: Stretch) -> Magic:
    line, column = place_of(code, stretch.start)
    end_line, end_column = place_of(code, stretch.end)
    before = cell.first_line - 1
    span = Span(before + line, column, before + end_line, end_column)
    return Magic(cell.index, line, code[stretch.start : stretch.end], span)


def _problems(file: SourceFile, notebook: NotebookText, module: _Module) -> tuple[Problem, ...]:
    syntax = [
        Problem("syntax", file.path, message, hint, file.locate(Span(line, column, line, column)))
        for message, line, column, hint in module.faults
    ]
    said = [f"this notebook is damaged: {words}" for words in notebook.faults]
    for index, cell in enumerate(notebook.cells):
        said += [f"cell {index + 1} is damaged: {words}" for words in dict.fromkeys(cell.faults)]
    hint = "open it in Jupyter and save it again"
    return (*syntax, *(Problem("notebook", file.path, words, hint) for words in said))


def _notes(file: SourceFile, notebook: NotebookText) -> tuple[str, ...]:
    code = [cell for cell in file.cells if cell.kind == "code"]
    foreign = sum(not cell.checked for cell in code)
    if not foreign:
        return ()
    if not notebook.python:
        return (f"{file.path}: not checked, its kernel runs another language than Python",)
    return (f"{file.path}: {foreign} of {len(code)} code cells are in another language than Python",)
