"""Code that is made to lead an evaluation astray: circles, shadows, very long chains, very large modules."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from mlsec_lint.engine import EngineOptions
from mlsec_lint.findings import FileResult
from mlsec_lint.flow import defining
from mlsec_lint.flow import statements as statements_module
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.syntax import statement as st
from tests.imports.projects import RUNNER, Process, checked, files_of, only, route, tell, told, write

SECONDS = 60
"""What a slow machine under load may take for what takes a second on a quick one."""


RECURSIVE: dict[str, str] = {
    "itself": """
        def run(code, depth=3):
            if depth:
                return run(code, depth - 1)
            return str(eval(code))  # here
    """,
    "itself, before the sink": """
        def run(code):
            run(code)
            return str(eval(code))  # here
    """,
    "each other": """
        def run(code):
            return other(code)


        def other(code):
            if len(code) > 3:
                return run(code[1:])
            return str(eval(code))  # here
    """,
    "three in a ring": """
        def run(code):
            return second(code)


        def second(code):
            return third(code)


        def third(code):
            if code:
                run(code)
            return str(eval(code))  # here
    """,
    "a method by another": """
        class Runner:
            def run(self, code):
                return self.step(code)

            def step(self, code):
                if code:
                    self.run(code)
                return str(eval(code))  # here


        run = Runner().run
    """,
    "a class that holds itself": """
        class Node:
            def __init__(self):
                self.next = Node()

            def run(self, code):
                return str(eval(code))  # here


        node = Node()
        run = node.next.next.run
    """,
    "a function that returns itself": """
        def make():
            def inner(code):
                eval(code)  # here
                return make()
            return inner


        run = make()
    """,
    "a variable that holds itself": """
        here = {}
        here["here"] = here


        def run(code):
            here["code"] = code
            return str(eval(code))  # here
    """,
    "a base that is the class": """
        class Runner:
            def run(self, code):
                return str(eval(code))  # here


        class Runner(Runner): ...


        run = Runner().run
    """,
    "global": """
        total = ""


        def keep(code):
            global total
            total = code


        def run(code):
            keep(code)
            return str(eval(code))  # here
    """,
    "nonlocal": """
        def run(code):
            kept = ""

            def keep():
                nonlocal kept
                kept = code
            keep()
            return str(eval(code)) + kept  # here
    """,
    "a loop": """
        def run(code):
            text = ""
            for _ in range(3):
                if text:
                    str(eval(text))  # here
                text = code
    """,
    "a branch": """
        def run(code):
            if code:
                text = code
            else:
                text = ""
            return str(eval(text))  # here
    """,
    "a shadowed parameter in a lambda": """
        def run(code):
            clean = lambda code: ""
            return clean(code) + str(eval(code))  # here
    """,
    "a comprehension": """
        def run(code):
            clean = ["" for code in range(3)]
            return str(eval(code)) + str(clean)  # here
    """,
}


@pytest.mark.parametrize("case", RECURSIVE)
def test_code_that_goes_round_in_circles_in_another_file(case: str, tmp_path: Path) -> None:
    write(tmp_path, {"runner.py": RECURSIVE[case], "routes.py": route("from runner import run")})
    lines = (tmp_path / "runner.py").read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.endswith("# here")]
    assert told(Process(tmp_path).check("routes.py")) == [("MLS917", "runner.py", line)]


SHADOWED: dict[str, tuple[str, str]] = {
    "eval is the module's own": ("def eval(code):\n    return ''\n\n\ndef run(code):\n    return eval(code)\n", ""),
    "eval is a parameter": ("def run(code, eval=len):\n    return eval(code)\n", ""),
    "eval is set in the function": ("def run(code):\n    eval = len\n    return eval(code)\n", ""),
    "the parameter is replaced": ("def run(code):\n    code = ''\n    return eval(code)\n", ""),
    "the parameter is a loop's": ("def run(code):\n    for code in ('a', 'b'):\n        eval(code)\n", ""),
    "the function is replaced": ("def run(code):\n    return eval(code)\n\n\ndef run(code):\n    return ''\n", ""),
    "the function is deleted by a class": ("def run(code):\n    return eval(code)\n\n\nclass run:\n    pass\n", ""),
    "the importer has its own": (RUNNER, "\n\ndef run(code):\n    return ''\n"),
    "the importer replaces it": (RUNNER, "\nrun = len\n"),
}


@pytest.mark.parametrize("case", SHADOWED)
def test_a_name_that_means_something_else_is_not_taken_for_it(case: str, tmp_path: Path) -> None:
    runner, after = SHADOWED[case]
    files = {"runner.py": runner, "routes.py": route("from runner import run" + after)}
    assert told(checked(tmp_path, files, "routes.py")) == []


CIRCLES: dict[str, dict[str, str]] = {
    "two modules that import each other": {
        "a.py": "import b\n\n\ndef run(code):\n    return b.step(code)\n",
        "b.py": "import a\n\n\ndef step(code):\n    if code == 'x':\n        return a.run(code)\n    return eval(code)\n",
        "sink": "b.py:7",
    },
    "two modules that import names of each other": {
        "a.py": "from b import step\n\n\ndef run(code):\n    return step(code)\n",
        "b.py": "from a import run\n\n\ndef step(code):\n    if code == 'x':\n        return run(code)\n    return eval(code)\n",
        "sink": "b.py:7",
    },
    "three modules in a ring": {
        "a.py": "import b\n\n\ndef run(code):\n    return b.run(code)\n",
        "b.py": "import c\n\n\ndef run(code):\n    return c.run(code)\n",
        "c.py": "import a\n\n\ndef run(code):\n    a.run(code)\n    return eval(code)\n",
        "sink": "c.py:6",
    },
    "stars of each other": {
        "a.py": "from b import *\n",
        "b.py": "from a import *\n\n\ndef run(code):\n    return eval(code)\n",
        "sink": "b.py:5",
    },
    "stars in a ring": {
        "a.py": "from b import *\n",
        "b.py": "from c import *\n",
        "c.py": "from a import *\nfrom d import *\n",
        "d.py": "def run(code):\n    return eval(code)\n",
        "sink": "d.py:2",
    },
    "a star of itself": {"a.py": "from a import *\n\n\ndef run(code):\n    return eval(code)\n", "sink": "a.py:5"},
    "an import of itself": {
        "a.py": "import a\n\n\ndef inner(code):\n    return eval(code)\n\n\ndef run(code):\n    return a.inner(code)\n",
        "sink": "a.py:5",
    },
    "a name of itself": {
        "a.py": "def inner(code):\n    return eval(code)\n\n\ndef run(code):\n    from a import inner as step\n    return step(code)\n",
        "sink": "a.py:2",
    },
    "names that nobody sets": {"a.py": "from b import run\n", "b.py": "from a import run\n", "sink": ""},
    "stars in which nobody sets the name": {"a.py": "from b import *\n", "b.py": "from a import *\n", "sink": ""},
    "classes that derive from each other": {
        "a.py": "import b\n\n\nclass A(b.B):\n    pass\n\n\nrun = A().run\n",
        "b.py": "import a\n\n\nclass B(a.A):\n    def run(self, code):\n        return eval(code)\n",
        "sink": "b.py:6",
    },
    "objects that hold each other": {
        "a.py": "import b\n\n\nclass A:\n    def __init__(self):\n        self.b = b.B()\n\n\nrun = A().b.a.b.run\n",
        "b.py": "import a\n\n\nclass B:\n    def __init__(self):\n        self.a = a.A()\n\n    def run(self, code):\n        return eval(code)\n",
        "sink": "b.py:9",
    },
    "variables of each other": {
        "a.py": "from b import y\n\nx = y\n\n\ndef run(code):\n    return eval(code + x)\n",
        "b.py": "from a import x\n\ny = x\n",
        "sink": "a.py:7",
    },
    "decorators of each other": {
        "a.py": "import b\n\n\ndef wrap(function):\n    return b.wrap(function)\n\n\n@wrap\ndef run(code):\n    return eval(code)\n",
        "b.py": "import a\n\n\ndef wrap(function):\n    return a.wrap(function)\n",
        "sink": "a.py:10",
    },
}


@pytest.mark.parametrize("case", CIRCLES)
def test_modules_that_go_round_in_circles(case: str, tmp_path: Path) -> None:
    files = {name: text for name, text in CIRCLES[case].items() if name.endswith(".py")}
    write(tmp_path, {"routes.py": route("from a import run"), **files})
    result = Process(tmp_path).check_deep("routes.py")
    assert result.problems == ()
    assert [f"{path}:{line}" for _, path, line in told(result)] == (
        [CIRCLES[case]["sink"]] if CIRCLES[case]["sink"] else []
    )


def answers(root: Path, names: tuple[str, ...]) -> dict[str, FileResult]:
    """What one process says about the files, checked in this order."""
    process = Process(root)
    return {name: process.check(name) for name in names}


@pytest.mark.parametrize("case", CIRCLES)
def test_the_order_of_the_files_does_not_matter_in_circles(case: str, tmp_path: Path) -> None:
    files = {name: text for name, text in CIRCLES[case].items() if name.endswith(".py")}
    write(
        tmp_path,
        {"routes.py": route("from a import run"), "other.py": route("import b", "b.run(request.args['q'])"), **files},
    )
    names = tuple(sorted(path.name for path in tmp_path.glob("*.py")))
    fresh = {name: Process(tmp_path).check(name) for name in names}
    for order in itertools.islice(itertools.permutations(names), 24):
        assert answers(tmp_path, order) == fresh, order


RING = {
    "web.py": """
        from flask import Flask, jsonify, request

        import service
        from model import model

        app = Flask(__name__)


        @app.route("/run")
        def run():
            return service.handle(request.args["q"])


        @app.route("/scores")
        def scores():
            return jsonify(service.scores(request.json))


        def answer(value):
            return jsonify(value)
    """,
    "service.py": """
        import web
        from model import Model, model
        from tools import *


        def handle(text):
            if text.startswith("again"):
                return handle(text[5:])
            return evaluate(tidy(text))


        def scores(rows):
            if not rows:
                return web.scores()
            return model.scores(rows)


        def direct(rows):
            return web.answer(Model().scores(rows))
    """,
    "model.py": """
        import joblib

        import service
        import tools


        class Model:
            def __init__(self):
                self.load()

            def load(self):
                self.inner = joblib.load("m.joblib")
                self.helper = tools.Helper(self)

            def scores(self, rows):
                if rows is None:
                    return service.scores([])
                return self.helper.listed(self.inner.predict_proba(rows))


        model = Model()
    """,
    "tools.py": """
        from model import *


        class Helper:
            def __init__(self, owner):
                self.owner = owner or Model()

            def listed(self, rows):
                return rows.tolist()


        def evaluate(text):
            return str(eval(text))


        def tidy(text):
            return text.strip() if text else evaluate(text)
    """,
}


def test_every_order_of_a_project_with_circles_gives_the_same_findings(tmp_path: Path) -> None:
    write(tmp_path, RING)
    fresh = {name: Process(tmp_path).check(name) for name in RING}
    assert told(fresh["web.py"]) == [("MLS917", "tools.py", 13), ("MLS401", "web.py", 16)]
    assert told(fresh["service.py"]) == [("MLS401", "web.py", 20)]
    for order in itertools.permutations(RING):
        assert answers(tmp_path, order) == fresh, order


def test_a_file_that_is_checked_twice_gets_the_same_answer(tmp_path: Path) -> None:
    write(tmp_path, RING)
    process = Process(tmp_path)
    first = [process.check(name) for name in RING]
    assert [process.check(name) for name in RING] == first
    assert [process.check(name) for name in reversed(RING)] == first[::-1]


PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
"""Without the one that explains failures: it traces every line, and an evaluation has many."""

MODULES = ("a", "b", "c")
NAMES = ("f", "g")


@some.composite
def modules(draw: some.DrawFn) -> dict[str, str]:
    """Three modules full of imports of each other, definitions by way of each other, and a few sources and sinks."""
    found = {}
    for module in MODULES:
        lines = draw(some.lists(statements(), min_size=1, max_size=5))
        found[f"{module}.py"] = "from flask import request\n" + "".join(lines)
    return found


def statements() -> some.SearchStrategy[str]:
    """Statements of a module, most of which lead to another one."""
    module, name, other = some.sampled_from(MODULES), some.sampled_from(NAMES), some.sampled_from(NAMES)
    shapes = [
        "from {0} import *\n",
        "from {0} import {1}\n",
        "from {0} import {1} as {2}\n",
        "import {0}\n{1} = {0}.{2}\n",
        "try:\n    from {0} import {1}\nexcept ImportError:\n    {1} = str\n",
        "def {1}(x):\n    return eval(x)\n",
        "def {1}(x):\n    return x\n",
        "def {1}(x):\n    return request.args[x]\n",
        "def {1}(x):\n    return {2}(x)\n",
        "def {1}(x):\n    import {0}\n    return {0}.{2}(x)\n",
        "def {1}(x):\n    from {0} import {2}\n    return eval({2}(x))\n",
        "{1} = {2} or str\n",
        "{1} = lambda x: {2}({2}(x))\n",
        "class K{1}:\n    def __init__(self):\n        self.v = {2}('a')\n    def m(self, x):\n        return eval(self.v)\n{1} = K{1}().m\n",
        "import {0}\nclass C({0}.C):\n    def m(self):\n        self.w = {2}\n        return self.w('a')\n{1} = C\n",
        "{1} = eval\n",
        "@{2}\ndef {1}(x):\n    return request.args[x]\n",
        "def view():\n    return eval({1}({2}(request.args['q'])))\n",
    ]
    return some.builds(str.format, some.sampled_from(shapes), module, name, other)


@settings(max_examples=60, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(project=modules())
def test_whatever_modules_import_of_each_other_the_order_does_not_matter(
    project: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("project")
    write(root, {name: text.encode() for name, text in project.items()})
    fresh = {name: Process(root).check(name) for name in project}
    for order in itertools.permutations(project):
        process = Process(root)
        assert {name: process.check(name) for name in order} == fresh, order


@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(project=modules())
def test_whatever_modules_import_of_each_other_the_funnel_loses_nothing(
    project: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("project")
    write(root, {name: text.encode() for name, text in project.items()})
    whole = EngineOptions(bandit=False, whole=True)
    for name in project:
        assert told(Process(root).check(name)) == told(Process(root, whole).check(name)), name


def chain(length: int, last: str) -> str:
    """Functions of which each calls the next one."""
    parts = [f"def f{index}(code):\n    return f{index + 1}(code)\n" for index in range(length)]
    return "\n\n".join([*parts, f"def f{length}(code):\n    return {last}\n"])


def test_a_chain_of_a_thousand_functions_in_one_file_ends(tmp_path: Path) -> None:
    write(tmp_path, {"chain.py": chain(1000, "eval(code)").encode(), "routes.py": route("from chain import f0 as run")})
    start = time.monotonic()
    process = Process(tmp_path)
    results = [process.check_deep(name) for name in ("routes.py", "chain.py")]
    assert time.monotonic() - start < SECONDS
    assert [result.problems for result in results] == [(), ()]
    assert [told(result) for result in results] == [[], []]


def test_a_chain_that_is_not_too_long_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"chain.py": chain(20, "eval(code)").encode(), "routes.py": route("from chain import f0 as run")})
    assert tell(only(Process(tmp_path).check("routes.py"))) == ("MLS917", "chain.py", 4 * 20 + 2)


def files_in_a_chain(length: int) -> dict[str, str | bytes]:
    """Files of which each imports the next one."""
    files: dict[str, str | bytes] = {
        f"m{index}.py": f"from m{index + 1} import run as go\n\n\ndef run(code):\n    return go(code)\n".encode()
        for index in range(length)
    }
    return {**files, f"m{length}.py": RUNNER, "routes.py": route("from m0 import run")}


def test_a_chain_of_a_thousand_files_ends(tmp_path: Path) -> None:
    files = files_in_a_chain(1000)
    write(tmp_path, files)
    start = time.monotonic()
    process = Process(tmp_path)
    results = [process.check_deep(name) for name in ("routes.py", "m0.py", "m500.py", "m999.py", "m1000.py")]
    assert time.monotonic() - start < SECONDS
    assert {result.problems for result in results} == {()}
    assert [told(result) for result in results] == [[]] * 5


def test_three_files_after_the_first_are_followed(tmp_path: Path) -> None:
    write(tmp_path, files_in_a_chain(2))
    finding = only(Process(tmp_path).check("routes.py"))
    assert tell(finding) == ("MLS917", "m2.py", 2)
    assert files_of(finding) == ["routes.py", "m0.py", "m1.py", "m2.py"]


def test_a_chain_of_a_thousand_classes_ends(tmp_path: Path) -> None:
    classes = "class C0:\n    def run(self, code):\n        return eval(code)\n" + "".join(
        f"class C{index}(C{index - 1}):\n    def __init__(self):\n        self.x = C{index - 1}()\n"
        for index in range(1, 1000)
    )
    write(
        tmp_path,
        {"deep.py": classes.encode(), "routes.py": route("from deep import C999", "C999().run(request.args['q'])")},
    )
    start = time.monotonic()
    result = Process(tmp_path).check_deep("routes.py")
    assert time.monotonic() - start < SECONDS
    assert result.problems == ()


def test_a_chain_of_a_thousand_constants_ends(tmp_path: Path) -> None:
    text = "x0 = False\n" + "".join(f"x{index} = x{index - 1}\n" for index in range(1, 1000))
    load = "import torch\n\nfrom constants import x999\n\ntorch.load('m.pt', weights_only=x999)\n"
    write(tmp_path, {"constants.py": text.encode(), "load.py": load})
    start = time.monotonic()
    result = Process(tmp_path).check_deep("load.py")
    assert time.monotonic() - start < SECONDS
    assert result.problems == ()


def test_a_module_with_ten_thousand_functions_is_asked_for_one(tmp_path: Path) -> None:
    many = "".join(f"def f{index}(code):\n    return f{index // 2}(code)\n\n\n" for index in range(1, 10_000))
    write(
        tmp_path,
        {"many.py": (dedent(RUNNER).strip() + "\n\n\n" + many).encode(), "routes.py": route("from many import *")},
    )
    start = time.monotonic()
    result = Process(tmp_path).check_deep("routes.py")
    assert time.monotonic() - start < SECONDS
    assert told(result) == [("MLS917", "many.py", 2)]


def test_sixty_files_that_import_all_others_end(tmp_path: Path) -> None:
    every = "".join(f"from m{index} import *\n" for index in range(60))
    files: dict[str, str | bytes] = {f"m{index}.py": every.encode() for index in range(60)}
    write(tmp_path, {**files, "routes.py": route("from m0 import *", "run(request.args['q'])")})
    start = time.monotonic()
    result = Process(tmp_path).check_deep("routes.py")
    assert time.monotonic() - start < SECONDS
    assert (told(result), result.problems) == ([], ())


def test_functions_that_all_call_each_other_across_files_end(tmp_path: Path) -> None:
    def module(other: str) -> str:
        calls = "".join(f"    {other}.f{index}(code)\n" for index in range(12))
        return f"import {other}\n\n\n" + "".join(
            f"def f{index}(code):\n{calls}    eval(code)\n\n\n" for index in range(12)
        )

    write(
        tmp_path,
        {"a.py": module("b"), "b.py": module("a"), "routes.py": route("import a", "a.f0(request.args['q'])")},
    )
    start = time.monotonic()
    process = Process(tmp_path)
    first = process.check_deep("routes.py")
    assert time.monotonic() - start < SECONDS
    assert first.problems == ()
    assert {rule for rule, _, _ in told(first)} == {"MLS917"}
    process.check_deep("a.py")
    process.check_deep("b.py")
    assert process.check_deep("routes.py") == first


def test_a_name_that_a_thousand_files_hand_on_ends(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"m{index}.py": f"from m{index + 1} import run\n".encode() for index in range(3000)
    }
    write(
        tmp_path,
        {
            **files,
            "m3000.py": RUNNER,
            "routes.py": route("from m0 import run"),
            "near.py": route("from m2990 import run"),
        },
    )
    process = Process(tmp_path)
    start = time.monotonic()
    far, near = process.check_deep("routes.py"), process.check_deep("near.py")
    assert time.monotonic() - start < SECONDS
    assert (told(far), far.problems) == ([], ())
    assert told(near) == [("MLS917", "m3000.py", 2)]
    assert told(process.check_deep("routes.py")) == []


def test_what_an_interrupted_check_leaves_behind_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, RING)
    fresh = {name: Process(tmp_path).check(name) for name in RING}
    process = Process(tmp_path)
    evaluate = defining.function
    for stop in range(1, 25):
        calls = itertools.count(1)

        def interrupted(node: st.Function, at: Evaluation, calls: Iterator[int] = calls, stop: int = stop) -> bool:
            if next(calls) == stop:
                raise RecursionError
            return evaluate(node, at)

        with monkeypatch.context() as patch:
            patch.setitem(statements_module.STATEMENTS, st.Function, interrupted)
            with contextlib.suppress(RecursionError):
                process.check("web.py")
        assert {name: process.check(name) for name in RING} == fresh, stop
