"""Every fixture again: without the funnel, in another process, mutilated. The answer is the same, and there always is one."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from mlsec_lint.engine import EngineOptions
from mlsec_lint.findings import FileResult, Profile
from mlsec_lint.fixtures.fakes import with_fakes
from mlsec_lint.run.deep_stack import DeepStack
from mlsec_lint.run.task import Task
from tests.engine.checking import catalogue, check

ROOT = Path(__file__).parents[2]
FIXTURES = sorted(path for path in (ROOT / "fixtures").rglob("*.py") if path.stat().st_size)
EVERYTHING = EngineOptions(ignores=False, bandit=False, profile=Profile.AUDIT)
WHOLE = EngineOptions(ignores=False, bandit=False, profile=Profile.AUDIT, whole=True)


def text_of(path: Path) -> str:
    return with_fakes(path.read_text(encoding="utf-8"), catalogue().facts)


@dataclass
class Stack:
    """One deep stack for all examples, which raises the limit of recursion once."""

    root: Path = Path()
    options: EngineOptions = EVERYTHING

    def __post_init__(self) -> None:
        self.stack = DeepStack(lambda task: check(task.path, self.root, options=self.options))

    def check(self, text: str, root: Path, options: EngineOptions) -> FileResult:
        self.root, self.options = root, options
        return self.stack.check(Task(text, "app.py"))


STACK = Stack()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_funnel_loses_nothing(path: Path, tmp_path: Path) -> None:
    text = text_of(path)
    assert check(text, tmp_path, options=EVERYTHING) == check(text, tmp_path, options=WHOLE)


def digest() -> str:
    """Of everything that is said about all fixtures."""
    root = ROOT / "fixtures" / "example-service"
    said = [repr(check(text_of(path), root, options=EVERYTHING)) for path in FIXTURES]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def test_the_answer_does_not_hang_on_the_order_of_sets() -> None:
    command = [sys.executable, "-c", "from tests.engine.test_replays import digest; print(digest())"]
    seeds = ({**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)} for seed in ("1", "2"))
    found = {subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True).stdout for env in seeds}
    assert len(found) == 1


def mutilated(text: str, seed: int) -> str:
    """The text with some lines deleted, doubled, swapped, indented or mixed with those of others."""
    chance = random.Random(seed)
    lines = text.splitlines()
    for _ in range(chance.randint(1, 12)):
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0 if len(lines) > 1:
                del lines[place]
            case 1:
                lines.insert(other, lines[place])
            case 2:
                lines[place], lines[other] = lines[other], lines[place]
            case 3:
                lines[place] = chance.choice(["    ", "\t", ""]) + lines[place].strip()
            case _:
                at = chance.randint(0, len(lines[place]))
                lines[place] = lines[place][:at] + chance.choice(list("()[]{}'\":=,.*@ \\\f")) + lines[place][at:]
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=some.sampled_from(FIXTURES), seed=some.integers(0, 2**32))
def test_there_always_is_a_result(path: Path, seed: int, tmp_path: Path) -> None:
    result = STACK.check(mutilated(text_of(path), seed), tmp_path, EVERYTHING)
    assert {problem.kind for problem in result.problems} <= {"syntax", "bound"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=some.sampled_from(FIXTURES), seed=some.integers(0, 2**32))
def test_the_funnel_loses_nothing_of_other_programs_either(path: Path, seed: int, tmp_path: Path) -> None:
    text = mutilated(text_of(path), seed)
    assert STACK.check(text, tmp_path, EVERYTHING) == STACK.check(text, tmp_path, WHOLE)
