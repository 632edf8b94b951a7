"""Which files import a file: by every spelling of an import, nearer ones first, bounded on any text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlsec_lint.imports.finder import Finder
from mlsec_lint.imports.importers import Importers


def importers(root: Path, files: dict[str, str], checked: str, most: int = 10) -> list[str]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    others = [root / name for name in sorted(files) if name != checked and name.endswith(".py")]
    found = Importers(others, Finder(root)).of([root / checked], most)
    return [path.relative_to(root).as_posix() for path in found]


PACKAGE = {"shop/__init__.py": "", "shop/service.py": ""}


@pytest.mark.parametrize(
    "line",
    [
        "from shop.service import convert",
        "import shop.service",
        "import os, shop.service as service",
        "from shop import service",
        "from shop import (\n    other,\n    service as used,\n)",
        "from . import service",
        "from .service import convert",
        "def late():\n    from .service import convert",
        "from .service import *",
    ],
)
def test_every_spelling_of_an_import_is_one(line: str, tmp_path: Path) -> None:
    assert importers(tmp_path, PACKAGE | {"shop/api.py": line}, "shop/service.py") == ["shop/api.py"]


@pytest.mark.parametrize(
    "line",
    [
        "from shop.services import convert",
        "from other import service",
        "text = 'service'",
        "# from shop import service",
        "from .. import service",
    ],
)
def test_the_name_alone_is_no_import(line: str, tmp_path: Path) -> None:
    assert importers(tmp_path, PACKAGE | {"shop/api.py": line}, "shop/service.py") == []


def test_a_package_that_hands_a_module_on_brings_those_that_import_the_package(tmp_path: Path) -> None:
    files = PACKAGE | {"shop/__init__.py": "from .service import convert", "main.py": "from shop import convert"}
    assert importers(tmp_path, files, "shop/service.py") == ["shop/__init__.py", "main.py"]


def test_nearer_files_come_first(tmp_path: Path) -> None:
    line = "from shop.service import convert"
    files = PACKAGE | {"a.py": line, "shop/z.py": line, "shop/web/a.py": line}
    assert importers(tmp_path, files, "shop/service.py") == ["shop/web/a.py", "shop/z.py", "a.py"] or importers(
        tmp_path, files, "shop/service.py"
    ) == ["shop/z.py", "shop/web/a.py", "a.py"]
    assert len(importers(tmp_path, files, "shop/service.py", most=2)) == 2


def test_files_that_import_each_other_end(tmp_path: Path) -> None:
    files = PACKAGE | {"shop/a.py": "from . import service, b", "shop/b.py": "from . import a"}
    assert importers(tmp_path, files, "shop/service.py") == ["shop/a.py", "shop/b.py"]


@pytest.mark.parametrize(
    "text",
    [
        "from" + " " * 400_000 + "service",
        "from service import (" * 40_000,
        ("from " + "." * 30 + "\n") * 20_000,
        "import " + "service," * 80_000,
        " " * 900_000 + "import service",
    ],
)
def test_no_text_takes_long(text: str, tmp_path: Path) -> None:
    start = time.process_time()
    importers(tmp_path, PACKAGE | {"shop/api.py": text}, "shop/service.py")
    assert time.process_time() - start < 20


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    files = PACKAGE | {"shop/api.py": "from . import service"}
    others = [tmp_path / "shop" / name for name in ("api.py", "gone.py", "folder.py")]
    importers(tmp_path, files, "shop/service.py")
    (tmp_path / "shop" / "folder.py").mkdir()
    assert Importers(others, Finder(tmp_path)).of([tmp_path / "shop/service.py"], 10) == [tmp_path / "shop/api.py"]
