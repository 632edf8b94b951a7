from __future__ import annotations

from dataclasses import replace

from mlsec_lint.findings import Finding, Location, Problem, Report, Severity, Span
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from tests.report.samples import BANDIT, CELL, EMPTY, EVERYTHING, FLOW, LOAD, PROBLEMS, RULES


def lines(report: Report, *, summary: bool = False) -> list[str]:
    return render(report, RULES, Format.GITHUB, Options(summary=summary)).splitlines()


def numbered(number: int, severity: Severity) -> tuple[Finding, ...]:
    return tuple(
        replace(LOAD, severity=severity, location=Location("a.py", Span(line, 1, line, 2)))
        for line in range(1, number + 1)
    )


def test_one_command_a_finding() -> None:
    assert lines(Report("/p", (LOAD,))) == [
        (
            "::error file=src/serve.py,line=12,endLine=12,col=13,endColumn=23,title=MLS103 (high)::"
            "`torch.load` unpickles: a crafted file runs code on load%0A"
            "Pass `weights_only=True`, or store tensors as safetensors.%0A"
            "https://github.com/mlsec-lint/mlsec-lint/blob/main/docs/rules/MLS103.md"
        )
    ]


def test_columns_only_when_one_line_is_marked() -> None:
    assert lines(Report("/p", (BANDIT,)))[0].startswith("::notice file=src/tool.py,line=2,endLine=4,title=B602 (low)::")


def test_notebooks_point_at_the_raw_file_and_name_the_cell() -> None:
    (line,) = lines(Report("/p", (CELL,)))
    assert line.startswith("::error file=nb/train.ipynb,line=40,")
    assert "::cell 3, line 1: `torch.load`" in line


def test_the_worst_come_first_and_the_rest_is_counted() -> None:
    findings = (*numbered(3, Severity.LOW), *numbered(12, Severity.HIGH), FLOW, *numbered(2, Severity.CRITICAL))
    shown = lines(Report("/p", findings))
    assert [line.split(" ")[0] for line in shown] == [*["::error"] * 10, "::warning", *["::notice"] * 3, "4"]
    assert "critical" in shown[0]
    assert "critical" in shown[1]
    assert shown[-1] == "4 of 14 errors are not shown as annotations: GitHub takes 10 of a kind."


def test_problems_are_errors() -> None:
    assert lines(Report("/p", problems=PROBLEMS[:2])) == [
        (
            "::error file=old.py,line=3,endLine=3,col=1,endColumn=6,title=not analysed (syntax)::"
            "line 3: Missing parentheses in call to 'print'%0APython 2?"
        ),
        "::error file=b\\udcffd.py,title=not analysed (undecodable)::byte 0xff at 7%0ASave it as UTF-8.",
    ]


def test_what_was_not_analysed_is_named_however_many_annotations_there_are() -> None:
    problems = tuple(
        Problem("syntax", f"broken_{number}.py", "no Python\n::error::x", "mend it") for number in range(8)
    )
    for findings in (numbered(5, Severity.HIGH), numbered(12, Severity.HIGH)):
        shown = lines(Report("/p", findings, problems=problems))
        for number in range(8):
            (line,) = [line for line in shown if f"broken_{number}.py" in line]
            assert line.startswith(("::error file=broken_", f"not analysed (syntax): broken_{number}.py: no Python"))
        assert sum(line.startswith("::error") for line in shown) == 10


def test_hostile_text_makes_no_command_of_its_own() -> None:
    shown = lines(EVERYTHING)
    assert len(shown) == len(EVERYTHING.findings) + len(PROBLEMS)
    for line in shown:
        command, separator, _message = line.removeprefix("::").partition("::")
        assert separator
        kind, _, properties = command.partition(" ")
        assert kind in {"error", "warning", "notice"}
        keys = [pair.partition("=")[0] for pair in properties.split(",")]
        assert set(keys) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert len(keys) == len(set(keys))
        assert "##[" not in line
        assert line.isprintable()


def test_the_summary_is_no_command() -> None:
    assert lines(EMPTY, summary=True) == ["No findings.", "Checked 0 files (0 lines of Python)."]
