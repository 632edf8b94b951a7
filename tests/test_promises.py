"""What SECURITY.md promises about a run: watched by the interpreter's own audit events, in every process of the run."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Installed in the program and, by the inherited PYTHONPATH, in each of its workers.
WATCH = """
import json, os, sys
log = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
scanned = os.environ["AUDIT_SCANNED"]
writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def note(kind, *details):
    os.write(log, (json.dumps([kind, *map(str, details)]) + "\\n").encode())

def watch(event, args):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        note("network", event)
    elif event == "open" and isinstance(args[2], int) and args[2] & writes and isinstance(args[0], (str, bytes, os.PathLike)):
        note("write", os.path.abspath(os.fsdecode(args[0])))
    elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod"):
        note("write", os.path.abspath(os.fsdecode(args[1] if event == "os.rename" else args[0])))
    elif event == "exec" and str(getattr(args[0], "co_filename", "")).startswith(scanned):
        note("execute", args[0].co_filename)
    elif event == "import" and args[1] and str(args[1]).startswith(scanned):
        note("execute", args[1])
    elif event == "pickle.find_class" and args[0].split(".")[0] not in ("mlsec_lint", "builtins", "pathlib", "collections"):
        note("unpickle", *args)
    elif event == "subprocess.Popen":
        note("start", *args[1])
    elif event in ("os.system", "os.exec", "os.posix_spawn"):
        note("start", os.fsdecode(args[0]))

sys.addaudithook(watch)
"""

HARMFUL = "import os\nos.system('touch executed')\n"
FILES = {
    "app.py": "import torch\ntorch.load('model.pt', weights_only=False)\nraise SystemExit('executed')\n",
    "libcst.py": HARMFUL,
    "click.py": HARMFUL,
    "conftest.py": HARMFUL,
    "setup.py": HARMFUL,
    "usercustomize.py": HARMFUL,
    "rules/evil.py": HARMFUL,
    "pyproject.toml": '[tool.mlsec-lint]\nrules = ["./rules"]\n[tool.bandit]\nplugins = ["evil"]\n',
    ".bandit": "[bandit]\nplugins = evil\n",
    ".git/config": "[core]\n\tfsmonitor = touch executed\n\trepositoryformatversion = 0\n[diff]\n\texternal = touch executed\n",
    ".git/HEAD": "ref: refs/heads/main\n",
}


class Harmful:
    """Unpickling it runs a command."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch executed",)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project that would like to run, beside code with findings."""
    folder = tmp_path / "scanned"
    shutil.copytree(ROOT / "fixtures" / "example-service", folder)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("model.pt", "model.pkl", "cache.joblib"):
        (folder / name).write_bytes(pickle.dumps(Harmful()))
    for name in ("objects", "refs"):
        (folder / ".git" / name).mkdir()
    return folder


def events(tree: Path, *options: str) -> tuple[list[list[str]], str]:
    """What a run in the tree did, as the audit events say, and what it printed."""
    watcher, log = tree.parent / "watcher", tree.parent / "audit.log"
    watcher.mkdir()
    (watcher / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(watcher), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"AUDIT_LOG": str(log), "AUDIT_SCANNED": str(tree)}
    command = [sys.executable, "-m", "mlsec_lint", "check", "--jobs", "2", *options]
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode in {1, 2}, done.stderr
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()], done.stdout + done.stderr


def test_a_run_executes_writes_and_sends_nothing(tree: Path) -> None:
    before = sorted(tree.rglob("*"))
    seen, output = events(tree)
    assert "MLS103" in output
    assert [event for event in seen if event[0] in {"network", "execute", "unpickle"}] == []
    assert {event[1] for event in seen if event[0] == "write"} <= {os.devnull, str(tree / os.devnull)}
    assert {Path(event[1]).name for event in seen if event[0] == "start"} <= {Path(sys.executable).name}
    assert sorted(tree.rglob("*")) == before


def test_a_run_writes_the_files_that_were_asked_for(tree: Path) -> None:
    wanted = tree.parent / "out"
    wanted.mkdir()
    seen, _ = events(tree, "--output", f"sarif={wanted / 'a.sarif'}", "--output", f"json={wanted / 'a.json'}")
    written = {Path(event[1]) for event in seen if event[0] == "write"} - {Path(os.devnull)}
    assert {path.parent for path in written} == {wanted}
    assert sorted(path.name for path in wanted.iterdir()) == ["a.json", "a.sarif"]


def test_every_promise_names_its_tests() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    promises = re.findall(r"^\d\. .*?(?=^\d\. |^$)", text, re.MULTILINE | re.DOTALL)
    named = [re.findall(r"`((?:tests|benchmarks)/[\w/]+\.py)`", promise) for promise in promises]
    assert len(promises) == 7
    assert all(named)
    assert [path for paths in named for path in paths if not (ROOT / path).is_file()] == []


def test_the_watcher_sees_what_it_watches_for(tree: Path) -> None:
    program = "import socket, pickle, pathlib\npathlib.Path('x').write_text('')\npickle.loads(pathlib.Path('model.pt').read_bytes())\n"
    program += "import conftest\nsocket.socket().connect_ex(('127.0.0.1', 9))\n"
    watcher, log = tree.parent / "watcher", tree.parent / "audit.log"
    watcher.mkdir()
    (watcher / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(watcher), "AUDIT_LOG": str(log), "AUDIT_SCANNED": str(tree)}
    subprocess.run([sys.executable, "-c", program], cwd=tree, env=env, check=True)
    kinds = {json.loads(line)[0] for line in log.read_text(encoding="utf-8").splitlines()}
    assert kinds == {"network", "write", "execute", "unpickle", "start"}
