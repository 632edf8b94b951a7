"""The notebook format, versions 3 and 4: cells with their sources and where each source stands in the file.

Format: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from mlsec_lint.record import dataclass
from mlsec_lint.sources.json_walk import JsonWalk, MalformedJsonError
from mlsec_lint.sources.stored import StoredText, read_attachments, read_outputs

MOST_PIECES = 500_000
"""Strings that all cells may be made of together; one is a line of a cell as a rule."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_PYTHON = frozenset({"ipython", "pyspark", "pyspark3", "python", "python2", "python3"})


@dataclass(slots=True)
class CellText:
    """One cell as it stands in the file."""

    kind: str = "code"
    id: str | None = None
    language: str = ""
    """What the cell itself says, if it does."""
    offset: int = 0
    """Where its source starts in the file."""
    parts: list[str] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    stored: list[StoredText] = field(default_factory=list)
    """Its outputs, attachments and metadata."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with it, in words for people."""

    @property
    def source(self) -> str:
        """The text; what is no character (a lone surrogate) is replaced."""
        return _SURROGATE.sub("\ufffd", "".join(self.parts))

    @property
    def python(self) -> bool:
        """Whether the cell itself says nothing against Python."""
        return not self.language or self.language.lower() in _PYTHON


@dataclass(slots=True)
class NotebookText:
    """A notebook as it stands in its file."""

    language: str = ""
    cells: list[CellText] = field(default_factory=list)
    metadata: StoredText | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def python(self) -> bool:
        """Whether its kernel is a Python one; a notebook that does not say is taken for one."""
        return not self.language or self.language.lower() in _PYTHON


class TooManyPiecesError(ValueError):
    """The cells are made of more strings than `MOST_PIECES`."""


def parse_notebook(raw: str) -> NotebookText:
    """Read a notebook; raises `MalformedJsonError` and `TooManyPiecesError`."""
    walk = JsonWalk(raw)
    notebook = NotebookText()
    if walk.next() != "{":
        raise MalformedJsonError("a notebook is a JSON object", walk.offset)
    found = False
    for key in _members(walk, notebook.faults):
        if key in {"cells", "worksheets"}:
            found = True
            notebook.cells = list(_cells(walk) if key == "cells" else _worksheets(walk))
        elif key == "metadata":
            walk.next()
            start = walk.offset
            notebook.language = _language(walk)
            notebook.metadata = StoredText("metadata", start, walk.offset, "application/json")
        else:
            walk.skip()
    walk.end()
    if not found:
        raise MalformedJsonError("it has no key `cells`", 0)
    return notebook


def _members(walk: JsonWalk, faults: list[str]) -> Iterator[str]:
    """The keys of an object; one that is given again counts again, as for Jupyter, but is reported."""
    seen: set[str] = set()
    for key in walk.members():
        if key in seen and key in {"cells", "worksheets", "source", "input", "cell_type"}:
            faults.append(f"it has the key `{key}` twice; the last one counts")
        seen.add(key)
        yield key


def _worksheets(walk: JsonWalk) -> Iterator[CellText]:
    """The cells of version 3, sheet by sheet."""
    if not _enter(walk, "["):
        return
    for _ in walk.items():
        if not _enter(walk, "{"):
            continue
        for key in walk.members():
            if key == "cells":
                yield from _cells(walk)
            else:
                walk.skip()


def _cells(walk: JsonWalk) -> Iterator[CellText]:
    if walk.next() != "[":
        raise MalformedJsonError("`cells` should be a list", walk.offset)
    left = MOST_PIECES
    for _ in walk.items():
        cell = CellText(offset=walk.offset)
        if _enter(walk, "{"):
            _fill(cell, walk)
        else:
            cell.faults.append("it is no JSON object")
        left -= len(cell.pieces)
        if left < 0:
            raise TooManyPiecesError
        yield cell


def _fill(cell: CellText, walk: JsonWalk) -> None:
    for key in _members(walk, cell.faults):
        if key in {"source", "input"}:
            _read_source(cell, walk)
        elif key == "cell_type":
            cell.kind = walk.optional_string() or ""
        elif key == "id":
            cell.id = walk.optional_string()
        elif key == "language":
            cell.language = walk.optional_string() or cell.language
        elif key == "metadata":
            walk.next()
            start = walk.offset
            cell.language = _cell_language(walk) or cell.language
            cell.stored.append(StoredText("metadata", start, walk.offset, "application/json"))
        elif key == "outputs":
            cell.stored += read_outputs(walk)
        elif key == "attachments":
            cell.stored += read_attachments(walk)
        else:
            walk.skip()


def _read_source(cell: CellText, walk: JsonWalk) -> None:
    cell.parts, cell.pieces = [], []
    opening = walk.next()
    cell.offset = walk.offset
    if opening == '"':
        _add_piece(cell, walk, 0)
        return
    if not _enter(walk, "["):
        cell.faults.append("its source is neither a string nor a list of strings")
        return
    length = 0
    for _ in walk.items():
        if walk.next() == '"':
            length += _add_piece(cell, walk, length)
        else:
            walk.skip()
            cell.faults.append("its source has a part that is no string")


def _add_piece(cell: CellText, walk: JsonWalk, start: int) -> int:
    part, offset = walk.string()
    if part:
        cell.parts.append(part)
        cell.pieces.append((start, offset))
    return len(part)


def _enter(walk: JsonWalk, bracket: str) -> bool:
    """Whether a value of this type comes next; any other is passed over."""
    if walk.next() == bracket:
        return True
    walk.skip()
    return False


def _language(walk: JsonWalk) -> str:
    """What runs the notebook: what the kernel said of itself, or else what its specification says."""
    said = specified = ""
    if _enter(walk, "{"):
        for key in walk.members():
            if key == "language_info":
                said = _member(walk, "name")
            elif key == "kernelspec":
                specified = _member(walk, "language")
            else:
                walk.skip()
    return specified if specified.lower() in _PYTHON else said or specified


def _cell_language(walk: JsonWalk) -> str:
    """What an editor noted for a cell of a notebook with several languages."""
    language = ""
    if _enter(walk, "{"):
        for key in walk.members():
            if key == "vscode":
                language = _member(walk, "languageId")
            else:
                walk.skip()
    return language


def _member(walk: JsonWalk, wanted: str) -> str:
    """One string member of the object that comes next; empty if it has none."""
    value = ""
    if _enter(walk, "{"):
        for key in walk.members():
            if key == wanted:
                value = walk.optional_string() or ""
            else:
                walk.skip()
    return value
