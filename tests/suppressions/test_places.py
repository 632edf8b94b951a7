"""Where findings about comments stand, and what their fixes leave, in files of every kind."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mlsec_lint.findings import Problem, Span
from mlsec_lint.sources.lines import offset_of, split_lines
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.suppressions.apply import Outcome, Terms, apply
from mlsec_lint.suppressions.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    ids={"MLS101": "MLS101", "MLS103": "MLS103"},
    active=frozenset({"MLS101", "MLS991", "MLS992", "MLS993", "MLS994"}),
)
TERMS = Terms("2026-06-15", require_reason=True)
PIECES = st.sampled_from(
    [
        *(
            "# mlsec: ignore[MLS101] x",
            "# mlsec: disable[MLS101]",
            "# mlsec: enable[MLS101]",
            "# mlsec: ignore-file[nope]",
        ),
        *("# mlsec: ignore[MLS101, zzz, MLS103]", " until=2026-01-01", " until=x", "# noqa: S301", "# nosec"),
        *(
            "\n",
            "\n",
            "\n    ",
            "\t",
            "  ",
            "x = 1",
            "if a:",
            "%pip install x",
            "!ls $a",
            "%%bash",
            's = """',
            "'",
            "😀",
            "é",
            "\x0c",
        ),
    ]
)
CELL = st.lists(PIECES, max_size=8).map("".join)


def outcome_of(source: SourceFile) -> Outcome:
    return apply((), source.text, source.locate, VOCABULARY, TERMS)


def offsets(text: str, span: Span) -> tuple[int, int]:
    return offset_of(text, span.start_line, span.start_column), offset_of(text, span.end_line, span.end_column)


def is_removal(text: str, start: int, end: int) -> bool:
    """Whether what is between two offsets is a comment of ours and white space."""
    gone = text[start:end].strip()
    return gone.startswith("#") and "mlsec" in gone and len(split_lines(gone)) == 1


@settings(max_examples=150, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=4), st.booleans())
def test_in_a_notebook_every_place_and_every_edit_lies_in_its_cell(cells: list[str], listed: bool) -> None:
    sources = [text.splitlines(keepends=True) if listed else text for text in cells]
    code: list[object] = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    raw = json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    source = read_text(raw, "lab.ipynb")
    assert not isinstance(source, Problem)
    for own in outcome_of(source).own:
        assert own.location.cell is not None
        text, span = cells[own.location.cell.index], own.location.cell.span
        start, end = offsets(text, span)
        assert text[start:end].strip()
        for edit in own.fix.edits if own.fix else ():
            assert edit.cell is not None
            text, span = cells[edit.cell], edit.span
            start, end = offsets(text, span)
            assert edit.text or is_removal(text, start, end)


@settings(max_examples=150, deadline=None)
@given(CELL, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_in_a_file_every_place_is_what_it_speaks_of(text: str, newline: str, marked: bool) -> None:
    text = text.replace("\n", newline)
    source = read_text("\ufeff" * marked + text, "a.py")
    if isinstance(source, Problem):
        return
    for own in outcome_of(source).own:
        span = own.location.span
        start, end = offsets(text, span)
        said = text[start:end]
        assert said.startswith(("#", "MLS", "zzz", "nope", "until="))
        assert said == said.strip()
        for edit in own.fix.edits if own.fix else ():
            span = edit.span
            start, end = offsets(text, span)
            assert edit.text or is_removal(text, start, end)
