from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from mlsec_lint.cli.exit_status import exit_status
from mlsec_lint.cli.failure import Failure
from mlsec_lint.cli.output import OutputError, check_target, write
from mlsec_lint.cli.terminal import progress, progress_line, wants_colour
from mlsec_lint.findings import Confidence, Finding, Location, Problem, Report, Severity, Span


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour(choice: str, environment: dict[str, str], terminal: bool, expected: bool) -> None:
    stream = Terminal() if terminal else io.StringIO()
    assert wants_colour(choice, stream, environment) is expected


def test_progress_is_for_terminals_only_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert progress(io.StringIO()) is None
    terminal = Terminal()
    tell = progress(terminal)
    assert tell is not None
    tell(1, 2)
    tell(2, 2)
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("done", "total", "columns", "line"),
    [
        (3, 12, 80, "checked 3 of 12 files [#######-----------------------]  25%"),
        (0, 12, 80, "checked 0 of 12 files [------------------------------]   0%"),
        (1_234, 1_235, 80, "checked 1,234 of 1,235 files [#############################-]  99%"),
        (3, 12, 40, "checked 3 of 12 files"),
        (3, 12, 10, "checked 3"),
    ],
)
def test_a_line_of_progress_never_wraps(done: int, total: int, columns: int, line: str) -> None:
    assert progress_line(done, total, columns) == line
    assert len(line) < columns


def report(severity: Severity | None = None, problem: str = "") -> Report:
    place = Location("a.py", Span(1, 1, 1, 2))
    findings = () if severity is None else (Finding("MLS103", "m", severity, Confidence.HIGH, place),)
    return Report("/", findings, problems=(Problem(problem, "a.py", "m"),) if problem else ())


@pytest.mark.parametrize(
    ("given", "fail_on", "exit_zero", "allow_unfinished", "status"),
    [
        (report(), Severity.LOW, False, False, 0),
        (report(Severity.LOW), Severity.LOW, False, False, 1),
        (report(Severity.INFO), Severity.LOW, False, False, 0),
        (report(Severity.MEDIUM), Severity.HIGH, False, False, 0),
        (report(Severity.CRITICAL), None, False, False, 0),
        (report(Severity.HIGH), Severity.LOW, True, False, 0),
        (report(Severity.HIGH, "syntax"), Severity.LOW, False, False, 2),
        (report(Severity.HIGH, "syntax"), Severity.LOW, True, False, 2),
        (report(Severity.HIGH, "syntax"), Severity.LOW, False, True, 1),
        (report(Severity.HIGH, "syntax"), Severity.LOW, True, True, 0),
        (report(None, "missing"), Severity.LOW, False, True, 0),
        (report(None, "interrupted"), Severity.LOW, True, True, 2),
    ],
)
def test_exit_status(
    given: Report, fail_on: Severity | None, exit_zero: bool, allow_unfinished: bool, status: int
) -> None:
    assert exit_status(given, fail_on, exit_zero=exit_zero, allow_unfinished=allow_unfinished) == status


def test_a_report_is_written_whole_and_keeps_the_permissions_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    write(file, "new\nlines \udcff")
    assert file.read_bytes() == b"new\nlines \\udcff"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="umask")
def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "out.json", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o640


def test_links_and_folders_and_missing_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("precious", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for file, said in [
        ("link", "symbolic link"),
        ("dangling", "symbolic link"),
        (".", "no regular"),
        ("no/x", "no folder"),
    ]:
        with pytest.raises(OutputError, match=said):
            check_target(tmp_path / file)
        with pytest.raises(OutputError, match=said):
            write(tmp_path / file, "text")
    assert (tmp_path / "target").read_text(encoding="utf-8") == "precious"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_that_must_not_be_written_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        write(tmp_path / "out.json", "x")
    tmp_path.chmod(0o700)


def test_no_error_can_give_a_command() -> None:
    said = Failure("rules in a\n::error::b\n  ::add-mask::c\n##[group]d\x1b[2J\ntwo::colons").format_message()
    assert said.split("\n") == [
        "rules in a",
        ":\\x3aerror::b",
        "  :\\x3aadd-mask::c",
        "#\\x23[group]d\\x1b[2J",
        "two::colons",
    ]
