"""What a run says about itself: `--show-files`, `--verbose`, `--silent`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlsec_lint.cli.app import app
from mlsec_lint.report.escape import may_command

BAD = "import torch\n\ntorch.load('m.pt', weights_only=False)\n"


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ("check", "--no-cache", *arguments))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "a.py": BAD,
        "sub/b.ipynb": "{}",
        "vendor/c.py": "",
        "x.txt": "",
        "mlsec-lint.toml": 'extend-exclude = ["vendor"]\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_files_that_would_be_checked_are_named_and_none_is_checked(project: Path) -> None:
    (project / "sub" / "b.ipynb").write_text("no notebook", encoding="utf-8")
    result = check("--show-files")
    assert (result.exit_code, result.stdout.splitlines()) == (0, ["a.py", "sub/b.ipynb"])
    assert "1 path is left out (exclude)" in result.stderr
    assert check("--show-files", "sub", "a.py").stdout == "a.py\nsub/b.ipynb\n"


@pytest.mark.usefixtures("project")
def test_what_cannot_be_checked_is_an_error_in_the_list_too() -> None:
    result = check("--show-files", "none.py", "a.py")
    assert (result.exit_code, result.stdout) == (2, "a.py\n")
    assert "error: none.py: there is no such file" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no file can have such a name there")
def test_names_of_files_and_folders_give_no_command(project: Path) -> None:
    (project / "::error::file.py").write_text("", encoding="utf-8")
    (project / "::error::folder").mkdir()
    (project / "::error::folder" / "mlsec-lint.toml").write_text('ignore = ["MLS103"]\n', encoding="utf-8")
    (project / "::error::folder" / "a.py").write_text("", encoding="utf-8")
    result = check("--show-files")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "./::error::file.py")
    assert ":\\x3aerror::folder/mlsec-lint.toml narrows the run (ignore)" in result.stderr
    assert not any(may_command(line) for line in result.output.splitlines())


@pytest.mark.parametrize("option", ["--silent", "-s"])
def test_a_silent_run_tells_by_its_exit_code_and_its_files(project: Path, option: str) -> None:
    result = check(option, "a.py", "--output", "json=report.json")
    assert (result.exit_code, result.output) == (1, "")
    assert "MLS103" in (project / "report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--verbose", "-v"])
def test_a_verbose_run_says_with_what_it_ran(project: Path, option: str) -> None:
    result = check(option, "a.py")
    assert f"configuration of {project}: mlsec-lint.toml" in result.stderr
    assert "rules ran on 1 file in " in result.stderr
    assert check("a.py").stdout == result.stdout
