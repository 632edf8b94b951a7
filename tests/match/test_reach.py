"""Which imported names can lead to what, by words alone."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from mlsec_lint.findings import Profile
from mlsec_lint.fixtures.corpus import CODE, Fixture, find_fixtures
from mlsec_lint.fixtures.fakes import with_fakes
from mlsec_lint.imports.library import Library
from mlsec_lint.match.funnels import funnel_of
from mlsec_lint.match.reach import MAX_HOPS, Reach
from mlsec_lint.syntax.module import Module
from tests.engine.checking import ALONE, catalogue
from tests.imports.projects import RUNNER, Process, route, told, write

ROOT = Path(__file__).parents[2]
PROJECTS = [
    fixture for fixture in find_fixtures(ROOT / "fixtures") if sum(path.suffix in CODE for path in fixture.files) > 1
]

SOURCE = """
    from flask import request


    def given():
        return request.args["q"]
"""


def imported(root: Path, files: dict[str, str], text: str) -> dict[str, frozenset[str]]:
    """What the imports of `main.py` with this text can lead to."""
    write(root, {**files, "main.py": text})
    funnel = funnel_of(catalogue())
    reach = Reach(Library(root, root), funnel)
    module = Module((root / "main.py").read_text(encoding="utf-8"))
    found = reach.neighbours([chunk.outline for chunk in module.chunks], str(root / "main.py")).kinds
    return {name: funnel.kind_names(kinds) for name, kinds in found.items()}


REACHED: dict[str, tuple[str, dict[str, str], str, str]] = {
    "a sink": ("from runner import run", {"runner.py": RUNNER}, "run", "sink:code-execution"),
    "a source": ("from given import given", {"given.py": SOURCE}, "given", "source:request"),
    "under another name": ("from runner import run as go", {"runner.py": RUNNER}, "go", "sink:code-execution"),
    "a member of a module": ("import runner\nrunner.run", {"runner.py": RUNNER}, "runner", "sink:code-execution"),
    "by a star": ("from runner import *\nrun", {"runner.py": RUNNER}, "run", "sink:code-execution"),
    "by the functions behind it": (
        "from runner import run",
        {"runner.py": "def run(x): return inner(x)\ndef inner(x): return eval(x)"},
        "run",
        "sink:code-execution",
    ),
    "two files on": (
        "from outer import run",
        {"outer.py": "from runner import run as go\ndef run(x): return go(x)", "runner.py": RUNNER},
        "run",
        "sink:code-execution",
    ),
    "handed on": (
        "from outer import run",
        {"outer.py": "from runner import run", "runner.py": RUNNER},
        "run",
        "sink:code-execution",
    ),
    "handed on by a star": (
        "from outer import run",
        {"outer.py": "from runner import *", "runner.py": RUNNER},
        "run",
        "sink:code-execution",
    ),
    "a member of a module that hands on all of another": (
        "import outer\nouter.run",
        {"outer.py": "from middle import *", "middle.py": "from runner import *", "runner.py": RUNNER},
        "outer",
        "sink:code-execution",
    ),
    "a member of a package that hands on all of its module": (
        "from top import pkg\npkg.run",
        {"top/__init__.py": "", "top/pkg/__init__.py": "from .runner import *", "top/pkg/runner.py": RUNNER},
        "pkg",
        "sink:code-execution",
    ),
    "a module that is handed on": (
        "import outer\nouter.runner.run",
        {"outer.py": "import runner", "runner.py": RUNNER},
        "outer",
        "sink:code-execution",
    ),
    "a module that is handed on by its name": (
        "from outer import runner\nrunner.run",
        {"outer.py": "import runner", "runner.py": RUNNER},
        "runner",
        "sink:code-execution",
    ),
    "a caught exception": (
        "from risky import run",
        {"risky.py": "def run():\n    try:\n        work()\n    except Exception as e:\n        return str(e)"},
        "run",
        "source:exception",
    ),
    "inside a function": (
        "def f():\n    from runner import run\n    run('x')",
        {"runner.py": RUNNER},
        "run",
        "sink:code-execution",
    ),
    "a method": (
        "from runner import Runner",
        {"runner.py": "class Runner:\n    def run(self, x):\n        return eval(x)"},
        "Runner",
        "sink:code-execution",
    ),
}


@pytest.mark.parametrize("case", REACHED)
def test_a_name_leads_to_what_stands_behind_it(case: str, tmp_path: Path) -> None:
    text, files, name, kind = REACHED[case]
    assert kind in imported(tmp_path, files, text)[name]


NOT_REACHED: dict[str, tuple[str, dict[str, str]]] = {
    "another function of the module": (
        "from runner import other",
        {"runner.py": "def other(x): return x\ndef run(x): return eval(x)"},
    ),
    "a module of which nothing is named": ("import runner", {"runner.py": RUNNER}),
    "a missing module": ("from runner import run", {}),
    "a module of the standard library": ("from json import loads", {"json.py": "def loads(x): return eval(x)"}),
    "a star of which nothing is named": ("from runner import *", {"runner.py": RUNNER}),
}


@pytest.mark.parametrize("case", NOT_REACHED)
def test_a_name_leads_to_nothing_that_does_not_stand_behind_it(case: str, tmp_path: Path) -> None:
    text, files = NOT_REACHED[case]
    assert imported(tmp_path, files, text) == {}


def test_a_story_that_goes_through_too_many_files_is_not_followed(tmp_path: Path) -> None:
    def chain(length: int) -> dict[str, str]:
        steps = {
            f"m{index}.py": f"from m{index + 1} import run as go\ndef run(x): return go(x)" for index in range(length)
        }
        return {**steps, f"m{length}.py": RUNNER}

    assert imported(tmp_path, chain(MAX_HOPS), "from m0 import run") != {}
    assert imported(tmp_path, chain(MAX_HOPS + 1), "from m0 import run") == {}


def test_circles_end(tmp_path: Path) -> None:
    files = {
        "a.py": "from b import *\nfrom b import run as go\ndef run(x): return go(x)",
        "b.py": "from a import *\nfrom a import run as go\ndef run(x):\n    go(x)\n    return eval(x)",
    }
    assert "sink:code-execution" in imported(tmp_path, files, "from a import run")["run"]


def test_a_file_without_anything_of_interest_is_not_evaluated_for_its_imports(tmp_path: Path) -> None:
    files = {"runner.py": RUNNER, "main.py": "from runner import run\n\n\ndef go(x: int):\n    return run('1 + 1')\n"}
    write(tmp_path, files)
    assert told(Process(tmp_path).check("main.py")) == []


BOTH_ENDS = {
    "runner.py": RUNNER,
    "given.py": SOURCE,
    "main.py": "from given import given\nfrom runner import run\n\nrun(given())\n",
}


@pytest.mark.xfail(strict=True, reason="a file that has neither end of a flow itself is not looked into")
def test_a_file_that_joins_a_source_and_a_sink_of_others_is_woken(tmp_path: Path) -> None:
    write(tmp_path, BOTH_ENDS)
    assert told(Process(tmp_path).check("main.py")) == [("MLS917", "runner.py", 2)]


@pytest.mark.parametrize("fixture", PROJECTS, ids=lambda fixture: fixture.path.name)
def test_the_funnel_loses_nothing_of_a_project(fixture: Fixture, tmp_path: Path) -> None:
    options = replace(ALONE, ignores=False)
    for path in fixture.files:
        text = with_fakes(path.read_text(encoding="utf-8"), catalogue().facts)
        write(tmp_path, {path.relative_to(fixture.root).as_posix(): text.encode()})
    live, whole = Process(tmp_path, options), Process(tmp_path, replace(options, whole=True))
    for name in (path.relative_to(fixture.root).as_posix() for path in fixture.files if path.suffix in CODE):
        assert told(live.check(name), Profile.DEFAULT) == told(whole.check(name), Profile.DEFAULT), name


STYLES = {
    "a star of a star": {"m.py": "from n import *", "n.py": "from runner import *", "runner.py": RUNNER},
    "a package": {"m/__init__.py": "from .runner import *", "m/runner.py": RUNNER},
    "a class": {
        "m.py": "from runner import run as go\nclass K:\n    def run(self, x):\n        return go(x)\nrun = K().run",
        "runner.py": RUNNER,
    },
    "a table": {
        "m.py": "import runner\nTABLE = {'run': runner.run}\ndef run(x): return TABLE['run'](x)",
        "runner.py": RUNNER,
    },
    "a decorator": {
        "m.py": "import runner\ndef wrap(f):\n    return f\n@wrap\ndef run(x):\n    return runner.run(x)",
        "runner.py": RUNNER,
    },
}


@pytest.mark.parametrize("case", STYLES)
def test_the_funnel_loses_nothing_behind_an_import(case: str, tmp_path: Path) -> None:
    write(tmp_path, {**STYLES[case], "routes.py": route("from m import run")})
    whole = Process(tmp_path, replace(ALONE, whole=True)).check("routes.py")
    assert len(told(whole)) == 1
    assert told(Process(tmp_path).check("routes.py")) == told(whole)


def test_functions_of_many_files_that_all_call_each_other_take_no_time(tmp_path: Path) -> None:
    others = "\n".join(f"from m{other} import *\nimport m{other}" for other in range(5))
    files: dict[str, str] = {}
    for number in range(5):
        calls = " + ".join(f"f{other}_{index}(x)" for other in range(5) for index in range(0, 40, 8))
        files[f"m{number}.py"] = (
            others + "\n" + "\n".join(f"def f{number}_{index}(x): return {calls}" for index in range(40))
        )
    files["m0.py"] += "\ndef last(x): return eval(x)\n"
    start = time.process_time()
    imported(tmp_path, files, "from m1 import *\nfrom m2 import *\nf1_0(f2_0(1))")
    assert time.process_time() - start < 10
