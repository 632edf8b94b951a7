"""A file that is being mended: its bytes, and how edits of what is checked change them."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence

from mlsec_lint.findings import Edit, Problem
from mlsec_lint.record import dataclass
from mlsec_lint.sources.cell import NotebookCell
from mlsec_lint.sources.decoding import declared_encoding
from mlsec_lint.sources.lines import offset_of
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.edits import TextEdit, applied


class UnchangeableError(Exception):
    """A file whose bytes cannot be changed without changing more; the message says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a file and the text that they spell."""

    data: bytes
    source: SourceFile

    @classmethod
    def of(cls, data: bytes, shown: str) -> Document:
        """Read bytes; raises UnchangeableError for those that the text would not give back."""
        source = read_text(data, shown, len(data))
        if isinstance(source, Problem):
            raise UnchangeableError(source.message)
        document = cls(data, source)
        if document._encoded(source.raw) != data:
            raise UnchangeableError("it cannot be written back exactly as it is")
        return document

    def with_edits(self, edits: Sequence[Edit]) -> bytes:
        """The bytes after some edits, none of which overlap. Raises UnchangeableError."""
        placed = sorted(map(self._on_disk, edits), key=lambda edit: edit[:2])
        return self._encoded(applied(self.source.raw, placed))

    def _on_disk(self, edit: Edit) -> TextEdit:
        """Where an edit starts and ends in the text on disk, and how its own text is spelled there."""
        raw, span, text = self.source.raw, edit.span, edit.text
        if edit.cell is not None:
            cell = self.source.cells[edit.cell]
            span, text = cell.on_disk(raw, span), _spelled(cell, raw, text)
        start = offset_of(raw, span.start_line, span.start_column)
        return TextEdit(start, offset_of(raw, span.end_line, span.end_column), text)

    def _encoded(self, raw: str) -> bytes:
        mark = codecs.BOM_UTF8 if self.data.startswith(codecs.BOM_UTF8) else b""
        encoding = "utf-8" if self.source.cells else declared_encoding(self.data.removeprefix(mark))
        try:
            return mark + raw.encode(encoding)
        except (UnicodeError, LookupError):
            raise UnchangeableError(f"{encoding} cannot spell what would stand there") from None


def _spelled(cell: NotebookCell, raw: str, text: str) -> str:
    """A text as the JSON strings of a cell spell it: each of its lines a string where the cell has it so."""
    newline = json.dumps("\r\n" if "\r\n" in cell.source else "\n")[1:-1]
    lines = [json.dumps(line, ensure_ascii=raw.isascii())[1:-1] for line in text.split("\n")]
    return f"{newline}{cell.between(raw)}".join(lines)
