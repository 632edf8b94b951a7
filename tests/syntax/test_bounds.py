from __future__ import annotations

import ast
import time

import pytest

from mlsec_lint.findings import FileResult, Problem
from mlsec_lint.run.deep_stack import DeepStack
from mlsec_lint.run.task import Task
from mlsec_lint.syntax.bounds import MAX_BRACKETS, BoundExceeded, check_brackets
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.unparsable import Unparsable

DEEP = {
    "round brackets": "x = " + "(" * 3000 + ")" * 3000,
    "square brackets": "x = " + "[" * 3000 + "]" * 3000,
    "curly brackets": "x = " + "{" * 3000 + "}" * 3000,
    "open brackets": "x = " + "(" * 3000,
    "calls in calls": "x = " + "f(" * 3000 + ")" * 3000,
    "chain of plus": "x = " + " + ".join(["a"] * 10_000),
    "chain of and": "x = " + " and ".join(["a"] * 10_000),
    "chain of calls": "x = a" + ".b()" * 10_000,
    "chain of attributes": "x = a" + ".b" * 10_000,
    "chain of subscripts": "x = a" + "[0]" * 10_000,
    "chain of comparisons": "x = " + " < ".join(["a"] * 10_000),
    "minus": "x = " + "-" * 10_000 + "a",
    "not": "x = " + "not " * 10_000 + "a",
    "lambda": "x = " + "lambda: " * 5_000 + "a",
    "conditional": "x = " + "a if b else " * 5_000 + "c",
    "elif": "if a:\n    b\n" + "elif a:\n    b\n" * 5_000,
    "adjacent texts": "x = (" + "'a'\n" * 10_000 + ")",
    "blocks": "\n".join(" " * depth + "if a:" for depth in range(99)) + "\n" + " " * 99 + "b",
    "too many blocks": "\n".join(" " * depth + "if a:" for depth in range(200)) + "\n" + " " * 200 + "b",
    "power": "x = " + " ** ".join(["a"] * 10_000),
    "await": "async def f():\n    x = " + "await " * 5_000 + "a",
    "targets": " = ".join(["a"] * 5_000) + " = b",
    "semicolons": "a; " * 10_000,
    "f-strings": "x = " + "f'{" * 5 + "a" + "}'" * 5,
    "null bytes": "x = 1\0",
    "deep and wrong": "x = " + "-" * 1_500 + "a b",
    "deep and newer": "type X = int\nx = " + "-" * 1_500 + "a",
}


def parsed(task: Task) -> FileResult:
    try:
        for chunk in Module(DEEP[task.path] + "\n").chunks:
            assert isinstance(chunk.body, tuple)
    except (BoundExceeded, Unparsable) as error:
        return FileResult(task.path, problems=(Problem("bound", task.path, str(error)),))
    return FileResult(task.path, lines=1)


@pytest.mark.parametrize("name", DEEP)
def test_deep_code_is_a_problem_and_no_crash(name: str) -> None:
    started = time.monotonic()
    result = DeepStack(parsed).check(Task(name, name))
    assert result.lines == 1 or [problem.kind for problem in result.problems] == ["bound"]
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("text", ["(" * 200 + ")" * 200, "()" * 5_000, "'''" + "(" * 300 + "'''", "# " + "(" * 300])
def test_brackets_within_the_bound(text: str) -> None:
    check_brackets(text)


@pytest.mark.parametrize("text", ["(" * 201, "'a\\'' + " + "(" * 201, "# a\n" + "[" * 201, "'''a''' " + "{" * 201])
def test_brackets_beyond_the_bound(text: str) -> None:
    with pytest.raises(BoundExceeded, match="line"):
        check_brackets(text)


@pytest.mark.parametrize("brackets", ["()", "[]", "{}"])
def test_python_has_the_same_bound(brackets: str) -> None:
    """What it parses is not counted again."""
    ast.parse(f"x = {brackets[0] * MAX_BRACKETS}{brackets[1] * MAX_BRACKETS}")
    with pytest.raises(SyntaxError, match="too many nested parentheses"):
        ast.parse(f"x = {brackets[0] * (MAX_BRACKETS + 1)}{brackets[1] * (MAX_BRACKETS + 1)}")


@pytest.mark.parametrize("text", ["x = " + "(" * 201 + ")" * 201, "x = " + "-" * 1_500 + "(" * 201 + ")" * 201])
def test_a_module_beyond_the_bound_says_so(text: str) -> None:
    with pytest.raises(BoundExceeded, match="brackets nest deeper than 200 at line 1"):
        Module(text)


def test_the_bound_names_the_line() -> None:
    with pytest.raises(BoundExceeded, match="at line 3"):
        check_brackets("a\nb\n" + "(" * 201)


@pytest.mark.parametrize(
    ("text", "line"),
    [("x = (\n", 1), ("a\nb c\n", 2), ("def f(:\n", 1), ("print 'a'\n", 1), ("x = 1\n  y\n", 2), ("'a\n", 1)],
)
def test_what_is_no_python_says_where(text: str, line: int) -> None:
    with pytest.raises(Unparsable) as caught:
        Module(text)
    assert caught.value.line == line
    assert caught.value.column >= 1
    assert caught.value.message


def test_a_newer_python_is_parsed_all_the_same() -> None:
    module = Module("def f[T](x: T) -> T:\n    return load(x)\n")
    assert [chunk.body for chunk in module.chunks] != [()]
