"""The fixes for comments without effect: what is left is the file without them, to the character."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Edit, Finding, Fix, Problem, Safety, Span
from mlsec_lint.sources.lines import offset_of
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.suppressions.apply import Terms, apply
from mlsec_lint.suppressions.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    ids={name: name for name in ("MLS101", "MLS103", "unsafe-torch-load")} | {"unsafe-torch-load": "MLS103"},
    active=frozenset({"MLS101", "MLS103", "MLS991", "MLS992", "MLS993"}),
)
TODAY = Terms("2026-06-15")


def source_of(text: str, path: str = "a.py") -> SourceFile:
    source = read_text(text, path)
    assert not isinstance(source, Problem)
    return source


def own(source: SourceFile) -> tuple[Finding, ...]:
    return apply((), source.text, source.locate, VOCABULARY, TODAY).own


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    offsets = [
        (
            offset_of(text, edit.span.start_line, edit.span.start_column),
            offset_of(text, edit.span.end_line, edit.span.end_column),
            edit.text,
        )
        for edit in edits
    ]
    for start, end, put in sorted(offsets, reverse=True):
        text = text[:start] + put + text[end:]
    return text


def fixed(text: str) -> str:
    """The text after one fix at a time, until none is left."""
    for _ in range(10):
        fixes = [item.fix for item in own(source_of(text)) if item.fix and item.fix.safety is Safety.SAFE]
        if not fixes:
            return text
        text = edited(text, fixes[0].edits)
    raise AssertionError("the fixes have no end")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("x = 1  # mlsec: ignore[MLS101] ours\n", "x = 1\n"),
        ("x = 1\t# mlsec: ignore[MLS101]\r\ny\r\n", "x = 1\r\ny\r\n"),
        ("a = '😀'  # mlsec: ignore[MLS101] 😀", "a = '😀'"),
        ("a\n# mlsec: ignore[MLS101] ours\nb\n", "a\nb\n"),
        ("a\r\n\t# mlsec: ignore[MLS101] ours\r\nb\r\n", "a\r\nb\r\n"),
        ("a\n# mlsec: ignore[MLS101] at the end", "a"),
        ("# mlsec: ignore[MLS101] all there is", ""),
        ("# mlsec: ignore[MLS101] all there is\n", ""),
        ("x  # mlsec: ignore[MLS101, nonsense] both\n", "x\n"),
        ("x  # mlsec: ignore[MLS101] ours  # noqa: E501\n", "x  # noqa: E501\n"),
        ("x  # type: ignore  # mlsec: ignore[MLS101] ours\n", "x  # type: ignore\n"),
        ("# mlsec: ignore[MLS101] a  # noqa: E501\nx\n", "# noqa: E501\nx\n"),
        ("x  # mlsec: ignore[MLS101] until=2026-06-14 was fine\n", "x\n"),
        ("# mlsec: disable[MLS101] x\na\n# mlsec: enable[MLS101]\n", "a\n"),
        ("# mlsec: disable[MLS101] until=2026-01-01\na\n# mlsec: enable[MLS101]\nb", "a\nb"),
        ("# mlsec: enable[MLS101]\na\n", "a\n"),
        ("# mlsec: ignore-file[MLS101] x\na\n", "a\n"),
        ("# mlsec: ignore-file[MLS101] x\n# why\na\n", "# why\na\n"),
        ("x  # mlsec: ignore[MLS1O1] a slip keeps its place\n", "x  # mlsec: ignore[MLS1O1] a slip keeps its place\n"),
        ("x  # mlsec: ignore\n", "x  # mlsec: ignore\n"),
    ],
)
def test_what_has_no_effect_is_removed(text: str, rest: str) -> None:
    assert fixed(text) == rest


def test_names_with_an_effect_stay_at_both_ends_of_a_range() -> None:
    vocabulary = Vocabulary(VOCABULARY.ids, VOCABULARY.active - {"MLS103"})
    text = "# mlsec: disable[MLS103,  MLS101] x\na\n# mlsec: enable[MLS101, MLS103]\n"
    (found,) = apply((), text, source_of(text).locate, vocabulary, TODAY).own
    assert found.fix is not None
    assert found.fix.message == "Remove `MLS101` from the suppression."
    assert edited(text, found.fix.edits) == "# mlsec: disable[MLS103] x\na\n# mlsec: enable[MLS103]\n"


def test_a_slip_is_mended_as_an_unsafe_fix_for_that_silences_findings() -> None:
    text = "x  # mlsec: ignore[unsafe-torch-laod] ours\n"
    (found,) = own(source_of(text))
    assert found.fix is not None
    assert found.fix.safety is Safety.UNSAFE
    assert edited(text, found.fix.edits) == "x  # mlsec: ignore[unsafe-torch-load] ours\n"


def test_a_byte_order_mark_is_no_character_of_the_text() -> None:
    (found,) = own(source_of("\ufeffx = 1  # mlsec: ignore[MLS101]\n"))
    assert found.fix == Fix("Remove the suppression.", (Edit(Span(1, 6, 1, 31), ""),), Safety.SAFE)


def test_a_comment_with_very_many_names_is_left_to_its_author() -> None:
    names = ",".join(f"xq{index}" for index in range(5_000))
    found = own(source_of(f"x  # mlsec: ignore[{names}]"))
    assert (len(found), {item.fix for item in found}) == (5_000, {None})


CELLS = {
    "%pip install torch\n# mlsec: ignore[MLS101] x\n": "%pip install torch\n",
    "%pip install torch\n# mlsec: ignore[MLS101] x": "%pip install torch",
    "!ls -la  {a}\n# mlsec: ignore[MLS101] x": "!ls -la  {a}",
    "# mlsec: ignore[MLS101] x": "",
    "# mlsec: ignore[MLS101] x\na": "a",
    'a = \'"😀\\n\'  # mlsec: ignore[MLS101] "x"\nb': "a = '\"😀\\n'\nb",
    "    # mlsec: ignore[MLS101] x\n    a\n": "    a\n",
    "    a\n    # mlsec: ignore[MLS101] x": "    a",
    "a\n\t# mlsec: ignore[MLS101] x\n\nb": "a\n\nb",
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_notebooks_comments_are_removed_from_their_cell(cell: str) -> None:
    cells = ["x = 1", cell, "y = 2\n"]
    listed = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": text.splitlines(keepends=True)} for text in cells
    ]
    raw = json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (found,) = own(source_of(raw, "lab.ipynb"))
    assert found.fix is not None
    assert {edit.cell for edit in found.fix.edits} == {1}
    assert edited(cell, found.fix.edits) == CELLS[cell]


def test_a_range_over_two_cells_is_removed_from_both() -> None:
    cells = ["x = 1\n# mlsec: disable[MLS101] x", "y = 2\n", "# mlsec: enable[MLS101]\nz = 3"]
    listed = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text} for text in cells]
    raw = json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (found,) = own(source_of(raw, "lab.ipynb"))
    assert found.fix is not None
    for index, rest in ((0, "x = 1"), (2, "z = 3")):
        assert edited(cells[index], tuple(edit for edit in found.fix.edits if edit.cell == index)) == rest


LINES = st.sampled_from(
    [
        "x = 1",
        "",
        "    pass",
        "\ty = '😀'",
        's = """',
        "t # noqa: E501",
        "# prose",
        "if a:",
        "\f",
        "f'{a}'",
        "u = (",
        ")",
    ]
)


@given(st.lists(LINES, max_size=8), st.integers(0, 8), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_removing_a_line_of_its_own_gives_back_the_other_lines(
    lines: list[str], at: int, newline: str, ended: bool
) -> None:
    comment = "# mlsec: ignore[MLS101] ours"
    before, after = lines[:at], lines[at:]
    text = newline.join([*before, comment, *after]) + newline * ended
    found = own(source_of(text))
    if not found:  # it stands in a string
        return
    ((edit,),) = {item.fix.edits for item in found if item.fix}
    expected = newline.join([*before, *after]) + newline * (ended and bool(lines))
    assert edited(text, (edit,)) == expected
