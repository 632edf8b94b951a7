"""The fuzzer finds what it looks for, and does the same thing twice."""

from __future__ import annotations

import json
import random
import sys
from argparse import Namespace
from pathlib import Path

import fuzz
import pytest
from fuzz import Checker, Inputs, supervise
from mutations import ON_TEXTS, Mutate, notebook

from mlsec_lint.findings import FileResult, Problem
from mlsec_lint.run.task import Task

TEXT = "import torch\n\n\ndef load(path):\n    model = torch.load(path, weights_only=False)\n    return [model, path]\n"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "example-service"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


@pytest.mark.parametrize("mutate", [*dict.fromkeys(ON_TEXTS), notebook])
def test_a_mutation_is_repeatable_and_takes_any_text(mutate: Mutate) -> None:
    for text in (TEXT, "", "def f(:", "\0\ud800"):
        first, second = ([mutate(text, TEXT, random.Random(seed)) for seed in range(30)] for _ in range(2))
        assert first == second
    assert len({str(mutate(TEXT, TEXT, random.Random(seed))) for seed in range(30)}) > 3


def test_the_same_seed_gives_the_same_inputs() -> None:
    files = sorted(FIXTURES.rglob("*.py"))
    first, second = (Inputs(files, 7) for _ in range(2))
    first._made = second._made = None
    assert [first.next() for _ in range(20)] == [second.next() for _ in range(20)]


def test_what_is_taken_well_is_no_complaint(checker: Checker) -> None:
    for number in (0, 1, 4, 6, 10):
        assert checker.complaint(TEXT.encode(), "input.py", number) == ""
        assert checker.complaint(b"\xff\0(((", "input.py", number) == ""
    assert checker.counts["parsed"] == checker.counts["refused"] == 5


def test_what_is_not_taken_well_is_said(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Checker, task: Task, data: bytes, options: object) -> FileResult:  # noqa: ARG001  # the signature
        raise KeyError(task.path)

    monkeypatch.setattr(Checker, "_examined", fail)
    assert checker.complaint(b"x", "input.py", 1).startswith("internal: the linter failed on this file: KeyError")
    results = iter(FileResult("input.py", problems=(Problem("bound", "input.py", str(number)),)) for number in range(9))
    monkeypatch.setattr(Checker, "_examined", lambda *_given, **_named: next(results))
    assert checker.complaint(b"x", "input.py", 4) == "differs: two checks do not agree"
    monkeypatch.setattr(fuzz, "LIMIT", -1.0)
    assert checker.complaint(b"x", "input.py", 1).startswith("slow: ")


@pytest.mark.slow
def test_a_run_counts_and_keeps_what_kills_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz.py", "--minutes", "0.1", "--out", str(tmp_path), str(FIXTURES)])
    assert fuzz.main() == 0
    assert json.loads((tmp_path / "counts-1.json").read_text(encoding="utf-8"))["executions"] > 0
    killer = tmp_path / "killer.py"
    killer.write_text(
        f"import os, pathlib\nout = pathlib.Path({str(tmp_path)!r})\n(out / 'current').write_bytes(b'x')\n"
    )
    killer.write_text(killer.read_text() + "(out / 'current-name').write_text('input.py')\nos._exit(9)\n")
    monkeypatch.setattr(fuzz, "__file__", str(killer))
    assert supervise(Namespace(minutes=0.002, seed=5, out=tmp_path, paths=[])) == 1
    assert "5-killed-input.py: killed: 9" in (tmp_path / "complaints.txt").read_text(encoding="utf-8")
