"""The modules that others import: what is kept of them, and what is made anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.imports import library as libraries
from mlsec_lint.imports.library import MANY, Library, ProjectModule
from mlsec_lint.imports.packed_source import PackedSource
from mlsec_lint.sources.reading import read_text
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.bounds import MAX_TREE_DEPTH
from mlsec_lint.syntax.outline import NOTHING
from tests.imports.projects import write


@given(some.text(some.characters(), max_size=200))
def test_a_packed_source_is_the_source(text: str) -> None:
    source = SourceFile("a.py", text, text, is_test=True)
    assert PackedSource(source).unpacked() == source


def opened(root: Path, name: str) -> ProjectModule:
    found = Library(root, root).open(str(root / name))
    assert found is not None
    return found


def test_a_module_is_what_it_was_when_it_was_opened(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "first = 1\n"})
    module = opened(tmp_path, "a.py")
    write(tmp_path, {"a.py": "second = 1\n"})
    assert [*module.binders] == ["first"]
    assert module.outlines[0].binds == {"first"}


def test_names_of_modules_behind_a_wide_star_cost_no_look_into_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"m{index}" for index in range(MANY + 1)]
    write(tmp_path, {f"{name}.py": "def f():\n    return 1\n" for name in names})
    library = Library(tmp_path, tmp_path)
    monkeypatch.setattr(libraries, "_parsed", None)
    modules = library.behind_stars(tuple(names), str(tmp_path / "a.py"))
    assert [module.binders for module in modules] == [{"f": (0,)}] * len(names)


def test_code_that_went_off_the_shelf_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "MAX_PARSED", 10)
    write(tmp_path, {"a.py": "def f():\n    return 1\n", "b.py": "def g():\n    return 2\n"})
    library = Library(tmp_path, tmp_path)
    first, second = (library.open(str(tmp_path / name)) for name in ("a.py", "b.py"))
    assert first is not None
    assert second is not None
    code, body = first.module, first.body(0)
    assert second.body(0)[0]
    assert first.module is not code
    assert first.body(0) == body


DEEP = f"def f():\n    return {' + '.join(['x'] * (MAX_TREE_DEPTH + 1))}\n\ng = 1\n"
BROKEN = {"deep inside": (DEEP, ["f", "g"]), "no Python": ("x = = 1\n", []), "deep": (DEEP.split("return ")[1], [])}


@pytest.mark.parametrize("is_one_of_many", [False, True])
@pytest.mark.parametrize("name", BROKEN)
def test_of_a_module_that_is_beyond_a_bound_nothing_but_names_is_known(
    tmp_path: Path, name: str, *, is_one_of_many: bool
) -> None:
    text, names = BROKEN[name]
    write(tmp_path, {"a.py": text})
    module = opened(tmp_path, "a.py")
    module.is_one_of_many = is_one_of_many
    assert [*module.binders] == names
    assert module.outlines == (NOTHING,) * len(names)
    assert [module.body(index) for index in range(len(names))] == [((), 0)] * len(names)


def test_a_source_that_is_read_from_text_has_nothing_beside_it() -> None:
    source = read_text("\ufeffx = 1\n", "a.py")
    assert isinstance(source, SourceFile)
    assert source.raw == source.text
