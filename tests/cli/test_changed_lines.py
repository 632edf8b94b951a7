"""`check --diff-base` and `check --staged`, as their users and their hooks run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.changes.repositories import commit, git, repository, write
from tests.program import run

LOAD = "import torch\n\n\ndef load(path):\n    return torch.load(path, weights_only=False)\n"
AGAIN = "\n\ndef again(path):\n    return torch.load(path, weights_only=False)\n"
ROUTE = """import os

from flask import Flask

import tools

app = Flask(__name__)


@app.route("/run")
def route():
    return os.system(tools.command())
"""
TOOLS = """from flask import request


def command():
    return request.args["command"]
"""
OTHERS = """from flask import request

import shell


def handle():
    shell.start(request.args["command"])
"""
SHELL = """import os


def start(command):
    return os.system(command)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(tmp_path / "project", {"models/load.py": LOAD, "clean.py": "x = 1\n"})


def report(project: Path, *options: str) -> dict[str, Any]:
    done = run(project, "check", "--format", "json", *options)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (1 if found["findings"] else 0), done.stderr
    return found


def places(found: dict[str, Any]) -> list[tuple[str, int]]:
    return [(item["path"], item["span"]["start_line"]) for item in found["findings"]]


def test_findings_on_changed_lines_are_shown_and_the_others_counted(project: Path) -> None:
    assert run(project, "check", "--diff-base", "HEAD").returncode == 0
    write(project, {"models/load.py": "# moved\n" + LOAD + AGAIN, "new.py": LOAD})
    done = run(project, "check", "--diff-base", "HEAD", "--format", "concise")
    shown = [line.partition(": MLS103")[0] for line in done.stdout.splitlines() if "MLS103" in line]
    assert (done.returncode, shown) == (1, ["models/load.py:10:12", "new.py:5:12"])
    assert "1 finding on unchanged lines not shown (--diff-base HEAD)." in done.stdout
    assert "2 of 3 files have changed since HEAD (merge base " in done.stdout
    found = report(project, "--diff-base=main", "models")
    assert places(found) == [("models/load.py", 10)]
    assert (found["summary"]["compared"], found["summary"]["unchanged"]) == ("--diff-base main", 1)
    assert places(report(project / "models", "--diff-base=main")) == [("load.py", 10)]


def test_a_flow_is_shown_for_any_of_its_steps(tmp_path: Path) -> None:
    top = repository(tmp_path / "p", {"app.py": ROUTE, "tools.py": TOOLS.replace('request.args["command"]', "None")})
    write(top, {"tools.py": TOOLS})
    for options in (("--diff-base", "HEAD"), ("--diff-base", "HEAD", "tools.py")):
        (flow,) = (item for item in report(top, *options)["findings"] if item["trace"])
        assert (flow["path"], flow["trace"][0]["path"]) == ("app.py", "tools.py")
    git(top, "add", "tools.py")
    assert [item["path"] for item in report(top, "--staged")["findings"] if item["trace"]] == ["app.py"]
    commit(top)
    write(top, {"tools.py": "# a comment\n" + TOOLS})
    assert report(top, "--diff-base", "HEAD")["findings"] == []


def test_a_flow_is_shown_though_its_sink_has_not_changed(tmp_path: Path) -> None:
    top = repository(tmp_path / "p", {"app.py": OTHERS.replace('request.args["command"]', "'ls'"), "shell.py": SHELL})
    write(top, {"app.py": OTHERS})
    assert [item["path"] for item in report(top, "--diff-base", "HEAD")["findings"] if item["trace"]] == ["shell.py"]


def test_lines_of_a_notebook_are_those_of_its_file(tmp_path: Path) -> None:
    def notebook(*sources: str) -> str:
        cells: list[dict[str, Any]] = [
            {
                "cell_type": "code",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": source.splitlines(True),
            }
            for source in sources
        ]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)

    load = "import torch\nm = torch.load(input(), weights_only=False)\n"
    top = repository(tmp_path / "p", {"n.ipynb": notebook(load)})
    write(top, {"n.ipynb": notebook(load, "k = torch.load(input(), weights_only=False)\n")})
    (finding,) = report(top, "--diff-base", "HEAD", "--select", "MLS103")["findings"]
    assert finding["cell"]["index"] == 1


def test_staged_lines_only(project: Path) -> None:
    write(project, {"models/load.py": LOAD + AGAIN, "new.py": LOAD})
    assert places(report(project, "--staged")) == []
    git(project, "add", "models/load.py")
    assert places(report(project, "--staged")) == [("models/load.py", 9)]
    write(project, {"models/load.py": AGAIN.replace("again", "third") + LOAD + AGAIN})
    found = report(project, "--staged", "models/load.py")
    assert places(found) == [("models/load.py", 13)]
    assert any("1 of them has changes that are not staged" in note for note in found["summary"]["notes"])


def test_with_a_baseline_old_lines_are_the_known_ones(project: Path) -> None:
    load = "model = torch.load(PATH, weights_only=False)\n"
    write(project, {"models/load.py": "import torch\nfrom paths import PATH\na = 1\n" + load + "b = 2\n"})
    commit(project)
    assert run(project, "baseline", "create").returncode == 0
    write(
        project,
        {"models/load.py": "import torch\nfrom paths import PATH\nc = 3\n" + load + "a = 1\n" + load + "b = 2\n"},
    )
    options = ("--baseline", "mlsec-lint-baseline.json")
    assert places(report(project, *options)) == [("models/load.py", 6)]
    found = report(project, "--diff-base", "HEAD", *options)
    assert (places(found), found["baselined"], found["summary"]["unchanged"]) == ([("models/load.py", 4)], [], 0)


def test_what_cannot_be_compared_is_an_error_and_no_clean_run(project: Path, tmp_path: Path) -> None:
    for options, said in (
        (("--diff-base", "origin/main"), "there is no commit 'origin/main'"),
        (("--diff-base=--output=x",), "a revision is a name"),
        (("--diff-base", "HEAD", "--staged"), "give one of them"),
    ):
        done = run(project, "check", *options, "--exit-zero")
        assert (done.returncode, done.stdout, said in done.stderr) == (2, "", True)
    (tmp_path / "alone").mkdir()
    done = run(tmp_path / "alone", "check", "--diff-base", "HEAD")
    assert (done.returncode, "in no work tree of a git repository" in done.stderr) == (2, True)


def test_changed_files_that_cannot_be_read_are_named(project: Path) -> None:
    write(project, {"clean.py": "def f(:\n"})
    assert run(project, "check", "--diff-base", "HEAD").returncode == 2
    commit(project)
    assert run(project, "check", "--diff-base", "HEAD").returncode == 0


def test_standard_input_is_compared_too(project: Path) -> None:
    done = run(
        project,
        "check",
        "--diff-base",
        "HEAD",
        "--stdin-filename",
        "models/load.py",
        "--format",
        "concise",
        "-",
        stdin=LOAD + AGAIN,
    )
    assert [line.split(": ")[0] for line in done.stdout.splitlines() if "MLS103" in line] == ["models/load.py:9:12"]
