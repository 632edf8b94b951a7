from __future__ import annotations

from pathlib import Path

import context
import pytest
from context import checked_with


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "WHOLE", 1)


def project(root: Path, **files: str) -> Path:
    """Files by their paths, `__` for a slash: `some__load` is `some/load.py`, `some__init` is its `__init__.py`."""
    for name, text in files.items():
        *folders, last = name.split("__")
        path = root.joinpath(*folders, "__init__.py" if last == "init" else f"{last}.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    return root


def checked(root: Path, *labelled: str) -> list[str]:
    return [path.relative_to(root).as_posix() for path in checked_with(root, [root / one for one in labelled])]


def test_a_small_package_is_checked_as_a_whole(tmp_path: Path) -> None:
    root = project(tmp_path, some__init="", some__load="", other="x = 1")
    (root / "demo.ipynb").write_text("{}", encoding="utf-8")
    (root / "more.ipynb").write_text("{}", encoding="utf-8")
    assert checked(root, "some/load.py", "demo.ipynb") == ["demo.ipynb", "other.py", "some/__init__.py", "some/load.py"]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    "line",
    [
        "import some.sub.load",
        "import json, some.sub.load as loader",
        "from some.sub.load import read",
        "from some.sub import load",
        "from some.sub import (\n    other,\n    load,\n)",
        "from .sub import load",
        "from .sub.load import read",
        "    from some.sub.load import *",
    ],
)
def test_of_a_large_one_what_imports_a_labelled_file(tmp_path: Path, line: str) -> None:
    root = project(tmp_path, some__init="", some__sub__init="", some__sub__load="", some__app=line, some__more="x = 1")
    assert checked(root, "some/sub/load.py") == ["some/app.py", "some/sub/load.py"]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    "line",
    ["import load", "from other.sub import load", "from . import load", "# from some.sub import load", "load = 1"],
)
def test_another_module_of_the_same_name_is_not_meant(tmp_path: Path, line: str) -> None:
    root = project(tmp_path, some__init="", some__sub__init="", some__sub__load="", some__app=line)
    assert checked(root, "some/sub/load.py") == ["some/sub/load.py"]


@pytest.mark.usefixtures("large")
def test_relative_imports_start_where_the_file_lies(tmp_path: Path) -> None:
    root = project(
        tmp_path, a__init="", a__load="", a__b__init="", a__b__app="from ..load import x", a__c="from . import load"
    )
    assert checked(root, "a/load.py") == ["a/b/app.py", "a/c.py", "a/load.py"]


@pytest.mark.usefixtures("large")
def test_folders_that_are_no_package_are_not_written(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        dist__src__some__init="",
        dist__src__some__load="",
        dist__app="import some.load",
        dist__no="import load",
    )
    assert checked(root, "dist/src/some/load.py") == ["dist/app.py", "dist/src/some/load.py"]


@pytest.mark.usefixtures("large")
def test_what_a_package_hands_on_reaches_its_importers(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        a__init="",
        a__b__init="from .load import read",
        a__b__load="",
        a__app="from .b import read",
        a__c="import a",
    )
    assert checked(root, "a/b/load.py") == ["a/app.py", "a/b/__init__.py", "a/b/load.py"]


@pytest.mark.usefixtures("large")
def test_near_importers_come_first_and_their_number_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "IMPORTERS", 2)
    line = "from some.sub import load"
    root = project(
        tmp_path, some__init="", some__a=line, some__sub__init="", some__sub__load="", some__sub__z=line, b=line
    )
    assert checked(root, "some/sub/load.py") == ["some/a.py", "some/sub/load.py", "some/sub/z.py"]
