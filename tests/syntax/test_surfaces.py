"""What a module shows to those that import it: the same whether or not somebody looks into its functions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.syntax.bounds import MAX_TREE_DEPTH, BoundExceeded
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.surface import surface_of, surface_of_outlines

ROOT = Path(__file__).parents[2]
FILES = sorted((*(ROOT / "mlsec_lint").rglob("*.py"), *(ROOT / "fixtures").rglob("*.py")))


def same(text: str) -> bool:
    """Whether both ways give the same."""
    return surface_of(text) == surface_of_outlines([chunk.outline for chunk in Module(text).chunks])


def test_files_show_what_their_outlines_tell() -> None:
    assert [path for path in FILES if not same(path.read_text(encoding="utf-8"))] == []


STATEMENTS = (
    *("import a.b, c as d", "from .m import *", "x: int = 1", "x = y = [z := 1, *(w := 2 for _ in q)]", "del x"),
    *("def f(a=(b := 1)):\n    c = 1\n    x.append(c)", "class C(B):\n    x = 1\n    def m(self):\n        self.x = 1"),
    *("def f():\n    global g, h\n    g = 1", "class C:\n    global k\n    k = 1", "def f(): global g; g = 1"),
    *("async def f():\n    if x:\n        pass; global g", "f = lambda x: (y := x)", "for i, (j, *k) in x: l = 1"),
    *("try:\n    import a\nexcept E as e:\n    a = None", "with a as b, c as (d, e): pass", "x.y[0] = 1; z.append(1)"),
    *("match x:\n    case {'a': b, **c}: pass\n    case [d, *e] as f: pass", "@x.update(a)\ndef f(): pass"),
    *("if x:\n    from .n import *\n    def f(): pass", "x = 1; y = (\n 2)", "print('global g')", "'''\n global g'''"),
    *("def f(): from .o import *", "class C:\n    from .p import \\\n        *", "if x: from .q import *"),
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_shows_what_its_outline_tells(statement: str) -> None:
    assert same(statement)


@given(some.lists(some.sampled_from(STATEMENTS), max_size=6).map("\n".join))
def test_programs_show_what_their_outlines_tell(text: str) -> None:
    assert same(text)


def test_names_lead_to_the_statements_that_set_them() -> None:
    surface = surface_of("x = 1\nfrom a import *\ndef f():\n    global x\n    x = 2\n")
    assert surface == ({"x": (0, 2), "*": (1,), "f": (2,)}, ("a",), 3)


def test_bounds_hold() -> None:
    with pytest.raises(BoundExceeded):
        surface_of(" + ".join(["x"] * (MAX_TREE_DEPTH + 1)))


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        surface_of("x = = 1")
