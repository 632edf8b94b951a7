"""A run over single files: flows that start or end in the files that import them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlsec_lint.config.configuration import Configuration
from mlsec_lint.findings import Report
from mlsec_lint.run.checking import check
from mlsec_lint.run.importing import MOST
from mlsec_lint.run.plan import Request

SERVICE = """
import pickle
import subprocess

def convert(name):
    return subprocess.run(f"ffmpeg -i {name} out.wav", shell=True)
"""
API = """
from fastapi import FastAPI
from shop.service import convert

app = FastAPI()
key = "{unfinished"

@app.get("/convert")
def route(name: str):
    return convert(name)

@app.get("/run")
def run(name: str):
    return eval(name)
"""
BASE = {"shop/__init__.py": "", "shop/service.py": SERVICE, "shop/api.py": API}


def report(root: Path, files: dict[str, str], *paths: str, cache: Path | None = None) -> Report:
    (root / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    named = tuple(root / path for path in paths)
    return check(Request(named, Configuration(root, {}), root, cache=cache)).report


def told(report: Report) -> list[tuple[str, str, int]]:
    return [(item.rule, item.location.path, item.location.span.start_line) for item in report.findings]


IN_SERVICE = ("MLS917", "shop/service.py", 6)


def test_a_flow_that_starts_in_a_file_that_imports_the_checked_one(tmp_path: Path) -> None:
    found = report(tmp_path, BASE, "shop/service.py")
    assert told(found) == [IN_SERVICE]
    assert found.findings[0].trace[0].location.path == "shop/api.py"
    assert (found.checked, found.lines, found.problems) == (1, 6, ())


def test_what_else_is_in_the_other_file_is_not_told(tmp_path: Path) -> None:
    everything = report(tmp_path, BASE, "shop")
    assert told(everything) == [("MLS917", "shop/api.py", 14), IN_SERVICE]


def test_a_flow_that_ends_in_a_file_that_imports_the_checked_one(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/names.py": "from flask import request\n\ndef name():\n    return request.args['name']\n",
        "shop/web.py": "import os\nfrom .names import name\n\ndef show():\n    os.system('ls ' + name())\n",
    }
    assert told(report(tmp_path, files, "shop/names.py")) == [("MLS917", "shop/web.py", 5)]


def test_a_comment_at_the_end_of_the_flow_answers_it(tmp_path: Path) -> None:
    line = "shell=True)  # mlsec: ignore[MLS917] -- names come from our own list"
    files = BASE | {"shop/service.py": SERVICE.replace("shell=True)", line)}
    found = report(tmp_path, files, "shop/service.py")
    assert (told(found), len(found.suppressed)) == ([], 1)


def test_a_broken_file_beside_the_checked_one_is_no_problem_of_the_run(tmp_path: Path) -> None:
    files = BASE | {"shop/broken.py": "from shop.service import convert\ndef (:\n"}
    found = report(tmp_path, files, "shop/service.py")
    assert (told(found), found.problems) == ([IN_SERVICE], ())


def test_excluded_files_are_not_looked_into(tmp_path: Path) -> None:
    files = BASE | {"pyproject.toml": "[tool.mlsec-lint]\nextend-exclude = ['shop/api.py']\n"}
    assert told(report(tmp_path, files, "shop/service.py")) == []


def test_more_files_than_a_hook_has_time_for_are_said(tmp_path: Path) -> None:
    many = {f"shop/user_{number:02}.py": "from shop.service import convert\n" for number in range(MOST + 1)}
    found = report(tmp_path, BASE | many, "shop/service.py")
    assert any(f"more than {MOST} files import what was checked" in note for note in found.notes)
    few = report(tmp_path, BASE | many, ".")
    assert not any("import what was checked" in note for note in few.notes)


@pytest.mark.parametrize("paths", [(".",), ("shop",), ("shop/service.py", "shop/api.py")])
def test_a_finding_is_told_once_however_the_files_are_named(paths: tuple[str, ...], tmp_path: Path) -> None:
    assert told(report(tmp_path, BASE, *paths)).count(IN_SERVICE) == 1


def test_the_cache_gives_the_same(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    cache.mkdir(mode=0o700)
    first = report(root, BASE, "shop/service.py", cache=cache)
    assert report(root, BASE, "shop/service.py", cache=cache) == first
    everything = report(root, BASE, "shop", cache=cache)
    assert told(everything) == [("MLS917", "shop/api.py", 14), IN_SERVICE]
    changed = BASE | {"shop/api.py": API.replace("convert(name)", "convert('a.mp4')")}
    assert told(report(root, changed, "shop/service.py", cache=cache)) == []


def test_the_worse_story_of_an_importing_file_speaks(tmp_path: Path) -> None:
    files = {
        "service.py": "import pickle\n\ndef load(data):\n    return pickle.loads(data)\n",
        "app.py": "from flask import request\nfrom service import load\n\ndef show():\n    return str(load(request.data))\n",
    }
    assert (
        told(report(tmp_path, files, "service.py"))
        == told(report(tmp_path, files, "."))
        == [("MLS918", "service.py", 4)]
    )
