from __future__ import annotations

import json
import pickle
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Cell, Problem, Span
from mlsec_lint.sources.lines import NEWLINE, split_lines
from mlsec_lint.sources.magics import SHELL
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile


def code(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source, **more}


def notebook(*cells: object, **metadata: object) -> str:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def read(text: str) -> SourceFile:
    file = read_text(text, "n.ipynb")
    assert isinstance(file, SourceFile), file
    return file


def on_disk(file: SourceFile, span: Span) -> str:
    """The JSON text at the place on disk of a span of the module."""
    place = file.locate(span).span
    lines = split_lines(file.raw)
    assert place.start_line == place.end_line
    return lines[place.start_line - 1][place.start_column - 1 : place.end_column - 1]


# Every way that JSON has to spell a character.
@st.composite
def spelled_strings(draw: st.DrawFn) -> tuple[list[str], str]:
    """The characters of a text, each as JSON spells it, and the text."""
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from(
        '"\\\n\r\t/\x0c\u2028😀'
    )
    text = draw(st.text(alphabet, max_size=12))
    return [draw(spelling(character)) for character in text], text


def spelling(character: str) -> st.SearchStrategy[str]:
    ways = {json.dumps(character)[1:-1]}
    if character == "/":
        ways |= {"/", "\\/"}
    elif character >= " " and character not in '"\\':
        ways.add(character)
    if ord(character) < 0x10000:
        ways |= {f"\\u{ord(character):04x}", f"\\u{ord(character):04X}"}
    return st.sampled_from(sorted(ways))


@given(st.lists(st.lists(spelled_strings(), max_size=4), min_size=1, max_size=3), st.sampled_from(["", "\n", "\r\n "]))
def test_every_character_is_found_where_json_spells_it(cells: list[list[tuple[list[str], str]]], gap: str) -> None:
    shown = ",".join(
        '{"cell_type":"code","source":[' + gap + f",{gap}".join('"' + "".join(part) + '"' for part, _ in parts) + "]}"
        for parts in cells
    )
    file = read('{"cells":[' + shown + "]}")
    for cell, parts in zip(file.cells, cells, strict=True):
        spelled = [character for part, _ in parts for character in part]
        text = "".join(part for _, part in parts)
        assert cell.source == text
        line, column = 1, 1
        for offset, character in enumerate(text):
            end = Span(line, column, line, column + 1)
            if character not in "\r\n":
                place = cell.on_disk(file.raw, end)
                raw_line = split_lines(file.raw)[place.start_line - 1]
                assert raw_line[place.start_column - 1 : place.end_column - 1] == spelled[offset]
            found = NEWLINE.match(text, offset)
            broken = character == "\n" or (found is not None and found[0] == "\r")
            line, column = (line + 1, 1) if broken else (line, column + 1)


@given(st.lists(spelled_strings(), min_size=1, max_size=4), st.booleans())
def test_every_character_of_an_output_is_found_where_json_spells_it(
    parts: list[tuple[list[str], str]], joined: bool
) -> None:
    parts = [
        ([character for part, _ in parts for character in part], "".join(text for _, text in parts))
    ] * joined or parts
    value = ",\n ".join('"' + "".join(spelled) + '"' for spelled, _ in parts)
    output = '{"output_type":"stream","text":' + (value if joined else f"[{value}]") + "}"
    file = read('{"cells":[{"cell_type":"code","source":"a","outputs":[{"data":{"image/png":"AA"}},' + output + "]}]}")
    (stored,) = file.stored
    shown, start = stored.text(file.raw), file.raw.index(value) + len('"')
    assert (stored.cell, stored.output, stored.part, len(shown)) == (0, 1, "output", stored.end - stored.start)
    before = ""
    for spelled, text in parts:
        for spelling_, character in zip(spelled, text, strict=True):
            end = start + len(spelling_) - stored.start
            if ord(character) < 0x10000 and character != "\x1b":
                assert shown[end - 1] == (character if character >= " " or character in "\n\r\t" else " ")
            place = stored.on_disk(file.raw, start - stored.start, end)
            assert (
                split_lines(file.raw)[place.start_line - 1][place.start_column - 1 : place.end_column - 1] == spelling_
            )
            lines = NEWLINE.split(before)
            inside = stored.inside(file.raw, start - stored.start, end)
            if not before.endswith("\r"):
                assert (inside.start_line, inside.start_column) == (len(lines), len(lines[-1]) + 1)
            before += character
            start += len(spelling_)
        start += len('",\n "')


@given(st.lists(st.text(st.sampled_from("a=1 ('\n\r\t\\\"#!%?😀\f{}$"), max_size=25), max_size=5))
def test_the_module_keeps_the_shape_of_every_cell(sources: list[str]) -> None:
    file = read(notebook(*map(code, sources)))
    lines = file.text.split("\n")
    for cell in file.cells:
        shown = split_lines(cell.source)
        module = lines[cell.first_line - 1 : cell.first_line - 1 + len(shown)]
        assert [len(line) for line in shown] == [
            len(line) + (len(cell.indent) if said.startswith(cell.indent) else 0)
            for line, said in zip(module, shown, strict=True)
        ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that mean nothing
        compile(file.text, "module", "exec", flags=0x2400, dont_inherit=True)  # ONLY_AST | ALLOW_TOP_LEVEL_AWAIT


def test_a_place_has_its_cell_and_its_place_in_the_json() -> None:
    file = read(notebook({"cell_type": "markdown", "source": "# hi"}, code(["import os\n", 'x = "a\\n"'], id="abc")))
    span = Span(2, 5, 2, 10)
    assert file.text == 'import os\nx = "a\\n"\n'
    assert on_disk(file, span) == '\\"a\\\\n\\"'
    assert file.locate(span).cell == Cell(1, "abc", Span(2, 5, 2, 10))
    assert file.frame(span).lines == ("import os", 'x = "a\\n"')


def test_a_span_over_two_cells_is_cut_at_the_end_of_the_first() -> None:
    file = read(notebook(code("a = 1"), code("b = 2")))
    assert file.locate(Span(1, 1, 2, 6)).cell == Cell(0, None, Span(1, 1, 1, 6))


def test_version_3_has_worksheets_and_inputs() -> None:
    sheet = {"cells": [{"cell_type": "heading", "source": "h"}, {"cell_type": "code", "input": ["a = 1"]}]}
    file = read(
        json.dumps({"nbformat": 3, "worksheets": [sheet, {"cells": [{"cell_type": "code", "input": "b = 2"}]}]})
    )
    assert file.text == "a = 1\nb = 2\n"
    assert [cell.index for cell in file.cells] == [0, 1, 2]


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline", "pass              "),
        ("!ls", "0  "),
        ("if x:\n    !pip install -U torch", "if x:\n    pass                 "),
        ("files = !ls *.py", "files = _       "),
        ("%time model = f(x)", "pass ;model = f(x)"),
        ("x = %timeit -n 10 -o f()", "x = " + " " * 17 + "f()"),
        ("x = %sql select 1", "x = _            "),
        ("frame.head?", "pass       "),
        ("!ls {path} | head", f"{SHELL}(   path)       "),
        ("!{command}", f"{SHELL}(command)"),
        ("!ls $name", f"{SHELL}(  name)"),
        ("x = !ls {a.b[0]} $c  # why", f"x = {SHELL}(   a.b[0]  ,c) # why"),
        ("!pip install \\\n {name}", f"{SHELL}(            \n  name)"),
        ("!awk '{print $1}' f", "pass               "),
        ("!echo {{x}} $$", "pass          "),
        ("??f", "0  "),
        ("!pip install \\\n  torch", "pass          \n       "),
        ("!pip list  # mlsec: ignore[MLS004] why", "pass       # mlsec: ignore[MLS004] why"),
        ("pip install torch", "pass             "),
        ("%%time\nf()", "#     \nf()"),
        ("%%time\n%%capture out\nf()", "#     \n#            \nf()"),
        ("%%time f()", "pass  ;f()"),
        ("%%bash\nls", "######\n##"),
        ("%sql select\n* from t", "###########\n########"),
        ("  a = 1\n  b = 2", "a = 1\nb = 2"),
        ("await f()", "await f()"),
    ],
)
def test_magics_give_way_to_neutral_code_of_the_same_length(cell: str, python: str) -> None:
    file = read(notebook(code(cell)))
    assert file.text == python + "\n"
    assert file.problems == ()


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n% b)",
        "x = '''\n!ls\n%cd\n'''",
        'x = """\n\\"""\n!ls"""',
        "x = a \\\n% b",
        "x != y",
        "f'{x!r}' '?'",
        "# what?",
        "cat = 1\ncat if cat else 2",
        "ls in x",
        "d = {\n  'a': 1 % 2,\n}",
    ],
)
def test_python_is_left_alone(cell: str) -> None:
    file = read(notebook(code(cell)))
    assert file.text == cell + "\n"
    assert file.magics == ()


def test_magics_are_kept_with_their_places() -> None:
    file = read(notebook(code("a = 1"), code(["if a:\n", "  !pip install \\\n", "    torch\n", "x = !ls"])))
    assert [(magic.cell, magic.line, magic.text) for magic in file.magics] == [
        (1, 2, "!pip install \\\n    torch"),
        (1, 4, "!ls"),
    ]
    assert on_disk(file, file.magics[1].span) == "!ls"


def test_a_cell_that_does_not_parse_costs_that_cell_only() -> None:
    file = read(notebook(code("a = 1"), code(["b = 1\n", "c = = 2"]), code("d = 3")))
    assert file.text == "a = 1\n#####\n#######\nd = 3\n"
    (problem,) = file.problems
    assert (problem.kind, problem.message.split(":")[0]) == ("syntax", "cell 2 is no Python and was left out")
    assert problem.location
    assert problem.location.cell == Cell(1, None, Span(2, 5, 2, 5))


def test_an_open_bracket_or_backslash_does_not_swallow_the_next_cell() -> None:
    file = read(notebook(code("a = ("), code("b = 1 \\"), code("c = 2)"), code("d = 1")))
    assert file.text.split("\n")[-2] == "d = 1"
    assert len(file.problems) == 3


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": {"language": "julia", "name": "julia-1.9"}}, {"language_info": {"name": "R"}}],
)
def test_another_kernel_is_noted_and_not_checked(metadata: dict[str, object]) -> None:
    file = read(notebook(code("x <- 1"), **metadata))
    assert (file.text, file.problems) == ("", ())
    assert "another language" in file.notes[0]


def test_a_cell_of_another_language_is_noted() -> None:
    file = read(notebook(code("select 1", metadata={"vscode": {"languageId": "sql"}}), code("a = 1")))
    assert file.text == "a = 1\n"
    assert "1 of 2 code cells" in file.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"cells": 5}',
        '{"cells": [',
        '{"cells": [{"source": "a}]}',
        '{"a": 1}',
        '{"cells": []} x',
        "\x00",
    ],
)
def test_what_is_no_notebook_is_a_problem(text: str) -> None:
    problem = read_text(text, "n.ipynb")
    assert isinstance(problem, Problem)
    assert problem.hint


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('{"cell_type": "code", "source": 5}', "neither a string nor a list"),
        ('{"cell_type": "code", "source": ["a = 1", 5]}', "no string"),
        ('{"cell_type": "code", "source": "old", "source": "a = 1"}', "twice"),
        ("[]", "no JSON object"),
    ],
)
def test_a_damaged_cell_is_reported_and_the_others_are_read(cell: str, words: str) -> None:
    file = read('{"cells": [' + cell + ', {"cell_type": "code", "source": "b = 2"}]}')
    assert file.text.endswith("b = 2\n")
    assert [problem.kind for problem in file.problems] == ["notebook"]
    assert words in file.problems[0].message


def test_deep_nesting_is_passed_over() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert read('{"metadata": ' + deep + ', "cells": [{"cell_type": "code", "source": "a"}]}').text == "a\n"


def test_what_lies_beside_the_code_is_found() -> None:
    cell = code(
        "a",
        metadata={"tags": ["x"]},
        outputs=[
            {"output_type": "display_data", "data": {"image/png": "AAAA", "text/html": ["<b>"]}, "metadata": {}},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mt\x1b[0m"]},
            {"output_type": "pyout", "html": "<i>", "png": "AAAA"},
            5,
        ],
    )
    image = {"a.png": {"image/png": "AAAA"}, "b.txt": {"text/plain": "b"}, "c": 5}
    file = read(notebook(cell, {"cell_type": "markdown", "source": "", "attachments": image}, papermill={"k": "v"}))
    assert [(item.part, item.cell, item.output, item.mime) for item in file.stored] == [
        ("metadata", 0, None, "application/json"),
        ("output", 0, 0, "text/html"),
        ("metadata", 0, 0, "application/json"),
        ("output", 0, 1, "text/plain"),
        ("output", 0, 1, "text/plain"),
        ("output", 0, 2, "text/html"),
        ("attachment", 1, None, "text/plain"),
        ("metadata", None, None, "application/json"),
    ]
    assert file.stored[4].text(file.raw).split() == ["[", "t", "]"]


@pytest.mark.parametrize(
    "outputs", ["5", "{}", "[[]]", '[{"text": 5}]', '[{"data": []}]', '[{"text": ' + "[" * 9_999 + "]" * 9_999 + "}]"]
)
def test_odd_outputs_are_passed_over(outputs: str) -> None:
    file = read('{"cells": [{"cell_type": "code", "source": "a", "attachments": 5, "outputs": ' + outputs + "}]}")
    assert (file.text, file.problems) == ("a\n", ())
    for stored in file.stored:
        stored.text(file.raw)


def test_lone_surrogates_are_replaced() -> None:
    file = read('{"cells": [{"cell_type": "code", "source": "a = \'\\ud800\'; b = 1"}]}')
    assert file.text == "a = '\ufffd'; b = 1\n"
    assert on_disk(file, Span(1, 10, 1, 11)) == "b"
    file.text.encode("utf-8")


def test_five_megabytes_of_outputs_are_read_in_seconds() -> None:
    cells = [code([f"a = {n}\n" for n in range(30)], outputs=[{"text": ["x\n"] * 200, "png": "A" * 60_000}])] * 80
    raw = notebook(*cells)
    assert len(raw) > 5_000_000
    start = time.process_time()
    read(raw)
    assert time.process_time() - start < 3  # about 0.1 on a quiet machine


def test_it_can_be_pickled() -> None:
    file = read(notebook(code("!ls\na = 1"), code("(")))
    assert pickle.loads(pickle.dumps(file)) == file
