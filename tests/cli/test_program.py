"""The program as its users start it: in a process of its own, in somebody else's folder."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import pytest

from tests.program import run

BAD = "import sys, torch\nmodel = torch.load(sys.argv[1], weights_only=False)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "train.py").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_a_finding_is_shown_with_its_code_and_ends_with_1(project: Path) -> None:
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "medium[MLS103] unsafe-torch-load" in done.stdout
    assert " --> train.py:2:9" in done.stdout
    assert "1 finding in 1 file: 1 medium." in done.stdout
    assert "\x1b" not in done.stdout


def test_numbers_replace_the_findings_but_not_in_files_of_their_own_format(project: Path) -> None:
    done = run(project, "check", "--statistics", "-o", "gitlab=out.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(
        "1  MLS103  medium  unsafe-torch-load (1 can be fixed)\n1 finding in 1 file: 1 medium."
    )
    assert [entry["check_name"] for entry in json.loads((project / "out.json").read_text())] == ["MLS103"]
    as_json = run(project, "check", "--statistics", "--format", "json", "-o", "numbers.json")
    assert as_json.stdout == ""
    assert json.loads((project / "numbers.json").read_text())["statistics"][0]["findings"] == 1


def test_numbers_are_text_where_a_configuration_names_a_format_without_a_place_for_them(project: Path) -> None:
    (project / "mlsec-lint.toml").write_text('format = "sarif"\n', encoding="utf-8")
    assert run(project, "check", "--statistics").stdout.startswith("1  MLS103  medium  unsafe-torch-load")


def test_pages_and_tables_in_one_run(project: Path) -> None:
    forms = ("html", "junit", "gitlab", "markdown", "sarif")
    outputs = [part for form in forms for part in ("--output", f"{form}={form}.out")]
    done = run(project, "check", *outputs)
    assert (done.returncode, done.stderr) == (1, "")
    assert "medium[MLS103] unsafe-torch-load" in done.stdout
    for form in forms:
        assert "MLS103" in (project / f"{form}.out").read_text(encoding="utf-8")


def test_every_format_and_several_outputs_at_once(project: Path) -> None:
    done = run(project, "check", "--format", "github", "-o", "sarif=out.sarif", "-o", "json=out.json", "--exit-zero")
    assert done.returncode == 0
    assert done.stdout.startswith("::warning ")
    sarif = json.loads((project / "out.sarif").read_text(encoding="utf-8"))
    (result,) = sarif["runs"][0]["results"]
    assert (result["ruleId"], "primaryLocationLineHash" in result["partialFingerprints"]) == ("MLS103", True)
    listed = json.loads((project / "out.json").read_text(encoding="utf-8"))
    assert [finding["rule"] for finding in listed["findings"]] == ["MLS103"]


def test_an_output_without_format_takes_the_place_of_standard_output(project: Path) -> None:
    done = run(project, "check", "--format", "concise", "--output", "out.txt")
    assert (done.returncode, done.stdout) == (1, "")
    assert (project / "out.txt").read_text(encoding="utf-8").startswith("train.py:2:9: MLS103 [medium]")


def test_what_cannot_be_checked_is_named_and_the_rest_is_checked(project: Path) -> None:
    (project / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (project / "latin.py").write_bytes(b"x = '\xff'\n")
    (project / "two.py").write_text("print 'Python 2'\n", encoding="utf-8")
    (project / "cells.ipynb").write_text("{", encoding="utf-8")
    (project / "mlsec-lint.toml").write_text("profil = 'strict'\n", encoding="utf-8")
    done = run(project, "check", ".", "missing.py", "--format", "json")
    problems = {problem["path"]: problem["kind"] for problem in json.loads(done.stdout)["problems"]}
    assert done.returncode == 2
    assert problems == {
        "broken.py": "syntax",
        "latin.py": "undecodable",
        "two.py": "syntax",
        "cells.ipynb": "notebook",
        "missing.py": "missing",
        "mlsec-lint.toml": "configuration",
    }
    assert [finding["path"] for finding in json.loads(done.stdout)["findings"]] == ["train.py"]
    assert "Traceback" not in done.stdout + done.stderr


def test_standard_input(project: Path) -> None:
    done = run(project, "check", "-", "--stdin-filename", "sub/new.py", "--format", "concise", "-q", stdin=BAD)
    assert (done.returncode, done.stdout.split(" ")[0]) == (1, "sub/new.py:2:9:")


def test_comments_suppress_and_an_auditor_sees_through_them(project: Path) -> None:
    (project / "train.py").write_text(BAD.replace("False)", "False)  # mlsec: ignore[MLS103] ours"), encoding="utf-8")
    assert run(project, "check").returncode == 0
    assert run(project, "check", "--no-ignores").returncode == 1


def test_an_excluded_file_stays_excluded_when_it_is_named(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.mlsec-lint]\nextend-exclude = ["train.py"]\n', encoding="utf-8")
    for arguments in (["."], ["train.py"], ["./train.py"], [str(project / "train.py")]):
        assert run(project, "check", *arguments).returncode == 0
    assert run(project, "check", "--no-force-exclude", "train.py").returncode == 1
    assert run(project, "check", "--isolated").returncode == 1


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    done = run(tmp_path, "check")
    assert done.returncode == 0
    assert "no Python files or notebooks to check" in done.stdout


def test_options_come_from_the_environment_too(project: Path) -> None:
    done = run(project, "check", environment={"MLSEC_LINT_CHECK_FORMAT": "concise", "FORCE_COLOR": "1"})
    assert done.stdout.startswith("train.py:2:9: \x1b[")


def test_worker_processes_find_the_same(project: Path) -> None:
    for number in range(12):
        (project / f"more_{number:02}.py").write_text(BAD, encoding="utf-8")
    (project / "deep.py").write_text("x = " + "(" * 5000 + "1" + ")" * 5000, encoding="utf-8")
    alone, together = (run(project, "check", "--format", "json", "-j", jobs) for jobs in ("1", "2"))
    assert alone.stdout == together.stdout
    listed = json.loads(alone.stdout)
    assert [finding["path"] for finding in listed["findings"]] == [f"more_{n:02}.py" for n in range(12)] + ["train.py"]
    assert [problem["path"] for problem in listed["problems"]] == ["deep.py"]


def test_a_file_that_kills_its_worker_costs_that_file_only(project: Path) -> None:
    (project / "deep.py").write_text("x = " + "not " * 60_000 + "1", encoding="utf-8")
    done = run(project, "check", "--format", "json", "-j", "1")
    listed = json.loads(done.stdout)
    assert (done.returncode, [problem["path"] for problem in listed["problems"]]) == (2, ["deep.py"])
    assert [finding["path"] for finding in listed["findings"]] == ["train.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes that close")
def test_a_reader_that_goes_away_is_no_traceback(project: Path) -> None:
    command = f"{sys.executable} -m mlsec_lint rules | head -n 1"
    done = run(project, "-c", command, program=["sh"])
    assert done.stdout.startswith("MLS")
    assert done.stderr == ""


POISON = "import pathlib\npathlib.Path(__file__).with_suffix('.ran').touch()\nraise SystemExit('poisoned')\n"
POISONED = (
    *("libcst", "click", "bandit", "sitecustomize", "usercustomize", "tomli", "rich", "pathspec", "packaging"),
    *("dataclasses", "json", "pickle", "typing", "re", "subprocess", "yaml", "attr", "setuptools"),
)


def _program(kind: str) -> list[str]:
    if kind == "-m":
        return [sys.executable, "-m", "mlsec_lint"]
    if kind == "-I -m":
        return [sys.executable, "-I", "-m", "mlsec_lint"]
    script = shutil.which("mlsec-lint", path=str(Path(sys.executable).parent))
    if script is None:
        pytest.skip("the console script is not installed")
    return [script]


@pytest.mark.parametrize("kind", ["-m", "-I -m", "script"])
def test_nothing_of_the_scanned_tree_is_imported(project: Path, kind: str) -> None:
    program = _program(kind)
    for name in POISONED:
        (project / f"{name}.py").write_text(POISON, encoding="utf-8")
    (project / "mlsec_lint.rules.py").write_text(POISON, encoding="utf-8")
    for jobs in ([], ["-j", "2"]):
        done = run(project, "check", "--select", "ALL", "--format", "json", *jobs, program=program)
        assert done.returncode == 1, done.stderr
        assert "train.py" in {finding["path"] for finding in json.loads(done.stdout)["findings"]}
    assert [path.name for path in project.glob("*.ran")] == []


def test_a_mistake_of_ours_is_one_line_and_status_2(tmp_path: Path) -> None:
    code = "import sys, mlsec_lint.cli.program as p, mlsec_lint.cli.app as a; a.app.main = None; sys.exit(p.run())"
    done = run(tmp_path, "-c", code, program=[sys.executable])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mlsec-lint: internal error: TypeError in mlsec_lint/cli/program.py:")
    assert "github.com" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_needs_neither_rules_nor_libcst(tmp_path: Path) -> None:
    code = (
        "import sys, mlsec_lint.cli.program as p; p.run(['--version']);"
        "print([m for m in ('libcst', 'bandit', 'tomli', 'rich', 'mlsec_lint.catalogue.load') if m in sys.modules])"
    )
    done = run(tmp_path, "-c", code, program=[sys.executable])
    assert done.stdout.splitlines()[1:] == ["[]"]


def test_a_thread_that_cannot_be_stopped_does_not_keep_the_program(tmp_path: Path) -> None:
    code = (
        "import time\n"
        "from mlsec_lint.cli.program import leave\n"
        "from mlsec_lint.run.deep_stack import DeepStack\n"
        "from mlsec_lint.run.task import Task\n"
        "print(DeepStack(lambda task: time.sleep(600)).check(Task('/a', 'a'), 0.2).problems[0].kind)\n"
        "leave(2)\n"
    )
    started = time.monotonic()
    done = run(tmp_path, "-c", code, program=[sys.executable])
    assert (done.returncode, done.stdout, time.monotonic() - started < 60) == (2, "timeout\n", True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_can_complete(tmp_path: Path, shell: str) -> None:
    done = run(tmp_path, environment={"_MLSEC_LINT_COMPLETE": f"{shell}_source"})
    assert (done.returncode, "mlsec-lint" in done.stdout) == (0, True)


def test_the_shell_is_offered_commands_and_words(tmp_path: Path) -> None:
    words = {
        "mlsec-lint ch": "check",
        "mlsec-lint check --profile st": "strict",
        "mlsec-lint check --format sa": "sarif",
    }
    for typed, expected in words.items():
        environment = {
            "_MLSEC_LINT_COMPLETE": "bash_complete",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(typed.count(" ")),
        }
        assert run(tmp_path, environment=environment).stdout.split() == [f"plain,{expected}"]
