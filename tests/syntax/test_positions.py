from __future__ import annotations

import pytest

from mlsec_lint.findings import Span
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.walk import walk
from tests.syntax.lowered import spans

TEXTS = {
    "plain": ("x = load(a)\n", "load(a)", Span(1, 5, 1, 12)),
    "no newline at the end": ("load(a)", "load(a)", Span(1, 1, 1, 8)),
    "second line": ("x = 1\n\n# c\ny = load(a)\n", "load(a)", Span(4, 5, 4, 12)),
    "tab": ("if a:\n\tload(a)\n", "load(a)", Span(2, 2, 2, 9)),
    "tab inside": ("x =\tload(a)\n", "load(a)", Span(1, 5, 1, 12)),
    "CRLF": ("x = 1\r\ny = load(a)\r\n", "load(a)", Span(2, 5, 2, 12)),
    "CR": ("x = 1\ry = load(a)\r", "load(a)", Span(2, 5, 2, 12)),
    "mixed ends": ("x = 1\r\nz = 2\ry = 3\nload(a)", "load(a)", Span(4, 1, 4, 8)),
    "emoji": ("x = '🦑é'; load(a)\n", "load(a)", Span(1, 11, 1, 18)),
    "emoji inside": ("load('🦑é')\n", "load('🦑é')", Span(1, 1, 1, 11)),
    "combining": ("x = 'e\u0301'; load(a)\n", "load(a)", Span(1, 11, 1, 18)),
    "form feed": ("x = 1\n\x0c\ny = load(a)\n", "load(a)", Span(3, 5, 3, 12)),
    "form feed before": ("x = 1\n\x0cload(a)\n", "load(a)", Span(2, 2, 2, 9)),
    "line separator in a text": ("x = '\u2028'\nload(a)\n", "load(a)", Span(2, 1, 2, 8)),
    "several statements": ("a = 1; load(a); b = 2\n", "load(a)", Span(1, 8, 1, 15)),
    "behind a text of several lines": ("x = '''\n\n'''; load(a)\n", "load(a)", Span(3, 6, 3, 13)),
    "continued": ("x = \\\n  load(a)\n", "load(a)", Span(2, 3, 2, 10)),
    "in brackets": ("x = (\n  load(a)\n)\n", "load(a)", Span(2, 3, 2, 10)),
    "over lines": ("load(\n  a\n)\n", "load(", Span(1, 1, 3, 2)),
    "decorated": ("@wrap\ndef f():\n    load(a)\n", "load(a)", Span(3, 5, 3, 12)),
    "decorator": ("@load(a)\ndef f():\n    pass\n", "load(a)", Span(1, 2, 1, 9)),
    "default": ("def f(b=load(a)):\n    pass\n", "load(a)", Span(1, 9, 1, 16)),
    "f-string": ("x = f'é{load(a)}'\n", "load(a)", Span(1, 9, 1, 16)),
    "backslash at the end": ("x = load(a) \\\n\ny = 1\n", "load(a)", Span(1, 5, 1, 12)),
    "comment": ("# é\nload(a)  # é\n", "load(a)", Span(2, 1, 2, 8)),
}


@pytest.mark.parametrize(("text", "cut", "span"), TEXTS.values(), ids=TEXTS.keys())
def test_a_call_stands_where_it_stands(text: str, cut: str, span: Span) -> None:
    assert spans(text, ex.Call) == [(cut, span)]


STATEMENTS = {
    "simple": ("x = (\n  load(a)\n)\n", (1, 3)),
    "one of several": ("y = 1; x = load(\n a)\n", (1, 2)),
    "header of an if": ("if load(a):\n    b\n", (1, 1)),
    "long header of an if": ("if (load(a)\n    and b):\n    c\n", (1, 2)),
    "for": ("for a in load(\n    b\n):\n    c\n    d\n", (1, 3)),
    "while": ("while load(a):\n    b\n", (1, 1)),
    "with": ("with (\n    load(a) as b,\n    c as d,\n):\n    e\n", (1, 4)),
    "in a body": ("if a:\n    b\n    load(\n        a)\n", (3, 4)),
    "parameters": ("def f(\n    b=load(a),\n    c=1,\n):\n    d\n    e\n", (1, 4)),
    "bases": ("class K(\n    load(a),\n):\n    d\n    e\n", (1, 3)),
    "except": ("try:\n    a\nexcept load(a):\n    b\n", (1, 1)),
    "return": ("def f():\n    return load(\n        a)\n", (2, 3)),
    "lambda": ("x = lambda: (\n    load(a)\n)\n", (1, 3)),
}


@pytest.mark.parametrize(("text", "lines"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_a_comment_speaks_for_a_statement_and_for_the_header_of_a_block(text: str, lines: tuple[int, int]) -> None:
    module = Module(text)
    found = [
        module.statement_lines(visit.statement)
        for chunk in module.chunks
        for visit in walk(chunk.body)
        if isinstance(visit.node, ex.Call)
    ]
    assert found == [lines]


def test_a_decorated_function_starts_at_its_def_or_decorator() -> None:
    module = Module("@wrap(\n  1)\ndef f(a,\n      b=load(1)):\n    c\n")
    (chunk,) = module.chunks
    (function,) = chunk.body
    first, last = module.statement_lines(function.place)
    assert first in (1, 3)
    assert last == 4


def test_the_walk_knows_what_is_around() -> None:
    (chunk,) = Module("class K:\n    x = load('a')\n    def f(self):\n        log(f(load('b')))\n").chunks
    found = [
        (item.node.value, item.qualname, item.in_class, item.call)
        for item in walk(chunk.body)
        if isinstance(item.node, ex.Constant)
    ]
    assert found == [("a", "K", True, "load"), ("b", "K.f", False, "load")]
