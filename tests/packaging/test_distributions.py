"""The wheel, the source distribution and the editable install: each carries the rules as `mlsec_lint.rules`."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, copy_checkout

pytestmark = pytest.mark.slow

RULES = sorted(path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.toml"))
LIST_RULES = """
import importlib.resources, mlsec_lint.rules
def walk(folder, prefix=""):
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from walk(entry, prefix + entry.name + "/")
        elif entry.name.endswith(".toml"):
            yield prefix + entry.name
print("\\n".join(sorted(walk(importlib.resources.files("mlsec_lint.rules")))))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("a project") / "mlsec lint")


@pytest.fixture(scope="module")
def distributions(checkout: Path) -> Path:
    """The folder with the source distribution, and the wheel that was built from it."""
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", "dist", "."], cwd=checkout, check=True, stdout=subprocess.DEVNULL
    )
    return checkout / "dist"


def environment(folder: Path) -> Path:
    """The Python of a new environment with nothing in it."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def rules_of(python: Path, folder: Path) -> list[str]:
    """The rule files that an installation finds, asked from a folder outside the checkout."""
    listed = subprocess.run([python, "-c", LIST_RULES], cwd=folder, check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


def test_the_wheel_holds_the_rules_and_nothing_else_of_the_repository(distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    prefix = "mlsec_lint/rules/"
    assert (
        sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix) and name.endswith(".toml"))
        == RULES
    )
    assert {"mlsec_lint/py.typed", "mlsec_lint/report/html/report.css", "mlsec_lint/report/html/report.js"} <= set(
        names
    )
    assert {name.split("/")[0].split("-")[0] for name in names} == {"mlsec_lint"}


def test_the_source_distribution_can_test_itself(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"rules/kinds.toml", "tests/test_names.py", "fixtures/example-service/service/app.py", "action.yml"} <= names
    assert not any(name.startswith((".venv", "build/")) for name in names)


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_an_installation_finds_the_rules(distributions: Path, tmp_path: Path, kind: str) -> None:
    python = environment(tmp_path / "venv")
    (file,) = distributions.glob(kind)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", file], check=True)
    assert rules_of(python, tmp_path) == RULES


def test_an_editable_installation_finds_the_rules_and_sees_new_ones(checkout: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--editable", checkout], check=True)
    new = checkout / "rules" / "models" / "zz-new.toml"
    new.parent.mkdir(exist_ok=True)
    new.write_text("", encoding="utf-8")
    try:
        assert rules_of(python, tmp_path) == sorted([*RULES, "models/zz-new.toml"])
    finally:
        new.unlink()
