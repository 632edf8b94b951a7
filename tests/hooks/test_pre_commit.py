"""The pre-commit hook, by pre-commit itself: on a repository with a bad commit, an excluded file and a notebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import copy_checkout

pytestmark = pytest.mark.slow

BAD = "import torch\n\ntorch.load('model.pt', weights_only=False)\n"
GOOD = "import torch\n\ntorch.load('model.pt', weights_only=True)\n"
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Load\n"]},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": BAD.splitlines(keepends=True),
        },
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
CONFIGURATION = '[tool.mlsec-lint]\nexclude = ["vendor"]\n'


def run(folder: Path, *command: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a repository, untouched by the git and pre-commit settings of whoever runs the tests."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    identity = {f"GIT_{who}_{what}": "ann@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = inherited | identity | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1"}
    if home:
        env["PRE_COMMIT_HOME"] = str(home)
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def git(folder: Path, *arguments: str) -> str:
    done = run(folder, "git", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def pre_commit(folder: Path, home: Path, *arguments: str) -> tuple[int, str]:
    done = run(folder, sys.executable, "-m", "pre_commit", *arguments, home=home)
    return done.returncode, done.stdout + done.stderr


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    git(folder, "add", "--all")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments that it builds."""
    return tmp_path_factory.mktemp("pre-commit home")


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as pre-commit would clone it."""
    repository = copy_checkout(tmp_path_factory.mktemp("hook") / "mlsec-lint")
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "as it is")
    return repository


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my project"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def test_try_repo_reports_code_and_notebooks_and_leaves_out_what_is_excluded(
    hook: Path, home: Path, project: Path
) -> None:
    files = {"serve.py": BAD, "notebooks/load.ipynb": json.dumps(NOTEBOOK, indent=1), "notes.txt": BAD}
    write(project, files | {"vendor/copy.py": BAD, "fine.py": GOOD, "pyproject.toml": CONFIGURATION})
    code, output = pre_commit(project, home, "try-repo", str(hook), "mlsec-lint", "--all-files", "--verbose")
    assert code == 1, output
    assert "serve.py:3:1" in output
    assert "notebooks/load.ipynb:cell 2:3:1" in output
    assert "vendor/copy.py" not in output
    assert "fine.py" not in output
    assert "notes.txt" not in output


def install(project: Path, home: Path, hook: Path, **described: object) -> None:
    """Install a hook of ours, the way that a project's configuration names it."""
    configuration = {"repos": [{"repo": str(hook), "rev": git(hook, "rev-parse", "HEAD"), "hooks": [described]}]}
    write(project, {".pre-commit-config.yaml": json.dumps(configuration)})
    assert pre_commit(project, home, "install") == (0, "pre-commit installed at .git/hooks/pre-commit\n")


def commit(project: Path, home: Path, message: str) -> tuple[int, str]:
    done = run(project, "git", "commit", "--message", message, home=home)
    return done.returncode, done.stdout + done.stderr


def test_what_is_not_staged_is_not_judged_and_not_lost(hook: Path, home: Path, project: Path) -> None:
    write(project, {"serve.py": GOOD})
    install(project, home, hook, id="mlsec-lint")
    assert commit(project, home, "good")[0] == 0
    write(project, {"serve.py": GOOD + "print('staged')\n"})
    (project / "serve.py").write_text(BAD, encoding="utf-8", newline="\n")  # in the working tree only
    code, output = commit(project, home, "a part")
    assert code == 0, output
    assert (project / "serve.py").read_text(encoding="utf-8") == BAD
    git(project, "add", "--all")
    code, output = commit(project, home, "the rest")
    assert code == 1
    assert "MLS103" in output


def test_a_renamed_file_is_judged_under_its_new_name(hook: Path, home: Path, project: Path) -> None:
    write(project, {"serve.py": BAD + "\n" * 3 + "# the same\n" * 30})
    git(project, "commit", "--quiet", "--no-verify", "--message", "as it was")
    install(project, home, hook, id="mlsec-lint")
    git(project, "mv", "serve.py", "api.py")
    write(project, {"api.py": BAD + "\n" * 3 + "# the same\n" * 29})
    code, output = commit(project, home, "renamed")
    assert code == 1
    assert "api.py:3:1" in output


def test_the_fixing_hook_mends_code_and_notebooks_and_stops_the_commit(hook: Path, home: Path, project: Path) -> None:
    install(project, home, hook, id="mlsec-lint-fix", args=["--unsafe-fixes"])
    write(project, {"serve.py": BAD, "load.ipynb": json.dumps(NOTEBOOK, indent=1)})
    code, output = commit(project, home, "a checkpoint")
    assert code == 1, output
    assert "files were modified by this hook" in output
    assert (project / "serve.py").read_text(encoding="utf-8") == GOOD
    assert "weights_only=True" in (project / "load.ipynb").read_text(encoding="utf-8")
    git(project, "add", "--all")
    code, output = commit(project, home, "a safe checkpoint")
    assert code == 0, output


def test_without_leave_the_fixing_hook_changes_nothing_that_code_does(hook: Path, home: Path, project: Path) -> None:
    install(project, home, hook, id="mlsec-lint-fix")
    write(project, {"serve.py": BAD})
    code, output = commit(project, home, "a checkpoint")
    assert code == 1
    assert "MLS103" in output
    assert (project / "serve.py").read_text(encoding="utf-8") == BAD


def test_a_bad_commit_is_stopped_and_a_good_one_is_not(hook: Path, home: Path, project: Path) -> None:
    configuration = {
        "repos": [{"repo": str(hook), "rev": git(hook, "rev-parse", "HEAD"), "hooks": [{"id": "mlsec-lint"}]}]
    }
    write(
        project,
        {".pre-commit-config.yaml": json.dumps(configuration), "pyproject.toml": CONFIGURATION, "serve.py": BAD},
    )
    assert pre_commit(project, home, "install") == (0, "pre-commit installed at .git/hooks/pre-commit\n")

    stopped = run(project, "git", "commit", "--message", "a checkpoint", home=home)
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert "MLS103" in stopped.stdout + stopped.stderr

    write(project, {"serve.py": GOOD, "vendor/copy.py": BAD})
    passed = run(project, "git", "commit", "--message", "a safe checkpoint", home=home)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert git(project, "status", "--porcelain") == ""
