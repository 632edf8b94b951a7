"""Suppressions as users meet them: in a process of its own, with dates from the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import run

JUNE = {"SOURCE_DATE_EPOCH": "1781481600"}
"""Midnight of 2026-06-15."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "line.py").write_text(
        "import pickle, sys\npickle.load(open(sys.argv[1], 'rb'))  # mlsec: ignore[MLS101] until=2026-06-15 ours\n"
        "pickle.load(open(sys.argv[2], 'rb'))  # noqa: S301\n"
        "pickle.load(open(sys.argv[3], 'rb'))  # nosec B301\n",
        encoding="utf-8",
    )
    (tmp_path / "file.py").write_text(
        "# mlsec: ignore-file[MLS101] ours\nimport pickle, sys\npickle.load(open(sys.argv[1], 'rb'))\n",
        encoding="utf-8",
    )
    (tmp_path / "range.py").write_text(
        "import pickle, sys\n# mlsec: disable[MLS101]\npickle.load(open(sys.argv[1], 'rb'))\n# mlsec: enable[MLS101]\n",
        encoding="utf-8",
    )
    return tmp_path


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str, int]]:
    findings = json.loads(done.stdout)["findings"]
    return [(item["rule"], item["path"], item["span"]["start_line"]) for item in findings]


def test_every_form_silences_and_no_ignores_shows_it_all(project: Path) -> None:
    assert found(run(project, "check", "--format", "json", environment=JUNE)) == []
    shown = found(run(project, "check", "--format", "json", "--no-ignores", environment=JUNE))
    assert shown == [
        ("MLS101", "file.py", 3),
        ("MLS101", "line.py", 2),
        ("MLS101", "line.py", 3),
        ("MLS101", "line.py", 4),
        ("MLS101", "range.py", 3),
    ]


def test_on_the_day_after_the_finding_is_back_and_one_more_says_why(project: Path) -> None:
    done = run(
        project,
        "check",
        "--format",
        "json",
        environment={"SOURCE_DATE_EPOCH": str(int(JUNE["SOURCE_DATE_EPOCH"]) + 86_400)},
    )
    assert found(done) == [("MLS101", "line.py", 2), ("MLS993", "line.py", 2)]
    assert done.returncode == 1


def test_a_day_that_is_none_in_the_environment_is_told(project: Path) -> None:
    done = run(project, "check", environment={"SOURCE_DATE_EPOCH": "soon"})
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH holds no number of seconds since 1970; correct it, or unset it" in done.stderr


def test_the_configuration_may_ask_for_reasons(project: Path) -> None:
    (project / "mlsec-lint.toml").write_text("require-reason = true\n", encoding="utf-8")
    assert found(run(project, "check", "--format", "json", environment=JUNE)) == [("MLS994", "range.py", 2)]


def listed(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.stderr == ""
    return list(json.loads(done.stdout)["suppressions"])


def test_the_list_names_each_comment_what_it_does_and_why(project: Path) -> None:
    (project / "more.py").write_text(
        "x = 1  # mlsec: ignore[MLS103, nonsense] a\ny = 1  # nosec\nz = 1  # noqa: E501\n"
        "v = 1  # mlsec: ignore[nonsense] b\nw = eval(input())  # nosec B307 - a console\nu = 1  # noqa: S301\n",
        encoding="utf-8",
    )
    found = listed(
        run(project, "suppressions", "--format", "json", "-q", environment={"SOURCE_DATE_EPOCH": "1790000000"})
    )
    keys = ("path", "line", "column", "form", "rules", "state", "used", "until", "reason")
    assert [tuple(item[key] for key in keys) for item in found] == [
        ("file.py", 1, 1, "ignore-file", ["MLS101"], "used", ["MLS101"], None, "ours"),
        ("line.py", 2, 39, "ignore", ["MLS101"], "expired", [], "2026-06-15", "ours"),
        ("line.py", 3, 39, "noqa", ["S301"], "used", ["MLS101"], None, ""),
        ("line.py", 4, 39, "nosec", ["B301"], "used", ["B301", "MLS101"], None, ""),
        ("more.py", 1, 8, "ignore", ["MLS103", "nonsense"], "unused", [], None, "a"),
        ("more.py", 2, 8, "nosec", [], "unused", [], None, ""),
        ("more.py", 4, 8, "ignore", ["nonsense"], "unknown", [], None, "b"),
        ("more.py", 5, 20, "nosec", ["B307"], "used", ["B307"], None, "a console"),
        ("more.py", 6, 8, "noqa", ["S301"], "unused", [], None, ""),
        ("range.py", 2, 1, "disable", ["MLS101"], "used", ["MLS101"], None, ""),
    ]
    assert (found[4]["unused"], found[4]["unknown"]) == (["MLS103"], ["nonsense"])


def test_the_list_as_text_ends_with_numbers(project: Path) -> None:
    done = run(project, "suppressions", "file.py", "range.py", environment=JUNE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "file.py:1:1   ignore-file  MLS101  used    ours\n"
        "range.py:2:1  disable      MLS101  used\n"
        "\n2 suppressions: 2 used; 1 without a reason.\n"
    )


def test_a_rule_that_does_not_run_is_not_looked_for(project: Path) -> None:
    done = run(project, "suppressions", "file.py", "--ignore", "MLS101", "--format", "json", "-q")
    assert [item["state"] for item in listed(done)] == ["not looked for"]


def test_the_list_says_what_could_not_be_checked_and_ends_with_2(project: Path) -> None:
    (project / "broken.py").write_text("def f(:  # mlsec: ignore[MLS101] x\n", encoding="utf-8")
    done = run(project, "suppressions", "broken.py")
    assert done.returncode == 2
    assert "error: broken.py: " in done.stderr
    assert done.stdout == "0 suppressions.\n"


def test_the_list_is_the_same_from_the_cache_and_from_many_processes(project: Path) -> None:
    arguments = ("suppressions", "--format", "json", "-q")
    anew = {**JUNE, "MLSEC_LINT_NO_CACHE": "1"}
    kept = {**JUNE, "MLSEC_LINT_CACHE_DIR": str(project / ".cache")}
    outputs = {
        run(project, *arguments, environment=anew).stdout,
        run(project, *arguments, environment=kept).stdout,
        run(project, *arguments, environment=kept).stdout,
        run(project, *arguments, "--jobs", "2", environment=anew).stdout,
    }
    assert len(outputs) == 1


def test_no_json_gives_a_command_of_a_ci_system(project: Path) -> None:
    text = "import pickle, sys\npickle.load(open(sys.argv[1], 'rb'))  # mlsec: ignore[MLS101] ##[error]ours ##vso[x]\n"
    (project / "line.py").write_text(text, encoding="utf-8")
    done = run(project, "suppressions", "line.py", "--format", "json", "-q")
    assert [item["reason"] for item in listed(done)] == ["##[error]ours ##vso[x]"]
    assert "##" not in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="no file can have such a name elsewhere")
def test_names_that_are_no_text_are_well_formed_in_json(project: Path) -> None:
    (project / "line.py").rename(os.fsdecode(os.fsencode(project) + b"/li\xffne.py"))
    done = run(project, "suppressions", "--format", "json", "-q")
    assert "li\\udcffne.py" in {item["path"] for item in listed(done)}


def test_what_comments_hold_of_secrets_is_never_shown(project: Path) -> None:
    secret = "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"
    (project / "file.py").write_text(
        f"import pickle, sys\npickle.load(open(sys.argv[1], 'rb'))  # mlsec: ignore[MLS101] {secret}\n"
        f"x = 1  # mlsec: ignore[{secret}] x\ny = 1  # mlsec: ignore[MLS103] until={secret}\n",
        encoding="utf-8",
    )
    for arguments in (
        ("suppressions",),
        ("suppressions", "--format", "json"),
        ("check", "--format", "json", "--profile", "strict"),
        ("check", "--profile", "strict"),
        ("check", "--format", "sarif", "--profile", "strict"),
    ):
        done = run(project, *arguments, environment=JUNE)
        assert "file.py" in done.stdout
        assert secret[4:14] not in done.stdout + done.stderr, arguments


def test_a_notebooks_comments_stand_in_their_cells_and_hold_over_cells(tmp_path: Path) -> None:
    load = "pickle.load(open(sys.argv[1], 'rb'))"
    cells = [
        f"# mlsec: ignore-file[MLS103] ours\nimport pickle, sys\n{load}",
        f"# mlsec: disable[MLS101] two cells\n{load}",
        f"{load}\n# mlsec: enable[MLS101]\n{load}",
    ]
    listed_cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text} for text in cells]
    notebook = {"cells": listed_cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "lab.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    report = json.loads(run(tmp_path, "check", "--format", "json", "--select", "MLS101").stdout)
    assert [(item["cell"]["index"], item["cell"]["line"]) for item in report["findings"]] == [(0, 3), (2, 3)]
    assert [(item["cell"]["index"], item["reason"]) for item in report["suppressed"]] == [
        (1, "two cells"),
        (2, "two cells"),
    ]
    (whole, ranged) = listed(run(tmp_path, "suppressions", "--format", "json", "-q"))
    assert (whole["cell"], whole["form"]) == ({"index": 0, "id": None, "line": 1}, "ignore-file")
    assert (ranged["cell"], ranged["state"]) == ({"index": 1, "id": None, "line": 1}, "used")


def test_fix_removes_what_has_no_effect(project: Path) -> None:
    text = "x = 1  # mlsec: ignore[MLS103, nonsense] a\n# mlsec: disable[MLS101] b\ny = 1\n# mlsec: enable[MLS101]\n"
    (project / "more.py").write_text(text + "z = 1  # mlsec: ignore[MLS101] until=2026-01-01 c\n", encoding="utf-8")
    done = run(project, "check", "more.py", "--fix", "--profile", "strict", environment=JUNE)
    assert (project / "more.py").read_text(encoding="utf-8") == "x = 1\ny = 1\nz = 1\n"
    assert done.returncode == 0, done.stdout + done.stderr
