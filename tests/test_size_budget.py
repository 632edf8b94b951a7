"""The size budget: small functions, small files, names that say what is inside."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mlsec_lint"
FILES = sorted(PACKAGE.rglob("*.py"))

FUNCTION_MEDIAN, FUNCTION_P95, FUNCTION_MAX = 8, 25, 40
FILE_MEDIAN, FILE_MAX = 100, 300
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def docstring_lines(tree: ast.AST) -> int:
    """Lines of strings that stand as statements: docstrings, of attributes too."""
    return sum(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )


def length(node: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)


def files() -> dict[str, int]:
    """Every file of the package that is not empty, with its lines, without docstrings."""
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
    lengths = {name: len(text.splitlines()) - docstring_lines(ast.parse(text)) for name, text in texts.items()}
    return {name: lines for name, lines in lengths.items() if lines}


def functions() -> dict[str, int]:
    """Every function of the package with its length."""
    return {
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}": length(node)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Function)
    }


def test_functions_are_short() -> None:
    lengths = functions()
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_MAX} == {}
    assert statistics.median(lengths.values()) <= FUNCTION_MEDIAN
    longest_first = sorted(lengths.items(), key=lambda item: -item[1])
    name, lines = longest_first[len(longest_first) // 20]
    assert lines <= FUNCTION_P95, f"the 95th percentile is {name} with {lines} lines"


def test_files_are_short() -> None:
    lengths = files()
    assert {name: lines for name, lines in lengths.items() if lines > FILE_MAX} == {}
    assert statistics.median(lengths.values()) <= FILE_MEDIAN


@pytest.mark.parametrize("folder", ["mlsec_lint", "tools", "benchmarks", "tests"])
def test_no_module_has_an_empty_name(folder: str) -> None:
    paths = (ROOT / folder).rglob("*.py")
    assert [path for path in paths if EMPTY_NAMES & {path.stem, path.parent.name}] == []


def test_the_measure_itself() -> None:
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    assert length(node) == 2
