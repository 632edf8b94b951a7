"""Edits of arguments: what is wanted changes, nothing else does."""

from __future__ import annotations

import ast
import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.syntax.edits import CallText, applied, call_text, written


def after(text: str, set_: dict[str, object] | None = None, drop: tuple[str, ...] = (), callee: str = "") -> str | None:
    """The call after the edits; None where there are none."""
    call = call_text(text)
    edits = call.with_keywords((set_ or {}).items(), drop, callee) if call is not None else ()  # type: ignore[arg-type]  # constants
    return applied(text, edits) if edits else None


SET = [
    ("f(p)", "f(p, safe=True)"),
    ("f()", "f(safe=True)"),
    ("f(p, safe=False)", "f(p, safe=True)"),
    ("f(p, safe = False , q=1)", "f(p, safe = True , q=1)"),
    ("f(safe=(x or\n  y), q=1)", "f(safe=True, q=1)"),
    ("f(p,)", "f(p, safe=True)"),
    ("f(p, )", "f(p, safe=True)"),
    ("f(\n    p,\n)", "f(\n    p,\n    safe=True,\n)"),
    ("f(\n\tp,\n)", "f(\n\tp,\n\tsafe=True,\n)"),
    ("f(\r\n    p,\r\n)", "f(\r\n    p,\r\n    safe=True,\r\n)"),
    ("f(\n    p,  # why\n)", "f(\n    p,  # why\n    safe=True,\n)"),
    ("f(\n    p  # why\n)", "f(\n    p,  # why\n    safe=True\n)"),
    ("f(\n    p, q,\n)", "f(\n    p, q, safe=True,\n)"),
    ("f(p,\n  q)", "f(p,\n  q,\n  safe=True)"),
    ("f(p, q=g(safe=False))", "f(p, q=g(safe=False), safe=True)"),
    ("f(p)(q)", "f(p)(q, safe=True)"),
    ("f(lambda a, b: (a, b))", "f(lambda a, b: (a, b), safe=True)"),
    ('f("é🙂",\n  "ß",  # ü\n)', 'f("é🙂",\n  "ß",  # ü\n  safe=True,\n)'),
    ("f(p, safe=True)", None),
    ("f(x for x in p)", None),
    ("not a call", None),
    ("f(p", None),
]


@pytest.mark.parametrize(("text", "expected"), SET)
def test_a_keyword_is_set(text: str, expected: str | None) -> None:
    assert after(text, {"safe": True}) == expected


DROPPED = [
    ("f(p, bad=1)", "f(p)"),
    ("f(bad=1)", "f()"),
    ("f(bad=1, q=2)", "f(q=2)"),
    ("f(p, bad=1, q=2)", "f(p, q=2)"),
    ("f(p, bad=1,)", "f(p,)"),
    ("f(p, bad=g(1, 2), **k)", "f(p, **k)"),
    ("f(\n    p,\n    bad=1,\n    q=2,\n)", "f(\n    p,\n    q=2,\n)"),
    ("f(\n    p,\n    bad=1\n)", "f(\n    p,\n)"),
    ("f(\n    p,\n    bad=1,  # why\n    q=2,\n)", "f(\n    p,\n      # why\n    q=2,\n)"),
    ("f(p,  # why\n  bad=1)", "f(p,  # why\n  )"),
    ("f(p,\n  bad=1)", "f(p)"),
    ("f(p, q=2)", None),
]


@pytest.mark.parametrize(("text", "expected"), DROPPED)
def test_a_keyword_is_dropped_with_its_comma(text: str, expected: str | None) -> None:
    assert after(text, drop=("bad",)) == expected


def test_what_is_called_is_called_differently_and_an_argument_takes_the_place_of_another() -> None:
    assert after("y.load(f, Loader=y.Loader)", drop=("Loader",), callee="safe_load") == "y.safe_load(f)"
    assert after("y . load (f)", callee="safe_load") == "y . safe_load (f)"
    assert after("f(a, old=1, b=2)", {"new": "x"}, ("old",)) == 'f(a, new="x", b=2)'


def test_constants_are_written_as_people_write_them() -> None:
    assert [written(item) for item in ("data", 'a"b', "it's", "\n", True, None, 3)] == [
        *('"data"', "'a\"b'", '"it\'s"', '"\\n"'),
        *("True", "None", "3"),
    ]


ATOMS = [
    "x",
    "1",
    '"a, b"',
    "g(1, (2))",
    "[a for a in b]",
    "lambda: 0",
    "lambda a, b={1: 2}, *c: (a, b)",
    "{'k': (1,)}",
    "not y",
    "a if b else c",
    "'é🙂'",
]
GAPS = ["", " ", "\n", "  # c, (\n", "\n    ", "\r\n\t"]


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call with arguments, white space and comments of any kind."""
    atom, gap = st.sampled_from(ATOMS), st.sampled_from(GAPS)
    trailing = draw(st.booleans())
    arguments = [draw(atom) for _ in range(draw(st.integers(0, 3)))]
    names = draw(st.lists(st.sampled_from(["safe", "bad", "other"]), unique=True))
    arguments += [f"{name}{draw(gap)}={draw(gap)}{draw(atom)}" for name in names]
    text = ",".join(f"{draw(gap)}{item}{draw(gap)}" for item in arguments)
    comma = "," + draw(gap) if arguments and trailing else ""
    return f"{draw(st.sampled_from(['f', 'a.b', '(f)', 'f(1)(2)']))}{draw(st.sampled_from(['', ' ']))}({text}{comma})"


def keywords_of(text: str) -> dict[str | None, str]:
    call = ast.parse(f"({text}\n)", mode="eval").body
    assert isinstance(call, ast.Call)
    return {item.arg: ast.dump(item.value) for item in call.keywords}


def comments_of(text: str) -> list[str]:
    read = tokenize.generate_tokens(io.StringIO(f"({text}\n)", newline="").readline)
    return [token.string for token in read if token.type == tokenize.COMMENT]


@given(calls())
def test_any_call_has_its_keyword_set_and_another_dropped_and_keeps_all_else(text: str) -> None:
    before, call = keywords_of(text), CallText(text)
    assert {item.keyword for item in call.segments if item.keyword} == set(before)
    changed = after(text, {"safe": "data"}, ("bad",))
    assert changed is not None
    found = keywords_of(changed)
    assert found.pop("safe") == ast.dump(ast.Constant("data"))
    assert found == {name: value for name, value in before.items() if name not in {"safe", "bad"}}
    assert ast.dump(ast.parse(f"({changed}\n)", mode="eval").body.func) == ast.dump(  # type: ignore[attr-defined]  # a call
        ast.parse(f"({text}\n)", mode="eval").body.func  # type: ignore[attr-defined]  # likewise
    )
    assert after(changed, {"safe": "data"}, ("bad",)) is None


@given(calls())
def test_no_comment_outside_a_replaced_value_is_lost(text: str) -> None:
    if "safe" in keywords_of(text):
        return
    changed = after(text, {"safe": True})
    assert changed is not None
    assert comments_of(changed) == comments_of(text)
