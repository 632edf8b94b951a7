from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from mlsec_lint.findings import Confidence, Finding, Frame, Location, Report, Severity, Span
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from mlsec_lint.report.paint import cell_width
from tests.report.samples import BANDIT, CELL, EMPTY, EVERYTHING, FLOW, HOSTILE, LOAD, PROBLEMS, RULES

QUIET = Options(summary=False)


def full(*findings: Finding) -> str:
    return render(Report("/project", findings), RULES, Format.FULL, QUIET)


def test_a_finding_in_full() -> None:
    assert (
        full(LOAD)
        == """\
high[MLS103] unsafe-torch-load: `torch.load` unpickles: a crafted file runs code on load
  --> src/serve.py:12:13 in Service.load
   |
11 | def load(path):
12 |     model = torch.load(path)
   |             ^^^^^^^^^^
13 |     return model
   |
   = confidence: medium; nothing pins torch
   = also: MLS207
   = help: Pass `weights_only=True`, or store tensors as safetensors.
   = fix: pass weights_only=True (unsafe)
   = docs: https://github.com/mlsec-lint/mlsec-lint/blob/main/docs/rules/MLS103.md

"""
    )


def test_a_flow_in_full() -> None:
    assert (
        full(FLOW)
        == """\
medium[MLS501] untrusted-text-in-instructions: `request.args` reaches the instructions
 --> src/llm.py:8:5
  |
8 |     prompt = f"You are {role}"
  |     ^^^^^^
  |
  = trace: 3 steps in 2 files
    1. src/views.py:3:12: a field of the request
3 |     role = request.args["role"]
  |            ^^^^^^^^^^^^
    2. src/views.py:4:5: is handed over
  ::: the flow enters src/llm.py
    3. src/llm.py:8:5: is spliced into instructions
8 |     prompt = f"You are {role}"
  |     ^^^^^^
  = help: Send it as a message of its own.
  = docs: https://github.com/mlsec-lint/mlsec-lint/blob/main/docs/rules/MLS501.md

"""
    )


def test_notebooks_name_the_cell() -> None:
    assert " --> nb/train.ipynb:cell 3:1:5\n" in full(CELL)
    assert "1 | m = torch.load(path)\n  |     ^^^^^^^^^^\n" in full(CELL)


def test_several_lines_are_marked_without_their_indentation() -> None:
    shown = full(BANDIT)
    assert (
        "2 | subprocess.run(\n  | ^^^^^^^^^^^^^^^\n3 |     cmd, shell=True\n  |     ^^^^^^^^^^^^^^^\n4 | )\n  | ^\n"
    ) in shown


def test_long_stretches_are_cut_in_the_middle() -> None:
    lines = tuple(f"line{number}" for number in range(1, 21))
    shown = full(replace(BANDIT, frame=Frame(1, lines, Span(1, 1, 20, 7))))
    assert "line5" in shown
    assert "line6" not in shown
    assert "...\n" in shown
    assert "20 | line20\n   | ^^^^^^\n" in shown


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("\tx = torch.load(p)", "torch.load"),
        ("名前 = torch.load(p)", "torch.load"),
        ("'👍👍', torch.load(p)", "torch.load"),
        ("x = '漢字'", "'漢字'"),
        ("e\u0301 = torch.load(p)", "torch.load"),
        ("'\u202e', torch.load(p)", "torch.load"),
        ("##[x], torch.load(p)", "torch.load"),
        ("torch.load(p)", "torch.load"),
    ],
)
def test_carets_stand_below_the_marked_stretch(line: str, marked: str) -> None:
    start = line.index(marked) + 1
    finding = replace(LOAD, frame=Frame(7, (line,), Span(7, start, 7, start + len(marked))))
    code, carets = re.findall(r"^(?:7| ) \| (.*)$", full(finding), re.MULTILINE)
    assert cell_width(carets) == cell_width(code[: code.index(marked) + len(marked)])
    assert carets.count("^") == cell_width(marked)


def test_an_empty_stretch_has_one_caret() -> None:
    shown = full(replace(LOAD, frame=Frame(1, ("",), Span(1, 1, 1, 1))))
    assert "1 |\n  | ^\n" in shown


def test_stretches_outside_the_frame_break_nothing() -> None:
    for span in (Span(90, 1, 91, 5), Span(1, 80, 1, 99)):
        assert "1 | abc\n" in full(replace(LOAD, frame=Frame(1, ("abc",), span)))


def test_problems_name_file_and_next_step() -> None:
    shown = render(EVERYTHING, RULES, Format.FULL)
    assert (
        "error[syntax]: line 3: Missing parentheses in call to 'print'\n  --> old.py:3:1\n   = help: Python 2?\n"
        in shown
    )
    assert "error[undecodable]: byte 0xff at 7\n  --> b\\udcffd.py\n" in shown


def test_the_summary_counts_everything() -> None:
    assert render(EVERYTHING, RULES, Format.FULL).endswith("""\
5 findings in 5 files: 3 high, 1 medium, 1 low. --fix --unsafe-fixes fixes 2 of them.
Checked 120 files (34,512 lines of Python), 12 excluded, 4 not (wholly) analysed.
1 finding suppressed by comments (--no-ignores shows them).
Not shown: 4 with --min-severity info, 10 with --profile strict.
note: 2 files are ignored by git; --no-gitignore checks them.
""")


def test_nothing_found_and_nothing_looked_at_are_not_the_same() -> None:
    assert render(EMPTY, RULES, Format.FULL) == "No findings.\nChecked 0 files (0 lines of Python).\n"
    unfinished = render(Report("/project", problems=PROBLEMS[:1]), RULES, Format.CONCISE)
    assert "No findings, but not everything was analysed.\n" in unfinished


def test_concise_is_one_line_each() -> None:
    assert render(Report("/p", (LOAD, CELL), problems=PROBLEMS[:1]), RULES, Format.CONCISE, QUIET) == (
        "src/serve.py:12:13: MLS103 [high] `torch.load` unpickles: a crafted file runs code on load\n"
        "nb/train.ipynb:cell 3:1:5: MLS103 [high] `torch.load` unpickles: a crafted file runs code on load\n"
        "old.py:3:1: error[syntax] line 3: Missing parentheses in call to 'print'\n"
    )


@pytest.mark.parametrize("form", [Format.FULL, Format.CONCISE])
def test_hostile_text_controls_nothing(form: Format) -> None:
    plain = render(EVERYTHING, RULES, form)
    assert not {unicodedata.category(character) for character in plain.replace("\n", "")} & {"Cc", "Cs"}
    assert "\u202e" not in plain
    assert "##[" not in plain
    assert not any(line.lstrip().startswith("::error") for line in plain.splitlines())
    plain.encode("utf-8")


def test_a_path_that_looks_like_a_command_does_not_start_a_line() -> None:
    path = "::error title=x::y.py"
    finding = replace(HOSTILE, location=Location(path, Span(1, 1, 1, 2)))
    assert render(Report("/p", (finding,)), RULES, Format.CONCISE, QUIET).startswith(f"./{path}:1:1: ")


@pytest.mark.parametrize("form", [Format.FULL, Format.CONCISE])
def test_colour_changes_nothing_but_colour(form: Format) -> None:
    painted = render(EVERYTHING, RULES, form, Options(colour=True))
    plain = render(EVERYTHING, RULES, form)
    assert re.search(r"\x1b\[1;31mhigh|\x1b\[1;31m\[high\]", painted)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", painted)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()
    assert not re.search(r"\x1b(?!\[[0-9;]*m)", painted)


def test_markup_of_rich_is_only_text() -> None:
    finding = replace(LOAD, message="[bold red]x[/] [link=http://evil.example]y[/link]")
    assert "[bold red]x[/] [link=http://evil.example]y[/link]" in render(
        Report("/p", (finding,)), RULES, Format.CONCISE, Options(colour=True)
    )


def test_every_severity_and_confidence_can_be_shown() -> None:
    for severity in Severity:
        for confidence in Confidence:
            shown = full(replace(LOAD, severity=severity, confidence=confidence, reasons=()))
            assert shown.startswith(f"{severity.label}[MLS103]")
            assert (f"confidence: {confidence.label}\n" in shown) == (confidence < Confidence.HIGH)


def test_an_unknown_rule_is_still_reported() -> None:
    assert full(replace(LOAD, rule="XYZ1")).startswith("high[XYZ1] xyz1: ")
