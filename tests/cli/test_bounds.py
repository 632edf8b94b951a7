"""The bounds of a check, and that whatever is not analysed is named in every format and never called clean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlsec_lint.cli.check import check_command
from mlsec_lint.cli.exit_status import exit_status
from mlsec_lint.findings import Problem, Report, Severity
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from tests.program import run
from tests.report.samples import RULES

KINDS = (
    *("missing", "unreadable", "undecodable", "syntax", "notebook", "bound", "timeout", "memory", "crash", "internal"),
    *("interrupted", "configuration", "rules"),
)
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", list(Format))
def test_every_kind_of_problem_is_named_in_every_format_and_ends_with_2(kind: str, form: Format) -> None:
    report = Report("/p", problems=(Problem(kind, "some/file.py", "what happened", "what to do"),))
    text = render(report, RULES, form, Options())
    for word in (kind, "some/file.py", "what happened"):
        assert word in text
    assert "No findings." not in text
    assert exit_status(report, Severity.LOW, exit_zero=True, allow_unfinished=False) == 2
    expected = 2 if kind == "interrupted" else 0
    assert exit_status(report, Severity.LOW, exit_zero=False, allow_unfinished=True) == expected


def test_every_kind_of_problem_is_documented() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in page for kind in KINDS)


@pytest.mark.parametrize(
    ("option", "default"), [("timeout", "180"), ("max-memory", "2 GiB"), ("max-file-size", "16 MiB")]
)
def test_bounds_are_options_and_keys_with_documented_defaults(option: str, default: str) -> None:
    (row,) = [
        line for line in (DOCS / "configuration.md").read_text("utf-8").splitlines() if line.startswith(f"| `{option}`")
    ]
    assert f"| {default} |" in row
    (known,) = [item for item in check_command.params if item.name == option.replace("-", "_")]
    assert f"default {default}." in str(getattr(known, "help", ""))


def test_a_file_larger_than_the_bound(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text("#" * 2_000, encoding="utf-8")
    (tmp_path / "small.py").write_text("x = 1\n", encoding="utf-8")
    done = run(tmp_path, "check", "--format", "json", "--max-file-size", "1 kB")
    listed = json.loads(done.stdout)
    assert (done.returncode, [item["path"] for item in listed["problems"]]) == (2, ["large.py"])
    assert listed["summary"]["checked"] == 1


@pytest.mark.parametrize(
    "arguments", [("--timeout", "0"), ("--timeout", "soon"), ("--max-memory", "much"), ("--max-file-size", "-1")]
)
def test_a_bound_that_is_none_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(tmp_path, "check", *arguments)
    assert (done.returncode, "expected" in done.stderr, done.stdout) == (2, True, "")
