from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.catalogue.model import Test as Ask
from mlsec_lint.flow.conditions import judge, judge_all, judge_value
from mlsec_lint.flow.value import UNKNOWN, Value, constant
from mlsec_lint.flow.verdict import NO, YES, Verdict, all_of, any_of
from tests.flow.programs import calls

TRUE, ABSENT, GIVEN = Ask(equals=(True,)), Ask(absent=True), Ask(absent=False)
BROAD = Ask(predicate="broad-directory")
DIRECTORY = Ask(predicate="named-directory")
COMMAND = Ask(command=r"^serve\b.*--host[ =]0\.0\.0\.0")
NOT_TRUE = Ask(equals=(True,), negate=True)


def verdict(code: str, name: str, test: Ask) -> bool | None:
    (event,) = [item for item in calls(code) if "app.load" in item.paths]
    return judge(name, test, event).truth


CASES: list[tuple[str, str, Ask, bool | None]] = [
    ("load(p, safe=True)", "safe", TRUE, True),
    ("load(p, safe=False)", "safe", TRUE, False),
    ("load(p, safe=1)", "safe", TRUE, False),
    ("load(p)", "safe", TRUE, False),
    ("load(p)", "safe", NOT_TRUE, True),
    ("load(p, safe=False)", "safe", NOT_TRUE, True),
    ("load(p)", "safe", ABSENT, True),
    ("load(p)", "safe", GIVEN, False),
    ("load(p, safe=x)", "safe", ABSENT, False),
    ("load(p, safe=x)", "safe", GIVEN, True),
    ("def f(x):\n    load(p, safe=x)", "safe", TRUE, None),
    ("def f(x=True):\n    load(p, safe=x)", "safe", TRUE, None),
    ("def f(x=False):\n    load(p, safe=x)", "safe", TRUE, False),
    ("x = True\nload(p, safe=x)", "safe", TRUE, True),
    ("x = True if a else False\nload(p, safe=x)", "safe", TRUE, True),
    ("load(p, safe=unknown())", "safe", TRUE, None),
    ("def f(model_dir):\n    load(p, place=model_dir)", "place", DIRECTORY, True),
    ("def f(args):\n    load(p, place=args.teacher_dir)", "place", DIRECTORY, True),
    ("def f(model):\n    load(p, place=model)", "place", DIRECTORY, False),
    ("def f(model_dir, name):\n    load(p, place=model_dir + name)", "place", DIRECTORY, False),
    ("load(p, place='acme/model_dir')", "place", DIRECTORY, False),
    ("load(p, **options)", "safe", ABSENT, None),
    ("load(p, **options)", "safe", TRUE, None),
    ("load(p, **{'safe': True})", "safe", TRUE, True),
    ("o = {'safe': True}\nload(p, **o)", "safe", TRUE, True),
    ("o = dict(safe=True)\nload(p, **o)", "safe", TRUE, True),
    ("o = {'other': 1}\nload(p, **o)", "safe", ABSENT, True),
    ("o = {'safe': False}\nload(p, **o, safe=True)", "safe", TRUE, True),
    ("load(p, 'r')", "mode", Ask(equals=("r",)), True),
    ("load(p, 'r')", "1", Ask(equals=("r",)), True),
    ("load(p, mode='r')", "1", Ask(equals=("r",)), True),
    ("load(p, 'r', True)", "safe", ABSENT, True),
    ("load(*a)", "mode", ABSENT, None),
    ("load(*[p, 'r'])", "mode", Ask(equals=("r",)), True),
    ("load('a.pkl')", "path", Ask(matches=r"\.pkl$"), True),
    ("load('a.txt')", "path", Ask(matches=r"\.pkl$"), False),
    ("load(3)", "path", Ask(matches=r"\.pkl$"), False),
    ("load(p)", "path", Ask(matches=r"\.pkl$"), None),
    ("load('a' + '.pkl')", "path", Ask(matches=r"\.pkl$"), True),
    ("load('0123456789abcdef0123456789abcdef01234567')", "path", Ask(predicate="commit-sha"), True),
    ("load(p, safe=app.Safe)", "safe", Ask(api=("app.Safe",)), True),
    ("load(p, safe=app.Safe())", "safe", Ask(api=("app.Safe",)), True),
    ("class Mine(app.Safe): ...\nload(p, safe=Mine)", "safe", Ask(api=("app.Safe",)), True),
    ("load(p, safe=app.Other)", "safe", Ask(api=("app.Safe",)), False),
    ("def f(x):\n    load(p, safe=x)", "safe", Ask(api=("app.Safe",)), None),
    ("load(p, safe=source())", "safe", Ask(origin=("request",)), True),
    ("load(p, safe=1)", "safe", Ask(origin=("request",)), False),
    ("load(p, ['a', '*'])", "mode", Ask(contains=("*",)), True),
    ("load(p, ['a'])", "mode", Ask(contains=("*",)), False),
    ("load(p, ['a', x])", "mode", Ask(contains=("*",)), False),
    ("load(p, [*x])", "mode", Ask(contains=("*",)), None),
    ("load(p, 'a*')", "mode", Ask(contains=("*",)), True),
    ("load(p, {'*': 1})", "mode", Ask(contains=("*",)), True),
    ("load(p, [x, app.Safe])", "mode", Ask(api=("app.Safe",), inside=True), True),
    ("load(p, [(app.Safe, 'app.Safe')])", "mode", Ask(api=("app.Safe",), inside=True), True),
    ("load(p, [x, app.Other, app.Safe()])", "mode", Ask(api=("app.Safe",), inside=True), False),
    ("load(p, [*x])", "mode", Ask(api=("app.Safe",), inside=True), None),
    ("load(p, app.Safe)", "mode", Ask(api=("app.Safe",), inside=True), None),
    ("load(p, x)", "mode", Ask(api=("app.Safe",), inside=True), None),
    ("load(p, 'serve a --host 0.0.0.0')", "mode", COMMAND, True),
    ("load(p, ['serve', 'a', '--port', 80, '--host', '0.0.0.0'])", "mode", COMMAND, True),
    ("c = ['serve', p]\nc += ['--host=0.0.0.0']\nload(p, c)", "mode", COMMAND, True),
    ("load(p, ['serve', x, '--host', '0.0.0.0'])", "mode", COMMAND, True),
    ("load(p, ['serve', '--host', x])", "mode", COMMAND, False),
    ("load(p, ['serve', *x])", "mode", COMMAND, None),
    ("load(p, ['serve', '--host', '0.0.0.0', *x])", "mode", COMMAND, True),
    ("load(p, 'serve')", "mode", COMMAND, False),
    ("load(p, x)", "mode", COMMAND, None),
    ("load(p, 0o777)", "mode", Ask(predicate="world-writable"), True),
    ("load(p, 0o755)", "mode", Ask(predicate="world-writable"), False),
    ("load(p, 0o1777)", "mode", Ask(predicate="world-writable"), False),
    ("load(p, None)", "mode", Ask(predicate="none"), True),
    ("load(p, 'r')", "mode", Ask(predicate="none"), False),
    ("load(p, x)", "mode", Ask(predicate="none"), None),
    ("load('/')", "path", BROAD, True),
    ("load(['static', '/'])", "path", BROAD, True),
    ("import os\nload([os.getcwd()])", "path", BROAD, True),
    ("import pathlib\nload(pathlib.Path.home())", "path", BROAD, True),
    ("load(['static', x])", "path", BROAD, False),
    ("load('/srv/app/static')", "path", BROAD, False),
    ("load(x)", "path", BROAD, None),
    ("load(p, 'r', safe=True)", "*", TRUE, True),
    ("load('r')", "*", TRUE, False),
    ("load(p)", "*", TRUE, None),
]


@pytest.mark.parametrize(("code", "name", "test", "truth"), CASES)
def test_a_question_about_an_argument(code: str, name: str, test: Ask, truth: bool | None) -> None:
    assert verdict(code, name, test) is truth


def test_what_cannot_be_told_says_why() -> None:
    (event,) = calls("load(p, **options)")
    answer = judge("safe", ABSENT, event)
    assert answer == Verdict.maybe("`safe` may be hidden in `**` arguments")


def test_the_receiver_is_an_argument_too() -> None:
    (_, event) = calls("app.Client('a').run(1)")
    assert judge("receiver", Ask(api=("app.Client",)), event) == YES


def test_all_conditions_must_hold() -> None:
    (event,) = calls("load(p, safe=True)")
    assert judge_all((("safe", TRUE), ("mode", ABSENT)), event) == YES
    assert judge_all((("safe", TRUE), ("mode", GIVEN)), event) == NO
    assert judge_all((), event) == YES


@given(
    some.sampled_from([True, False, 1, 0, "a", "", None, 1.0]),
    some.sampled_from([True, False, 1, 0, "a", "", None, 1.0]),
)
def test_a_constant_equals_itself_and_its_type_counts(left: str | float | None, right: str | float | None) -> None:
    same = left == right and type(left) is type(right)
    assert judge_value(Ask(equals=(left,)), constant(right), "x").truth is same
    assert judge_value(Ask(equals=(left,), negate=True), constant(right), "x").truth is not same


def test_nothing_is_told_of_an_unknown_value() -> None:
    tests = [TRUE, NOT_TRUE, Ask(matches="a"), Ask(predicate="hub-id"), Ask(api=("a",)), Ask(contains=("a",))]
    assert {judge_value(test, UNKNOWN, "x").truth for test in tests} == {None}


def test_a_default_only_suggests() -> None:
    assert judge_value(TRUE, Value(constants=(True,)), "x").truth is None


VERDICTS = some.sampled_from([YES, NO, Verdict.maybe("a"), Verdict.maybe("b")])


@given(some.lists(VERDICTS, max_size=6))
def test_and_is_kleenes(verdicts: list[Verdict]) -> None:
    truths = [item.truth for item in verdicts]
    expected = False if False in truths else None if None in truths else True
    assert all_of(verdicts).truth is expected


@given(some.lists(VERDICTS, max_size=6))
def test_or_is_the_negation_of_and(verdicts: list[Verdict]) -> None:
    assert any_of(verdicts) == all_of(item.negated() for item in verdicts).negated()


def test_reasons_are_told_once() -> None:
    assert all_of([Verdict.maybe("a"), Verdict.maybe("b"), Verdict.maybe("a")]).reasons == ("a", "b")
