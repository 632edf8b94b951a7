"""A process forgets what it has evaluated when that becomes much: no answer depends on it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from mlsec_lint.findings import FileResult
from mlsec_lint.flow.module_scope import ModuleScope
from tests.imports.projects import RUNNER, Process, route, told, write

FILES = {
    "first.py": route("from service import answer_to", "answer_to(request.args['q'])"),
    "second.py": route("from model import MODEL", "MODEL.run(request.args['q'])"),
    "third.py": route("from runner import run"),
    "service.py": """
        from model import MODEL


        def answer_to(question):
            return MODEL.run(question.strip())
    """,
    "model.py": """
        import service
        from runner import run


        class Model:
            def __init__(self):
                self.runner = run

            def run(self, code):
                return self.runner(code)


        MODEL = Model()
    """,
    "runner.py": RUNNER,
}


def results(root: Path) -> list[FileResult]:
    process = Process(root)
    return [process.check(name) for name in ("first.py", "second.py", "third.py", "first.py")]


def test_the_answers_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    kept = results(tmp_path)
    monkeypatch.setattr("mlsec_lint.flow.program.MAX_NODES", 0)
    assert results(tmp_path) == kept
    assert [told(result) for result in kept] == [[("MLS917", "runner.py", 2)]] * 4


def scopes(root: Path) -> list[str]:
    """The modules of a project of which something evaluated is in memory."""
    gc.collect()
    found = [item for item in gc.get_objects() if isinstance(item, ModuleScope)]
    files = [Path(item._module.file) for item in found]
    return sorted(file.name for file in files if file.parent == root)


def test_what_was_evaluated_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlsec_lint.flow.program.MAX_NODES", 0)
    write(tmp_path, FILES)
    process = Process(tmp_path)
    process.check("first.py")
    assert scopes(tmp_path) == ["model.py", "runner.py", "service.py"]
    process.check("third.py")
    assert scopes(tmp_path) == ["runner.py"]
