"""Code is lowered and located with `ast`, which is fast, and with LibCST where `ast` rejects it. Both must give the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mlsec_lint.findings import Span
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.module import Chunk, Module
from mlsec_lint.syntax.walk import walk
from tests.syntax.lowered import assert_same, exact_tree, statements

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("fixtures", "mlsec_lint", "tests") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_of_the_project(path: Path) -> None:
    try:
        module = Module(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        pytest.skip("a fixture in another encoding")
    for chunk in module.chunks:
        assert_same(chunk)


@pytest.mark.parametrize(
    "code",
    [
        "a[1, 2]; a[1,]; a[1:2,]; a[(1, 2)]; a[(b := 1)]; a[1:2, 3]; a[()]; a[*b]; a[*b, 1]; a[(*b, 1)]",
        "f(*a, k=1, *b, **c, d=2)",
        "del a; del a, b; del (a, b); del [a]; del a[0], b.c; del a,",
        "x = 'a' f'b{c}d' 'e' rf'\\{f}' f'{{}}' f'{g!r:>{h}}' f'{i:\\x41}'",
        "f'{x=}{ y = !r:>4}'",
        "f'{a}' ''; '' f''; f'' 'a'",
        "b'a' rb'\\x'; u'x' 'y'",
        "a and b and c or d and (e and f) or (g or h) or i",
        "(a and b) and c",
        "a + b + (c + d) - e * f ** g ** h",
        "not a in b; a < b <= c != d is not e",
        "x: int; x: int = 1; a.b: c = d",
        "def f(a, /, b: int = 1, *c, d, e=2, **g) -> h: 'doc' 'more'",
        "def f():\n  'a' 'b'\nclass C(A, *B, k=1, **m):\n  '''doc'''",
        "async def f():\n  async with a as b, c: await d\n  async for x in y: yield x\n  return [z async for z in w]",
        "if a: b\nelif c: d\nelse:\n  if e: f\n  else: g",
        "try: a\nexcept B as c: d\nexcept (E, F): g\nelse: h\nfinally: i",
        "match a, b:\n  case [1, *c] | {'k': c, **d}: e\n  case -1 | 2 | None | 'x' 'y': f\n  case C(d, e=g) as h if i: j\n  case k.l: m",
        "for i, *j in *a, b: break\nelse: continue",
        "ﬁle.oﬀ = ﬁ; from ﬁ import ﬂ as ﬀ; import ﬁ.ﬂ; global_ = lambda ﬁ, *ﬂ: ﬁ",
        "x = yield; y = yield from z; w = await v; u = (t := s)",
        "{**a, 'b': c, **d}; {e: f for e, f in g if h if i for j in k}; {*l, m}",
        "-1; +1; ~1; --1; -a; -1j; not -1",
        "from . import a; from .. import b as c; from .d.e import f, g; from h import *; from . import *",
    ],
)
def test_what_the_parsers_see_differently(code: str) -> None:
    assert statements(code) or code


NAMES = some.sampled_from(["a", "b.c", "d[0]", "1", "'s'", "f'{e}'", "f(g, *h, i=j)", "(k, l)", "[m for m in n]", "-2"])
EXPRESSIONS = some.recursive(
    NAMES,
    lambda inner: some.one_of(
        some.tuples(inner, some.sampled_from(["+", "and", "or", "<", "not in", "**", "%"]), inner).map(
            lambda item: f"({item[0]} {item[1]} {item[2]})" if item[1] == "**" else f"{item[0]} {item[1]} {item[2]}"
        ),
        some.lists(inner, min_size=1, max_size=3).map(lambda items: f"({', '.join(items)},)"),
        some.tuples(inner, inner).map(lambda item: f"({item[0]})[{item[1]}]"),
        some.tuples(inner, inner).map(lambda item: f"({item[0]} if {item[1]} else not {item[0]})"),
        inner.map(lambda item: f"(lambda x, *y, z=({item}): {item})"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
@settings(deadline=None, max_examples=150)
def test_expressions_that_nobody_has_thought_of(code: str) -> None:
    statements(f"x = {code}\n")


def test_statements_that_a_backslash_joins_are_one_chunk() -> None:
    (chunk,) = Module("x = 1;\\\nload(y)\n").chunks
    assert_same(chunk)
    assert isinstance(chunk.body[1], st.Evaluate)
    assert chunk.span(chunk.body[1].place) == Span(2, 1, 2, 8)


def test_places_in_what_libcst_rejects() -> None:
    text = "import a\n(é): ä = load('ä', ßx,\n  y)\nif a:\n    b\n"
    chunk = Module(text).chunks[1]
    assert chunk.body
    assert chunk._exact_tree is None
    (statement,) = chunk.body
    assert isinstance(statement, st.Assign)
    assert isinstance(statement.value, ex.Call)
    assert chunk.span(statement.value.place) == Span(2, 10, 3, 5)
    assert chunk.span(statement.value.arguments[1].place) == Span(2, 20, 2, 22)
    assert chunk.statement_lines(statement.place) == (2, 3)


@pytest.mark.parametrize("path", FILES[::9], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_trees_tell_the_same_places(path: Path) -> None:
    module = Module(path.read_text(encoding="utf-8", errors="replace"))
    for chunk in module.chunks:
        exact = exact_tree(chunk)
        for visit in walk(chunk.body):
            place = getattr(visit.node, "place", None)
            if place is not None and not _takes_more(chunk, visit.node):
                assert chunk.span(place) == exact.span(place), visit.node


def _takes_more(chunk: Chunk, node: object) -> bool:
    """Whether `ast` takes the brackets of a tuple or generator as a part of it, or LibCST the stars of a parameter."""
    if isinstance(node, ex.Parameter):
        return bool(node.star)
    place: ex.Place = node.place  # type: ignore[attr-defined]  # whoever asks has seen it
    return isinstance(chunk._ast_tree()._lowering.nodes[place.node], ast.Tuple | ast.GeneratorExp)


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("if a: b(\n  c)\n", (1, 1)),
        ("if (a and\n  b): c\n", (1, 2)),
        ("if a: \\\n  b\n", (1, 1)),
        ("if (a\n    ):  # why\n\n    # and\n    b\n", (1, 2)),
        ("def f(a,\n  # of b\n  b='''\n#''') -> (\n  c):\n  'd'\n", (1, 5)),
        ("class A(\n  b,\n):\n\n  # c\n  @d\n  @e\n  def f(): g\n", (1, 3)),
        ("with (a,\n  b,\n): c\n", (1, 3)),
        ("match (a,\n  b):\n  case c: d\n", (1, 2)),
        ("try:\n  a\nexcept b:\n  c\n", (1, 1)),
        ("x = lambda: (\n  a if b else\n  c)\n", (1, 3)),
        ("async def f(): \n  a\n", (1, 1)),
    ],
)
def test_the_header_of_a_block_ends_with_its_colon(code: str, lines: tuple[int, int]) -> None:
    (chunk,) = Module(code).chunks
    assert chunk.statement_lines(chunk.body[0].place) == lines
