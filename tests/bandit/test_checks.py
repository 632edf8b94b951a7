from __future__ import annotations

import ast
from typing import TypeVar

import pytest

from mlsec_lint.bandit.checks import run_checks
from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.bandit.results import BanditFinding, to_findings
from mlsec_lint.catalogue.model import BanditCheck
from mlsec_lint.findings import Confidence, Location, Profile, Severity, Span


def found(text: str, *tests: str) -> tuple[BanditFinding, ...]:
    result = run_checks(text, "x.py", frozenset(tests) or load_builtins().ids)
    assert not result.problems
    return result.findings


def marked(text: str, finding: BanditFinding) -> str:
    span = finding.span
    assert span.start_line == span.end_line
    return text.splitlines()[span.start_line - 1][span.start_column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("text", "test", "expected"),
    [
        ("x = '🔑🔑'; eval(x)", "B307", "eval"),
        ("import torch as t\nm = t.load(\n  '🔑',\n)", "B614", "t.load"),
        ("(é.a\n .b(1)\n .extra(where=[x]))", "B610", "é.a"),
        ("connect('🔑', password='é')", "B106", "password='é'"),
        ("connect(\n  password='é')", "B106", "password='é'"),
        ("connect(password=\n  'é')", "B106", "'é'"),
        ("import subprocess\nsubprocess.run(x,\n\tshell=True)", "B602", "shell=True"),
        ("'🔑'; host = '0.0.0.0'", "B104", "'0.0.0.0'"),
        ("text = '''/tmp\n'''  ", "B108", "'''/tmp"),
        ("def login(a,\n  password='x'):\n  pass", "B107", "def login(a,"),
        ("assert (x and\n  y)", "B101", "assert (x and"),
        ("x = 1 \x0c; y = '\u2067'", "B613", "\u2067"),
    ],
)
def test_the_span_marks_the_place_in_code_points(text: str, test: str, expected: str) -> None:
    (finding,) = found(text, test)
    # str.splitlines ends lines at a form feed, Python does not
    assert marked(text.replace("\x0c", " "), finding) == expected


def test_a_result_carries_what_bandit_says_of_it() -> None:
    (finding,) = found("import subprocess\nclass A:\n  def run(self):\n    subprocess.run(x, shell=True)\n", "B602")
    assert (finding.severity, finding.confidence, finding.cwe) == (Severity.HIGH, Confidence.HIGH, 78)
    assert (finding.line, finding.lines, finding.qualname) == (4, (4, 4), "A.run")
    assert finding.message == "subprocess call with shell=True identified, security issue."


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("password = 'canary-1234'", "B105"),
        ("x = {'password': 'canary\\n-1234'}", "B105"),
        ("x = {'password': b'canary-1234'}", "B105"),
        ("x = {'password': 81923773}", "B105"),
        ('f(password="it\'s canary-1234")', "B106"),
        ("def f(password='canary-1234'): pass", "B107"),
        ("os.chmod('/canary-1234', 0o777)", "B103"),
        ("os.chmod(b'/canary-1234', 0o777)", "B103"),
    ],
)
def test_no_value_of_the_code_stands_in_a_message(text: str, test: str) -> None:
    (finding,) = found(text, test)
    assert "canary" not in finding.message
    assert "81923773" not in finding.message
    assert "character" in finding.message


def test_messages_are_the_same_in_every_run() -> None:
    (finding,) = found("import tarfile\ntar.extractall('x', members=[y])", "B202")
    assert "0x" not in finding.message
    assert "List" in finding.message


def test_a_plugin_that_fails_is_a_problem_and_the_others_go_on() -> None:
    text = "import tarfile\nassert x\n" + "tar.extractall('x', members=self.safe(tar))\n" * 3 + "assert y\n"
    result = run_checks(text, "x.py", frozenset({"B101", "B202"}))
    assert [finding.line for finding in result.findings] == [2, 6]
    (problem,) = result.problems
    assert problem.path == "x.py"
    assert "tarfile_unsafe_members (B202) failed at line 3 and 2 more: AttributeError" in problem.message
    assert problem.location == Location("x.py", Span(3, 1, 3, 1))


@pytest.mark.parametrize("text", ["def f(:\n", "x = 1\0\n"])
def test_what_does_not_parse_is_a_problem(text: str) -> None:
    result = run_checks(text, "x.py", frozenset({"B101"}))
    assert not result.findings
    assert [problem.kind for problem in result.problems] == ["syntax"]


def test_nosec_moves_a_finding_to_the_silenced() -> None:
    result = run_checks("assert x  # nosec B101\nassert y\n", "x.py", frozenset({"B101"}))
    assert [finding.line for finding in result.findings] == [2]
    assert [finding.line for finding in result.silenced] == [1]
    assert result.nosec == {1: {"B101"}}


def test_warnings_about_the_scanned_code_stay_away() -> None:
    assert found("assert (x, '\\d')\n1 is 1\n", "B101")


def deep_sum(depth: int, text: str) -> ast.Module:
    total: ast.expr = placed(ast.Constant(text))
    for _ in range(depth):
        total = placed(ast.BinOp(total, ast.Add(), placed(ast.Constant("x"))))
    return ast.Module([placed(ast.Expr(total)), placed(ast.Assert(placed(ast.Constant(1))))], [])


NodeT = TypeVar("NodeT", bound=ast.expr | ast.stmt)


def placed(node: NodeT) -> NodeT:
    node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = 1, 0, 1, 1
    return node


def test_a_deep_tree_is_walked_to_its_end() -> None:
    result = run_checks("x", "x.py", load_builtins().ids, tree=deep_sum(20_000, "x"))
    assert [finding.test for finding in result.findings] == ["B101"]
    assert not result.problems


def test_a_plugin_that_goes_too_deep_is_a_problem() -> None:
    result = run_checks("x", "x.py", frozenset({"B608"}), tree=deep_sum(20_000, "select"))
    assert [problem.kind for problem in result.problems] == ["bound"]
    assert result.problems[0].message.endswith("RecursionError, and was not asked again in this file")


def test_a_tree_that_is_handed_in_is_left_as_it_was() -> None:
    text = "password = 'x'\nx = 'select ' + y + ' from z'\neval(x)\n"
    tree = ast.parse(text)
    before = [vars(node).keys() for node in ast.walk(tree)]
    assert run_checks(text, "x.py", load_builtins().ids, tree=tree) == run_checks(text, "x.py", load_builtins().ids)
    assert [vars(node).keys() for node in ast.walk(tree)] == before


def test_results_become_findings_with_our_texts() -> None:
    check = BanditCheck("B602", "x", "summary", "Do this.", "agency", Profile.DEFAULT, "reason")
    text = "import subprocess as s\ns.run('ls', shell=True)\ns.run(x, shell=True)\n"
    harmless, harmful = to_findings(found(text, "B602"), {"B602": check}, lambda span: Location("x.py", span))
    assert (harmless.severity, harmless.profile) == (Severity.LOW, Profile.AUDIT)
    assert (harmful.severity, harmful.profile, harmful.remedy) == (Severity.HIGH, Profile.DEFAULT, "Do this.")
    assert harmful.statement == (3, 3)
    assert harmful.location == Location("x.py", Span(3, 10, 3, 20))


def test_a_check_that_the_pack_does_not_know_is_shown_in_strict() -> None:
    (finding,) = to_findings(found("eval(x)", "B307"), {}, lambda span: Location("x.py", span))
    assert finding.profile is Profile.STRICT


def test_without_tests_nothing_is_parsed_but_comments_are_read() -> None:
    result = run_checks("def f(:  # nosec\n", "x.py", frozenset())
    assert not result.problems
    assert result.nosec == {1: frozenset()}
