"""`mlsec-lint init --from-bandit`, with baselines that Bandit itself writes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.program import run

BANDIT = (sys.executable, "-m", "bandit")

CODE = """import pickle, subprocess, sys
state = pickle.load(open(sys.argv[1], "rb"))
subprocess.run("ls " + sys.argv[2], shell=True)
assert state
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(CODE, encoding="utf-8")
    (tmp_path / ".bandit").write_text("[bandit]\nskips = B101\nexclude = ./build\n", encoding="utf-8")
    return tmp_path


def test_without_a_name_it_takes_what_bandit_would_find(project: Path) -> None:
    done = run(project, "init", "--from-bandit")
    assert (done.returncode, done.stdout) == (0, "")
    text = (project / "mlsec-lint.toml").read_text(encoding="utf-8")
    assert 'ignore = ["B101"]\nextend-exclude = ["/build"]\n' in text
    assert text.count("extend-exclude") == 1
    assert run(project, "config").returncode == 0


def test_a_baseline_of_bandits_keeps_its_findings_back_also_where_code_has_moved(project: Path) -> None:
    run(project, "-q", "-r", "src", "-f", "json", "-o", "baseline.json", program=BANDIT)
    assert json.loads((project / "baseline.json").read_text(encoding="utf-8"))["results"]
    (project / "src" / "a.py").write_text(f"# moved\n{CODE}eval(input())\n", encoding="utf-8")
    done = run(project, "init", "--from-bandit", ".bandit", "--from-bandit", "baseline.json")
    assert done.returncode == 0, done.stderr
    assert "baseline.json: 4 of 4 results are findings here; mlsec-lint-baseline.json holds them" in done.stderr
    report = json.loads(run(project, "check", "--format", "json", "--extend-select", "B").stdout)
    assert [(item["rule"], item["span"]["start_line"]) for item in report["findings"]] == [("B307", 6)]


def test_a_dry_run_writes_nothing_and_says_the_same(project: Path) -> None:
    run(project, "-q", "-r", "src", "-f", "json", "-o", "baseline.json", program=BANDIT)
    before = sorted(path.name for path in project.iterdir())
    done = run(project, "init", "--dry-run", "--from-bandit", ".bandit", "--from-bandit", "baseline.json")
    assert (done.returncode, sorted(path.name for path in project.iterdir())) == (0, before)
    assert 'baseline = "mlsec-lint-baseline.json"' in done.stdout
    assert "4 of 4 results" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from-bandit", "none.yaml"), "none.yaml: there is no such file"),
        (("--from-bandit", "src"), "src: there is no such file"),
        (("--from-bandit", ".bandit", "--from-bandit", "b.yaml"), ".bandit, b.yaml: only one of them"),
        (("--from-bandit", "b.yaml"), "b.yaml: is no YAML (line 1)"),
        (("--from-bandit", "bad.json"), "bad.json: is no JSON; make it with `bandit -f json -o FILE`"),
        (("src", "--from-bandit"), "no configuration of Bandit's is here"),
    ],
)
def test_when_something_is_wrong_nothing_is_written(project: Path, arguments: tuple[str, ...], said: str) -> None:
    (project / "b.yaml").write_text("skips: [", encoding="utf-8")
    (project / "bad.json").write_text("{", encoding="utf-8")
    before = sorted(map(str, project.rglob("*")))
    done = run(project, "init", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert sorted(map(str, project.rglob("*"))) == before


def test_a_baseline_that_is_there_is_never_replaced(project: Path) -> None:
    run(project, "-q", "-r", "src", "-f", "json", "-o", "baseline.json", program=BANDIT)
    (project / "mlsec-lint-baseline.json").write_text("mine", encoding="utf-8")
    done = run(project, "init", "--from-bandit", "baseline.json")
    assert (done.returncode, (project / "mlsec-lint-baseline.json").read_text(encoding="utf-8")) == (2, "mine")
    assert not (project / "mlsec-lint.toml").exists()
