"""A module is evaluated a second time only where the first has learnt something too late; that loses nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.flow import analysis
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.event import Events
from mlsec_lint.flow.facts import Facts
from mlsec_lint.match.funnels import funnel_of
from mlsec_lint.syntax.module import Module
from tests.flow.programs import evaluated

ROOT = Path(__file__).parents[2]
FIXTURES = sorted((ROOT / "fixtures").rglob("*.py"))

SETTLED = """
class A:
    def __init__(self, x):
        self.x = x
    def use(self):
        return self.x
"""


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        ("x = 1\ndef f(y):\n    return y\n", 1),
        (SETTLED, 1),
        (SETTLED + "    def change(self, y):\n        self.x = y + 'z'\n", 2),
        ("class A:\n    def use(self):\n        return self.x\n    def load(self):\n        self.x = 1\n", 2),
        ("def f(x):\n    return x\nf(1)\napp.Interface(fn=f)\n", 2),
        ("def f(x):\n    return x\napp.Interface(fn=f)\n", 1),
        ("def f(x):\n    return x\ndef main():\n    app.Interface(fn=f)\n", 2),
    ],
)
def test_passes(monkeypatch: pytest.MonkeyPatch, code: str, passes: int) -> None:
    seen: list[bool] = []
    settled = analysis.is_settled

    def is_settled(at: Evaluation) -> bool:
        seen.append(settled(at))
        return seen[-1]

    monkeypatch.setattr(analysis, "is_settled", is_settled)
    evaluated(code)
    assert len(seen) == passes


def _events(code: str) -> Events:
    return analysis.analyse([chunk.body for chunk in Module(code).chunks], _facts(), "")


@cache
def _facts() -> Facts:
    return funnel_of(load_catalogue()).rules.facts


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_second_pass_sees_nothing_else(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    code = path.read_text(encoding="utf-8", errors="replace")
    once = _events(code)
    monkeypatch.setattr(analysis, "is_settled", lambda _: False)
    twice = _events(code)
    assert set(once.hits) == set(twice.hits)
    assert once.calls.keys() == twice.calls.keys()
    assert {place: event.paths for place, event in once.calls.items()} == {
        place: event.paths for place, event in twice.calls.items()
    }
