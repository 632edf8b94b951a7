"""Results hold while other files answer the same, whatever else changes in them; and never longer."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from mlsec_lint.cache.folder import prepared
from mlsec_lint.cache.store import Store
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.run.checking import check
from mlsec_lint.run.examine import prepare as engine
from mlsec_lint.run.plan import Request, Stdin
from tests.run.test_earlier_runs import EVALUATES, Runs

ROUTES = {
    "run": ("from web.model import Model\nimport web.store as store", "Model(store.PATH).run({})"),
    "look": ("import web.store", "web.store.look({})"),
    "shout": ("from web import shout", "shout({})"),
    "clean": ("from web.tools import clean, WORDS", "clean({}) + WORDS[0]"),
    "twice": ("from web.tools import *", "twice(quoted({}))"),
    "shell": ("import os\nfrom web.tools import checked", "str(os.system('ls ' + checked({})))"),
    "other": ("import web.store", "web.store.other({})"),
    "danger": ("from web.lazy import danger", "danger({})"),
    "lazy": ("from web import lazy", "lazy.later({})"),
}
"""Each in a file of its own, so that nothing is found in any: only then a result rests on single answers."""

ROUTE = """
from flask import Flask, request
{}

app = Flask(__name__)


@app.route("/")
def index():
    return {}
"""

PROJECT = {
    **{
        f"route_{name}.py": ROUTE.format(imports, call.format("request.args['q']"))
        for name, (imports, call) in ROUTES.items()
    },
    "web/__init__.py": "from web.tools import *\nfrom web.more import *\n",
    "web/model.py": """
        import subprocess

        from . import store

        COMMAND = ["ls", "--"]


        class Base:
            def __init__(self, path):
                self.path = path
                self.command = COMMAND

            def call(self, text):
                return str(subprocess.run([*self.command, "fixed"]))


        class Model(Base):
            def run(self, text):
                store.look("x")
                return self.call(text)
        """,
    "web/store.py": """
        import sqlite3

        from web.tools import clean

        PATH = "x.db"


        def connect():
            return sqlite3.connect(PATH)


        def look(text):
            return str(connect().execute("SELECT * FROM t WHERE a = ?", (clean(text),)).fetchall())


        def unused(text):
            return len(text)
        """,
    "web/tools.py": """
        import shlex

        WORDS = ["a", "b"]


        def clean(text):
            return text.strip()


        def shout(text):
            return text.upper()


        def quoted(text):
            return shlex.quote(text)


        def checked(text):
            return "a" if text else "b"
        """,
    "web/more.py": "def twice(text):\n    return inner(text) * 2\n\n\ndef inner(text):\n    return len(text)\n",
    "web/lazy.py": "def later(text):\n    from web.more import twice\n    return twice(text)\n",
    "web/danger.py": "def danger(text):\n    return eval(text)\n",
    "train.py": "import torch\nfrom web.store import PATH\n\nnet = torch.load(PATH, weights_only=False)\n",
}


def changes(text: str) -> Iterator[str]:
    """A text without each of its statements, with functions that do nothing or pass on what they get, moved, with more names."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt):
            continue
        first, last = node.lineno - 1, node.end_lineno
        indent = " " * node.col_offset
        yield "".join((*lines[:first], f"{indent}pass\n", *lines[last:]))
        if isinstance(node, ast.FunctionDef):
            body = node.body[0].lineno - 1
            inner = " " * node.body[0].col_offset
            for instead in ("return text", "return eval(text)", "import os; os.system(text)"):
                yield "".join((*lines[:body], f"{inner}{instead}\n", *lines[last:]))
    yield "# moved\n\n" + text
    for name in ("clean", "shout", "look", "quoted", "twice", "later", "Model", "other"):
        more = f"import os\n\n\ndef {name}(text):\n    return eval(text)\n"
        yield text + more
        yield more + text
    yield "from web.danger import *\n" + text


EVERY = 3
"""Each third change: the others take as long and fail with these."""

CHANGES = {
    f"{name} {number}": (name, changed)
    for name, text in PROJECT.items()
    if name.startswith("web/")
    for number, changed in enumerate(changes(dedent(text).lstrip("\n")))
    if number % EVERY == 0
}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A project that was checked, with everything that was kept."""
    root = tmp_path_factory.mktemp("answers") / "project"
    root.mkdir()
    runs = Runs(root, prepared(root.parent / "cache"))
    for name, text in PROJECT.items():
        runs.write(name, text)
    assert {finding.location.path for finding in runs.run().findings if finding.rule[0] == "M"} == {"train.py"}
    return runs


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_is_found_after_a_change_is_what_is_found_without_earlier_runs(
    earlier: Runs, change: str, tmp_path: Path
) -> None:
    name, changed = CHANGES[change]
    path = earlier.root / name
    before = path.read_text(encoding="utf-8")
    shutil.copytree(earlier.folder, tmp_path / "cache")
    runs = Runs(earlier.root, prepared(tmp_path / "cache"))
    try:
        path.write_text(changed, encoding="utf-8")
        fresh = check(Request((runs.root,), Configuration(runs.root, {}), runs.root), prepare=engine).report
        assert runs.run() == fresh
    finally:
        path.write_text(before, encoding="utf-8")


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    root = tmp_path / "project"
    root.mkdir()
    found = Runs(root, prepared(tmp_path / "cache"))
    found.write("routes.py", ROUTE.format("from service import answer", "answer(request.args['q'])"))
    found.write("service.py", f"{EVALUATES}\n\ndef other(text):\n    return 1\n")
    found.run()
    return found


def test_a_function_that_nobody_asks_for_wakes_nobody(runs: Runs) -> None:
    found = runs.run().findings
    runs.write("service.py", f"{ECHOED}\n\ndef other(text):\n    return 1\n")
    runs.run()
    assert sorted(runs.examined) == ["routes.py", "service.py"]
    runs.write(
        "service.py", f"# moved\n{ECHOED}\n\ndef other(text):\n    return [text] * 2\n\n\ndef more():\n    pass\n"
    )
    assert runs.run().findings == ()
    assert (runs.examined, runs.asked) == (["service.py"], ["routes.py"])
    runs.run()
    assert (runs.examined, runs.asked) == ([], [])
    assert found


ECHOED = "def answer(text):\n    return 'nothing'\n"


def test_a_line_that_a_report_shows_stands_where_it_stands_now(runs: Runs) -> None:
    (line,) = {finding.location.span.start_line for finding in runs.run().findings if finding.rule == "MLS917"}
    runs.write("service.py", f"# moved\n{EVALUATES}")
    assert {f.location.span.start_line for f in runs.run().findings if f.rule == "MLS917"} == {line + 1}


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"contents": [], "asked": ""}', '{"contents": 1, "asked": "AAAA"}']
)
def test_questions_that_somebody_else_wrote_are_not_believed(runs: Runs, text: str) -> None:
    store = Store(runs.folder)
    assert store._connection is not None
    store._connection.execute("UPDATE entries SET value = ? WHERE value LIKE '%\"asked\"%'", (text,))
    store.close()
    runs.write("service.py", ECHOED)
    assert runs.run().findings == ()
    assert sorted(runs.examined) == ["routes.py", "service.py"]


def test_a_secret_of_a_module_is_masked_where_a_report_shows_it_as_soon_as_it_is_one(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    runs = Runs(root, prepared(tmp_path / "cache"))
    runs.write("keys.py", "TITLE = 'Xk9vQ2mLw7RtZp4B'\n\n\ndef more():\n    return 1\n")
    runs.write("train.py", "import keys, torch\nnet = torch.load('Xk9vQ2mLw7RtZp4B.pt', weights_only=False)\n")
    shown = [finding for finding in runs.run().findings if finding.rule == "MLS103"]
    assert "Xk9vQ2mLw7RtZp4B" in str(shown)
    runs.write("keys.py", "TITLE = 'Xk9vQ2mLw7RtZp4B'\n\n\ndef more():\n    return 2\n")
    runs.run()
    assert runs.asked == ["train.py"]
    runs.write("keys.py", "PASSWORD = 'Xk9vQ2mLw7RtZp4B'\n\n\ndef more():\n    return 2\n")
    assert "Xk9vQ2mLw7RtZp4B" not in str([finding for finding in runs.run().findings if finding.rule == "MLS103"])
    assert sorted(runs.examined) == ["keys.py", "train.py"]


def routed(imports: str, call: str) -> str:
    return ROUTE.format(imports, call.format("request.args['q']"))


REGISTERED = (
    "from flask import Flask\nfrom m import put\n\napp = Flask(__name__)\napp.add_url_rule('/', view_func=put)\n"
)
JOB = """
import os


class Job:
    def __init__(self):
        self.name = "x"

    def put(self, text):
        self.name = text
        return os.system(self.name)


job = Job()
"""
RAISES = """
def other(text):
    raise ValueError("bad")


def helper(text):
    other(text)


def put(text):
    try:
        helper(text)
    except Exception as e:
        return str(e)
"""
HALF_WAY = """
def f(text):
    return g(text)


try:
    def g(text):
        {}
        return "x"

    Y = f("a")
except ImportError:
    pass
"""
FLAG = "FLAG = False\n\n\ndef switch(text):\n    global FLAG\n    FLAG = True\n    return eval('1') if text else text\n"

EDITS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a function read a name of a statement that was half evaluated": (
        {
            "a.py": "import os\nfrom m import Y\n\nos.system(Y)\n",
            "b.py": routed("from m import f", "f({})"),
            "m.py": HALF_WAY.format("eval('1')"),
        },
        {"m.py": HALF_WAY.format("eval(text)")},
    ),
    "a file before had another module set a global": (
        {
            "a.py": routed("from m import switch", "switch({})"),
            "b.py": "import requests\nfrom m import FLAG\n\nrequests.get('https://x.org', verify=FLAG)\n",
            "m.py": FLAG,
        },
        {"b.py": "# x\nimport requests\nfrom m import FLAG\n\nrequests.get('https://x.org', verify=FLAG)\n"},
    ),
    "a file before handed a method to a framework, which keeps what it gets": (
        {
            "a.py": "import gradio as gr\nfrom m import job\n\ngr.Interface(fn=job.put, inputs='text', outputs='text').launch()\n",
            "b.py": "import os\nfrom m import job\n\nos.system(job.name)\n",
            "m.py": JOB,
        },
        {"b.py": "# x\nimport os\nfrom m import job\n\nos.system(job.name)\n"},
    ),
    "a file before called what a function calls that is handed to a framework": (
        {"a.py": routed("from m import helper", "helper({})"), "b.py": REGISTERED, "m.py": RAISES},
        {"b.py": f"# x\n{REGISTERED}"},
    ),
    "a module of the package comes that was missing": (
        {"pkg/__init__.py": "", "pkg/b.py": "from .service import answer\n\nanswer()\n"},
        {"pkg/service/data.txt": "x\n"},
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_the_order_of_files_and_half_of_an_evaluation_leave_nothing_behind(edit: str, tmp_path: Path) -> None:
    before, after = EDITS[edit]
    root = tmp_path / "project"
    root.mkdir()
    runs = Runs(root, prepared(tmp_path / "cache"))
    for name, text in before.items():
        runs.write(name, text)
    runs.run()
    for name, text in after.items():
        runs.write(name, text)
    fresh = check(Request((root,), Configuration(root, {}), root), prepare=engine).report
    assert runs.run() == fresh


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("first", ["gone", "/etc/hostname"])
def test_a_link_that_becomes_a_module_wakes_those_that_import_it(runs: Runs, first: str) -> None:
    (runs.root / "service.py").unlink()
    (runs.root / "service.py").symlink_to(first)
    assert runs.run().findings == ()
    runs.write("gone", EVALUATES)
    (runs.root / "service.py").unlink()
    (runs.root / "service.py").symlink_to("gone")
    assert {finding.rule for finding in runs.run().findings} >= {"MLS917"}


def test_what_lies_on_disk_counts_for_those_that_import_a_file_from_standard_input(runs: Runs) -> None:
    def rules() -> set[str]:
        given = Stdin(routed("from b import go", "go({})").encode(), runs.root / "a.py")
        request = Request((), Configuration(runs.root, {}), runs.root, cache=runs.folder, stdin=given)
        return {finding.rule for finding in check(request, prepare=engine).report.findings}

    runs.write("b.py", "from a import run\n\n\ndef go(text):\n    return run(text)\n")
    runs.write("a.py", "def run(text):\n    return len(text)\n")
    assert "MLS917" not in rules()
    runs.write("a.py", "def run(text):\n    return eval(text)\n")
    assert "MLS917" in rules()


def test_a_huge_module_is_not_read_for_its_digest(runs: Runs) -> None:
    with (runs.root / "service.py").open("wb") as file:
        file.truncate(2**40)
    assert [problem.path for problem in runs.run().problems] == ["service.py"]
    assert runs.run().findings == ()


def test_questions_are_kept_as_long_as_their_results(runs: Runs) -> None:
    store = Store(runs.folder)
    assert store._connection is not None
    store._connection.execute("UPDATE entries SET day = day - 50")
    store.close()
    runs.run()
    store = Store(runs.folder)
    assert store._connection is not None
    query = """SELECT value LIKE '{"contents"%', MIN(day) FROM entries WHERE value LIKE '{%"asked"%' OR value LIKE '{"reads"%' GROUP BY 1"""
    days = dict(store._connection.execute(query))
    store.close()
    assert days[0] == days[1]
