from __future__ import annotations

import inspect

import libcst as cst
import pytest

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.lower import Lowering
from mlsec_lint.syntax.lower_expression import EXPRESSIONS
from mlsec_lint.syntax.lower_statement import STATEMENTS
from tests.syntax.lowered import expression, shape, statements


def name(text: str) -> tuple[str, str]:
    return ("Name", text)


def constant(value: object) -> tuple[str, object]:
    return ("Constant", value)


A, B, C = name("a"), name("b"), name("c")

EXPRESSION = {
    "a": A,
    "a.b": ("Attribute", A, "b"),
    "ﬁle.oﬀ": ("Attribute", name("file"), "off"),
    "a[b]": ("Subscript", A, B),
    "a[b, c]": ("Subscript", A, ("Collection", "tuple", (B, C))),
    "a[1:2]": ("Subscript", A, None),
    "a[1:2, b]": ("Subscript", A, None),
    "a(b, *c, k=1, **d)": (
        "Call",
        A,
        (
            ("Argument", B, "", ""),
            ("Argument", C, "", "*"),
            ("Argument", constant(1), "k", ""),
            ("Argument", name("d"), "", "**"),
        ),
    ),
    "True": constant(True),
    "None": constant(None),
    "...": constant(None),
    "0x_ff": constant(255),
    "1.5": constant(1.5),
    "2j": constant(2j),
    "-1": constant(-1),
    "-a": ("Unary", "-", A),
    "not a": ("Unary", "not", A),
    "~a": ("Unary", "~", A),
    "'a\\x62'": constant("ab"),
    "r'\\x'": constant("\\x"),
    "b'\\xff'": constant(b"\xff"),
    "'a' \"b\" '''c'''": constant("abc"),
    "b'a' b'b'": constant(b"ab"),
    "f''": ("Text", ()),
    "f'x{a}y'": ("Text", (constant("x"), ("Formatted", A, ""), constant("y"))),
    "f'{{{a!r:.2f}}}'": ("Text", (constant("{"), ("Formatted", A, ".2f"), constant("}"))),
    "f'{a:{b}}'": ("Text", (("Formatted", A, ""),)),
    "f'\\n{a}'": ("Text", (constant("\n"), ("Formatted", A, ""))),
    "rf'\\n{a}'": ("Text", (constant("\\n"), ("Formatted", A, ""))),
    "f'\"\\'{a}'": ("Text", (constant("\"'"), ("Formatted", A, ""))),
    "'x' f'{a}' 'y'": ("Text", (constant("x"), ("Formatted", A, ""), constant("y"))),
    "a + b + c": ("Operation", "+", (A, B, C)),
    "a + b * c": ("Operation", "+", (A, ("Operation", "*", (B, C)))),
    "a % b": ("Operation", "%", (A, B)),
    "a and b and c": ("Boolean", "and", (A, B, C)),
    "a or b and c": ("Boolean", "or", (A, ("Boolean", "and", (B, C)))),
    "a < b": ("Compare", A, ("<",), (B,)),
    "a < b in c": ("Compare", A, ("<", "in"), (B, C)),
    "a not in b": ("Compare", A, ("not in",), (B,)),
    "a is not b": ("Compare", A, ("is not",), (B,)),
    "a if b else c": ("Conditional", B, A, C),
    "[a, *b]": ("Collection", "list", (A, ("Starred", B))),
    "(a, b)": ("Collection", "tuple", (A, B)),
    "{a, b}": ("Collection", "set", (A, B)),
    "{a: b, **c}": ("Mapping", ((A, B), (None, C))),
    "lambda a, *b, c=1, **d: a": (
        "Lambda",
        (
            ("Parameter", "a", None, None, "", False),
            ("Parameter", "b", None, None, "*", False),
            ("Parameter", "c", None, constant(1), "", True),
            ("Parameter", "d", None, None, "**", False),
        ),
        A,
    ),
    "[a for a in b if c]": ("Comprehension", "list", None, A, (("Generator", A, B, (C,)),)),
    "{a for a in b}": ("Comprehension", "set", None, A, (("Generator", A, B, ()),)),
    "(a for a in b for c in a)": (
        "Comprehension", "generator", None, A, (("Generator", A, B, ()), ("Generator", C, A, ())),
    ),
    "{a: b for a in c}": ("Comprehension", "dict", A, B, (("Generator", A, C, ()),)),
    "(a := b)": ("Walrus", A, B),
}  # fmt: skip


@pytest.mark.parametrize(("code", "lowered"), EXPRESSION.items(), ids=EXPRESSION.keys())
def test_expressions(code: str, lowered: object) -> None:
    assert expression(code) == lowered


NEWER = {
    "t'x{a}'": ("Text", (constant("x"), ("Formatted", A, ""))),
    "[*a for a in b]": ("Comprehension", "list", None, ("Starred", A), (("Generator", A, B, ()),)),
    "{**a for a in b}": ("Comprehension", "dict", None, A, (("Generator", A, B, ()),)),
}


@pytest.mark.parametrize(("code", "lowered"), NEWER.items(), ids=NEWER.keys())
def test_expressions_that_only_newer_pythons_know(code: str, lowered: object) -> None:
    assert expression(code) == lowered


@pytest.mark.parametrize(
    ("code", "lowered"),
    [("await a", ("Await", A)), ("yield a", ("Yield", A)), ("yield", ("Yield", None)), ("yield from a", ("Yield", A))],
)
def test_expressions_of_functions(code: str, lowered: object) -> None:
    (function,) = statements(
        f"async def f():\n    x = {code}\n" if "from" not in code else f"def f():\n    x = {code}\n"
    )
    assert isinstance(function, st.Function)
    (assign,) = function.body
    assert isinstance(assign, st.Assign)
    assert shape(assign.value) == lowered


def expression_body(text: str) -> tuple[object, ...]:
    return (("Evaluate", name(text)),)


BA, BB, BC, BD = (expression_body(text) for text in "abcd")

STATEMENT = {
    "import a.b, c.d as e": ("Import", (("Binding", "a", "a"), ("Binding", "e", "c.d")), ()),
    "from a.b import c, d as e": ("Import", (("Binding", "c", "a.b.c"), ("Binding", "e", "a.b.d")), ()),
    "from . import a": ("Import", (("Binding", "a", ".a"),), ()),
    "from ..a import b": ("Import", (("Binding", "b", "..a.b"),), ()),
    "from a import *": ("Import", (), ("a",)),
    "a = b = c": ("Assign", (A, B), C, None),
    "a: b = c": ("Assign", (A,), C, B),
    "a: b": ("Assign", (A,), None, B),
    "a, b = c": ("Assign", (("Collection", "tuple", (A, B)),), C, None),
    "a += b": ("Augment", A, "+", B),
    "a %= b": ("Augment", A, "%", B),
    "a |= b": ("Augment", A, "|", B),
    "raise a from b": ("Raise", A),
    "raise": ("Raise", None),
    "assert a, b": ("Assert", A),
    "del a": ("Delete", (A,)),
    "if a:\n    b\nelif c:\n    d\nelse:\n    a": ("If", A, BB, (("If", C, BD, BA),)),
    "if a: b": ("If", A, BB, ()),
    "for a in b:\n    c\nelse:\n    d": ("For", A, B, BC, BD),
    "for a in b:\n    break\n": ("For", A, B, (("Jump",),), ()),
    "while a:\n    b\nelse:\n    c": ("While", A, BB, BC),
    "with a as b, c:\n    d": ("With", ((A, B), (C, None)), BD),
    "with (a as b, c as d):\n    a": ("With", ((A, B), (C, name("d"))), BA),
    "try:\n    a\nexcept b as c:\n    c\nexcept:\n    d\nelse:\n    b\nfinally:\n    a": (
        "Try",
        BA,
        (("ExceptHandler", B, "c", BC), ("ExceptHandler", None, "", BD)),
        BB,
        BA,
    ),
    "match a:\n    case 1 | 'x': b\n    case None: b\n    case {'k': q, **r} if c: d\n    case [x, *y]: a\n    case _: c": (
        "Match",
        A,
        (
            ("Case", (), (1, "x"), None, BB),
            ("Case", (), (None,), None, BB),
            ("Case", ("q", "r"), None, C, BD),
            ("Case", ("x", "y"), None, None, BA),
            ("Case", (), None, None, BC),
        ),
    ),
    "@a\nasync def f(b: c = 1, /, *, d) -> a:\n    'doc'\n    return b": (
        "Function",
        "f",
        (("Parameter", "b", C, constant(1), "", False), ("Parameter", "d", None, None, "", True)),
        A,
        (A,),
        (("Evaluate", constant("doc")), ("Return", B)),
        "doc",
    ),
    "def f():\n    global a, b\n    return": (
        "Function", "f", (), None, (), (("Scope", ("a", "b")), ("Return", None)), "",
    ),
    "@a\nclass K(b, metaclass=c):\n    pass": (
        "Class", "K", (B,), (("Argument", C, "metaclass", ""),), (A,), (),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "lowered"), STATEMENT.items(), ids=STATEMENT.keys())
def test_statements(code: str, lowered: object) -> None:
    (statement,) = statements(code)
    assert shape(statement) == lowered


def test_exception_groups_are_exceptions() -> None:
    groups, plain = statements("try:\n    a\nexcept* b as c:\n    d"), statements("try:\n    a\nexcept b as c:\n    d")
    assert shape(groups) == shape(plain)


def test_statements_on_one_line_are_several() -> None:
    assert shape(statements("a; b = c; d")) == (*BA, ("Assign", (B,), C, None), *BD)


def test_pass_says_nothing() -> None:
    assert statements("pass\n...\ntype\n") == statements("...\ntype\n") or len(statements("pass\n")) == 0


def test_every_kind_of_node_is_lowered() -> None:
    kinds = [
        item for item in vars(cst).values() if inspect.isclass(item) and item.__module__.startswith("libcst._nodes")
    ]
    concrete = [item for item in kinds if not inspect.isabstract(item) and not item.__name__.startswith("Base")]
    assert {
        item.__name__ for item in concrete if issubclass(item, cst.BaseExpression) and item not in EXPRESSIONS
    } == set()
    plain = (cst.BaseSmallStatement, cst.BaseCompoundStatement)
    silent = {item.__name__ for item in concrete if issubclass(item, plain) and item not in STATEMENTS}
    assert silent == {"Pass", "TypeAlias"}


def test_a_number_that_python_refuses_stays_a_text() -> None:
    (statement,) = statements("a = " + "9" * 5000 + "\n")
    assert isinstance(statement, st.Assign)
    assert isinstance(statement.value, ex.Constant)
    assert statement.value.value == "9" * 5000


def test_places_are_numbered_by_chunk() -> None:
    first, second = statements("a\nb\n")
    assert (first.place.chunk, second.place.chunk) == (0, 1)
    assert Lowering(7).place(cst.Name("a")) == ex.Place(7, 0)
