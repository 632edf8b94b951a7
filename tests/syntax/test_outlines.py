from __future__ import annotations

import ast
import itertools
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.module import Module
from mlsec_lint.syntax.outline import Outline
from mlsec_lint.syntax.walk import walk

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").rglob("*.py"))


def outline(code: str) -> Outline:
    (chunk,) = Module(code).chunks
    return chunk.outline


def test_chunks_are_top_level_statements() -> None:
    module = Module("import a\n\n# c\n@b\ndef f():\n    pass\n\nx = 1; y = (\n 2)\nz = 3\n")
    assert [(item.outline.first_line, item.outline.last_line) for item in module.chunks] == [
        (1, 1),
        (4, 6),
        (8, 9),
        (10, 10),
    ]


def test_an_empty_module_has_no_chunks() -> None:
    assert Module("# nothing\n").chunks == ()


BINDS = {
    "x = 1": {"x"},
    "x, *y = z": {"x", "y"},
    "x: int = 1": {"x"},
    "x += 1": {"x"},
    "import a.b": {"a"},
    "import a.b as c": {"c"},
    "from a import b as c": {"c"},
    "def f(): x = 1": {"f"},
    "class K: x = 1": {"K"},
    "for x in y: z = 1": {"x", "z"},
    "with a as x: pass": {"x"},
    "if (x := y): pass": {"x"},
    "try: x\nexcept E as e: pass": {"e"},
    "match x:\n case [a, *b]: pass\n case {'k': c, **d}: pass\n case K(e) as g: pass": {"a", "b", "c", "d", "e", "g"},
    "def f():\n global x\n x = 1": {"f", "x"},
    "x.y = 1": {"x"},
    "x['y'].z = 1": {"x"},
    "x.append(1)": {"x"},
    "x.y.update(a=1)": {"x"},
    "x.load(1)": set(),
}


@pytest.mark.parametrize(("code", "names"), BINDS.items(), ids=BINDS.keys())
def test_what_a_chunk_binds(code: str, names: set[str]) -> None:
    assert outline(code).binds == names


def test_what_a_chunk_loads_includes_what_its_functions_set() -> None:
    assert outline("@a\ndef f(b=c) -> d:\n    e = g.h(i)\n").loads == {"a", "c", "d", "e", "g", "i"}


def test_words_are_all_identifiers_and_texts_that_could_be_one() -> None:
    code = "from a.b import c as d\n"
    assert outline(code).words == {"a", "b", "c", "d"}
    assert outline("x.y(k='text', t='no word')").words == {"x", "y", "k", "t", "text"}
    assert outline("match x:\n case K(a=1): pass").words == {"x", "K", "a"}


TEXTS = {
    "x = 'a'": ("x", "a"),
    "k.x = 'a'": ("x", "a"),
    "k['x'] = 'a'": ("x", "a"),
    "x: str = 'a'": ("x", "a"),
    "x = y or 'a'": ("x", "a"),
    "x = 'a' if y else 'b'": ("x", "b"),
    "x = Field(default='a')": ("x", "a"),
    "f(x='a')": ("x", "a"),
    "{'x': 'a'}": ("x", "a"),
    "getenv('x', 'a')": ("x", "a"),
    "option('--x', default='a')": ("x", "a"),
    "def f(x='a'): pass": ("x", "a"),
    "def f(*, x='a'): pass": ("x", "a"),
    "b'a'": ("", "a"),
}


@pytest.mark.parametrize(("code", "pair"), TEXTS.items(), ids=TEXTS.keys())
def test_texts_know_the_names_that_they_are_given_to(code: str, pair: tuple[str, str]) -> None:
    assert pair in outline(code).texts


NEWER = "type X = int\n" if sys.version_info < (3, 12) else "lazy import newer\n"


@pytest.mark.parametrize(("code", "pair"), TEXTS.items(), ids=TEXTS.keys())
def test_texts_of_a_newer_python_are_known_too(code: str, pair: tuple[str, str]) -> None:
    """Python's own parser rejects it, LibCST does not: no name of a secret may be missed for that."""
    module = Module(NEWER + code + "\n")
    assert module.tree is None
    assert pair in module.chunks[0].outline.texts


def test_imports_are_seen_anywhere() -> None:
    assert Module("import a.b\ndef f():\n    from c.d import e\n").imports == {"a", "c"}


def test_relative_imports_are_no_packages() -> None:
    assert Module("from . import a\n").imports == set()


@pytest.mark.parametrize(("code", "pair"), TEXTS.items(), ids=TEXTS.keys())
def test_texts_are_known_without_an_outline(code: str, pair: tuple[str, str]) -> None:
    module = Module(code)
    assert pair in set(module.texts())
    assert "chunks" not in vars(module)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_texts_are_the_same_with_and_without_outlines(path: Path) -> None:
    module = Module(path.read_text(encoding="utf-8"))
    alone = set(module.texts())
    telling = set(module.texts(str.islower))
    assert {pair for chunk in module.chunks for pair in chunk.outline.texts} == alone == set(module.texts())
    assert telling == {(name, text) for name, text in alone if not name or name.islower()}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_an_outline_leaves_nothing_out(path: Path) -> None:
    """Whatever the lowered code names, loads or says, the outline has said before."""
    for chunk in Module(path.read_text(encoding="utf-8")).chunks:
        words, texts = chunk.outline.words, {text for _, text in chunk.outline.texts}
        for visit in walk(chunk.body):
            match visit.node:
                case ex.Name(id=name) | ex.Attribute(attr=name) | ex.Parameter(name=name) | st.Function(name=name):
                    assert name in words
                case ex.Argument(keyword=name) if name:
                    assert name in words
                case ex.Constant(value=str(text)) if text:
                    assert any(text in item for item in texts) or any(item in text for item in texts)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(
        some.sampled_from(
            [
                "x = 1",
                "f(\n a)",
                "# c",
                "",
                "a; b",
                "if a:\n    b",
                "x = '''\n'''; y",
                "\\\n  z",
                "\f",
                "def f():\n\tx\n",
            ]
        )
    )
)
def test_chunks_cover_every_statement_once(pieces: list[str]) -> None:
    text = "\n".join(pieces) + "\n"
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    module = Module(text)
    spans = [(item.outline.first_line, item.outline.last_line) for item in module.chunks]
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
    for statement in tree.body:
        assert sum(first <= statement.lineno and (statement.end_lineno or 0) <= last for first, last in spans) == 1
    assert sum(len(chunk.body) for chunk in module.chunks) == sum(not isinstance(item, ast.Pass) for item in tree.body)
