"""From an import to a file of the project, with a flow through it as the proof."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from mlsec_lint.imports.finder import Finder
from mlsec_lint.imports.library import Library
from mlsec_lint.imports.package import package_of
from tests.imports.projects import RUNNER, Process, checked, files_of, only, route, tell, told, write

SINK = ("MLS917", "runner.py", 2)


def test_a_request_goes_through_a_service_to_a_model(tmp_path: Path) -> None:
    files = {
        "routes.py": route("from service import answer_to", "answer_to(request.args['q'])"),
        "service.py": """
            from model import Model

            MODEL = Model()


            def answer_to(question):
                cleaned = question.strip()
                return MODEL.run(cleaned)
        """,
        "model.py": """
            class Model:
                def run(self, code):
                    return str(eval(code))
        """,
    }
    finding = only(checked(tmp_path, files, "routes.py"))
    assert tell(finding) == ("MLS917", "model.py", 3)
    assert files_of(finding) == ["routes.py", "service.py", "model.py"]
    process = Process(tmp_path)
    assert [told(process.check(name)) for name in ("service.py", "model.py")] == [[], []]


STYLES: dict[str, tuple[str, str, dict[str, str]]] = {
    "from module": ("from runner import run", "run(request.args['q'])", {"runner.py": RUNNER}),
    "from module as": ("from runner import run as go", "go(request.args['q'])", {"runner.py": RUNNER}),
    "import module": ("import runner", "runner.run(request.args['q'])", {"runner.py": RUNNER}),
    "import module as": ("import runner as r", "r.run(request.args['q'])", {"runner.py": RUNNER}),
    "star": ("from runner import *", "run(request.args['q'])", {"runner.py": RUNNER}),
    "star of a star": (
        "from outer import *",
        "run(request.args['q'])",
        {"outer.py": "from middle import *", "middle.py": "from runner import *", "runner.py": RUNNER},
    ),
    "the last of two stars": (
        "from harmless import *\nfrom runner import *",
        "run(request.args['q'])",
        {"harmless.py": "def run(code): return ''", "runner.py": RUNNER},
    ),
    "a function that an import replaces": (
        "import runner\n\n\ndef run(code):\n    return ''\n\n\nfrom runner import run",
        "run(request.args['q'])",
        {"runner.py": RUNNER},
    ),
    "another name of a function": (
        "import runner\n\ngo = runner.run",
        "go(request.args['q'])",
        {"runner.py": RUNNER},
    ),
    "handed on by a module": (
        "from facade import go",
        "go(request.args['q'])",
        {"facade.py": "from runner import run as go", "runner.py": RUNNER},
    ),
    "a module handed on by a module": (
        "from facade import runner",
        "runner.run(request.args['q'])",
        {"facade.py": "import runner", "runner.py": RUNNER},
    ),
    "a member of a module of a module": (
        "import facade",
        "facade.runner.run(request.args['q'])",
        {"facade.py": "import runner", "runner.py": RUNNER},
    ),
    "try, except ImportError": (
        "try:\n    from fast import run\nexcept ImportError:\n    from runner import run",
        "run(request.args['q'])",
        {"runner.py": RUNNER},
    ),
    "try, except ImportError: None": (
        "try:\n    import runner\nexcept ImportError:\n    runner = None",
        "runner.run(request.args['q'])",
        {"runner.py": RUNNER},
    ),
    "if TYPE_CHECKING, else": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from stub import run\nelse:\n    from runner import run",
        "run(request.args['q'])",
        {"runner.py": RUNNER, "stub.py": "def run(code): ..."},
    ),
    "by a condition": (
        "import sys\n\nif sys.platform == 'win32':\n    from other import run\nelse:\n    from runner import run",
        "run(request.args['q'])",
        {"runner.py": RUNNER, "other.py": "def run(code): return ''"},
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_module_is_found_whatever_the_import_looks_like(style: str, tmp_path: Path) -> None:
    imports, call, others = STYLES[style]
    result = checked(tmp_path, {"routes.py": route(imports, call).encode(), **others}, "routes.py")
    assert told(result) == [SINK]


def test_a_star_leaves_names_with_an_underscore_behind(tmp_path: Path) -> None:
    runner = dedent(RUNNER).lstrip().replace("run(", "_run(")
    files = {"routes.py": route("from runner import *", "_run(request.args['q'])"), "runner.py": runner}
    assert told(checked(tmp_path, files, "routes.py")) == []
    write(tmp_path, {"runner.py": "__all__ = ['_run']\n" + runner})
    assert told(Process(tmp_path).check("routes.py")) == [("MLS917", "runner.py", 3)]


def test_what_a_star_gives_is_known_where_the_module_only_adds_to_it(tmp_path: Path) -> None:
    files = {
        "routes.py": route("from table import TABLE", "TABLE['run'](request.args['q'])"),
        "table.py": "from base import *\n\nTABLE['other'] = str\n",
        "base.py": "from runner import run\n\nTABLE = {'run': run}\n",
        "runner.py": RUNNER,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [SINK]


def test_an_import_inside_a_function_counts(tmp_path: Path) -> None:
    files = {
        "routes.py": """
            from flask import Flask, request

            app = Flask(__name__)


            @app.route("/")
            def answer():
                from runner import run
                return run(request.args["q"])


            @app.route("/other")
            def other():
                import runner as quick
                return quick.run(request.args["q"])
        """,
        "runner.py": RUNNER,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [SINK]


IN_PACKAGES: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "from the package": ("from app import runner", "runner.run(request.args['q'])", "app/runner.py", {}),
    "from a dot": ("from . import runner", "runner.run(request.args['q'])", "app/runner.py", {}),
    "from a dot and a module": ("from .runner import run", "run(request.args['q'])", "app/runner.py", {}),
    "a dotted import": ("import app.runner", "app.runner.run(request.args['q'])", "app/runner.py", {}),
    "a dotted import as": ("import app.runner as r", "r.run(request.args['q'])", "app/runner.py", {}),
    "two dotted imports": (
        "import app.inner.runner\nimport app.inner.other",
        "app.inner.runner.run(request.args['q'])",
        "app/inner/runner.py",
        {"app/inner/__init__.py": "", "app/inner/other.py": ""},
    ),
    "a re-export of the package": (
        "from app.inner import run",
        "run(request.args['q'])",
        "app/inner/runner.py",
        {"app/inner/__init__.py": "from .runner import run"},
    ),
    "a re-export under another name": (
        "from .inner import go",
        "go(request.args['q'])",
        "app/inner/runner.py",
        {"app/inner/__init__.py": "from .runner import run as go\n\n__all__ = ['go']"},
    ),
    "a re-export by a star": (
        "from .inner import run",
        "run(request.args['q'])",
        "app/inner/runner.py",
        {"app/inner/__init__.py": "from .runner import *"},
    ),
    "a re-export of a re-export": (
        "from . import inner",
        "inner.run(request.args['q'])",
        "app/inner/deep/runner.py",
        {"app/inner/__init__.py": "from .deep import run", "app/inner/deep/__init__.py": "from .runner import run"},
    ),
    "a module of a package that it imports": (
        "from . import inner",
        "inner.runner.run(request.args['q'])",
        "app/inner/runner.py",
        {"app/inner/__init__.py": "from . import runner"},
    ),
    "a function of the package itself": ("from . import run", "run(request.args['q'])", "app/__init__.py", {}),
    "without an __init__": ("from app.bare.runner import run", "run(request.args['q'])", "app/bare/runner.py", {}),
    "without an __init__, from a dot": (
        "from .bare import runner",
        "runner.run(request.args['q'])",
        "app/bare/runner.py",
        {},
    ),
}


@pytest.mark.parametrize("style", IN_PACKAGES)
def test_a_module_of_a_package_is_found(style: str, tmp_path: Path) -> None:
    imports, call, sink, others = IN_PACKAGES[style]
    text = route(imports, call).replace("app = Flask", "web = Flask").replace("@app.", "@web.")
    files: dict[str, str | bytes] = {"app/__init__.py": "", "app/routes.py": text.encode(), **others, sink: RUNNER}
    assert told(checked(tmp_path, files, "app/routes.py")) == [("MLS917", sink, 2)]


def test_relative_imports_go_up(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/api/__init__.py": "",
        "app/api/v1/__init__.py": "",
        "app/api/v1/routes.py": route(
            "from ...core.runner import run\nfrom ..shared import tidy", "run(tidy(request.args['q']))"
        ),
        "app/api/shared.py": "def tidy(text): return text.strip()",
        "app/core/__init__.py": "",
        "app/core/runner.py": RUNNER,
    }
    finding = only(checked(tmp_path, files, "app/api/v1/routes.py"))
    assert tell(finding) == ("MLS917", "app/core/runner.py", 2)
    assert files_of(finding) == ["app/api/v1/routes.py", "app/core/runner.py"]


def test_a_relative_import_out_of_the_root_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"runner.py": RUNNER, "root/routes.py": route("from ..runner import run")})
    assert told(Process(tmp_path / "root").check("routes.py")) == []


@pytest.mark.parametrize("importer", ["src/app/routes.py", "tests/try_routes.py", "serve.py"])
def test_a_package_below_src_is_found(importer: str, tmp_path: Path) -> None:
    files = {"src/app/__init__.py": "", "src/app/runner.py": RUNNER, importer: route("from app.runner import run")}
    if importer.startswith("src"):
        files[importer] = files[importer].replace("app = ", "web = ").replace("@app.", "@web.")
    assert told(checked(tmp_path, files, importer)) == [("MLS917", "src/app/runner.py", 2)]


def test_a_package_in_a_folder_of_a_larger_repository_is_found(tmp_path: Path) -> None:
    files = {
        "services/web/routes.py": route("from app.runner import run")
        .replace("app = ", "web = ")
        .replace("@app", "@web"),
        "services/web/app/__init__.py": "",
        "services/web/app/runner.py": RUNNER,
        "services/other/app/__init__.py": "",
        "services/other/app/runner.py": "def run(code): return ''",
    }
    assert told(checked(tmp_path, files, "services/web/routes.py")) == [("MLS917", "services/web/app/runner.py", 2)]


def test_the_nearest_module_counts(tmp_path: Path) -> None:
    files = {
        "runner.py": RUNNER,
        "tool/runner.py": "def run(code): return ''",
        "tool/routes.py": route("from runner import run"),
    }
    assert told(checked(tmp_path, files, "tool/routes.py")) == []


def test_a_script_inside_a_package_finds_its_siblings_last(tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/runner.py": RUNNER, "app/routes.py": route("from runner import run")}
    assert told(checked(tmp_path, files, "app/routes.py")) == [("MLS917", "app/runner.py", 2)]
    write(tmp_path, {"runner.py": "def run(code): return ''"})
    assert told(Process(tmp_path).check("app/routes.py")) == []


def test_inside_a_package_a_library_is_not_taken_for_a_sibling_of_its_name(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/openai.py": "class OpenAI:\n    def run(self, code):\n        return str(eval(code))\n",
        "app/routes.py": route("from openai import OpenAI", "OpenAI().run(request.args['q'])"),
    }
    assert told(checked(tmp_path, files, "app/routes.py")) == []


def test_a_package_comes_before_a_module_of_its_name(tmp_path: Path) -> None:
    files = {
        "runner/__init__.py": RUNNER,
        "runner.py": "def run(code): return ''",
        "routes.py": route("from runner import run"),
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS917", "runner/__init__.py", 2)]


UNKNOWN: dict[str, tuple[str, dict[str, str | bytes]]] = {
    "a missing module": ("from runner import run", {}),
    "a missing name": ("from runner import run", {"runner.py": "def other(code): return eval(code)"}),
    "a missing relative module": ("from .runner import run", {}),
    "more dots than folders": ("from ....runner import run", {}),
    "no Python": ("from runner import run", {"runner.py": "def run(code:\n    return eval(code"}),
    "Python 2": ("from runner import run", {"runner.py": "def run(code):\n    exec code\n    print code\n"}),
    "NUL bytes": ("from runner import run", {"runner.py": b"def run(code):\n    return eval(code)\n\0"}),
    "no text": ("from runner import run", {"runner.py": b"\xff\xfe\xfd" * 40}),
    "too deep": ("from runner import run", {"runner.py": "x = " + "(" * 3000 + ")" * 3000}),
    "a folder": ("from runner import run", {"runner.py/x.txt": ""}),
    "an extension module": ("from runner import run", {"runner.so": "", "runner.pyd": ""}),
    "a stub": ("from runner import run", {"runner.pyi": RUNNER}),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_cannot_be_read_is_unknown_and_no_problem_of_the_importer(case: str, tmp_path: Path) -> None:
    imports, others = UNKNOWN[case]
    write(tmp_path, {"routes.py": route(imports), **others})
    result = Process(tmp_path).check_deep("routes.py")
    assert (told(result), result.problems) == ([], ())


def test_what_cannot_be_read_does_not_hide_the_rest(tmp_path: Path) -> None:
    files = {
        "routes.py": route("from broken import tidy\nfrom runner import run", "run(tidy(request.args['q']))"),
        "broken.py": "def tidy(text:",
        "runner.py": RUNNER,
    }
    (finding,) = checked(tmp_path, files, "routes.py").findings
    assert tell(finding) == SINK
    assert finding.reasons == ("the data passes through a call of which nothing is known",)


def test_a_file_larger_than_the_limit_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"routes.py": route("from runner import run"), "runner.py": dedent(RUNNER).lstrip() + "#" * 2000})
    assert told(Process(tmp_path, largest=3000).check("routes.py")) == [SINK]
    result = Process(tmp_path, largest=1000).check("routes.py")
    assert (told(result), result.problems) == ([], ())


def test_a_link_out_of_the_root_is_never_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(
        tmp_path,
        {
            "outside/runner.py": RUNNER,
            "outside/inner/runner.py": RUNNER,
            "root/routes.py": route("from runner import run"),
        },
    )
    (root / "runner.py").symlink_to(tmp_path / "outside" / "runner.py")
    (root / "package").symlink_to(tmp_path / "outside", target_is_directory=True)
    finder = Finder(root)
    importer = str(root / "routes.py")
    assert [finder.find(name, importer) for name in ("runner", "package.runner", "package.inner.runner")] == [None] * 3
    assert told(Process(root).check("routes.py")) == []


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"real/runner.py": RUNNER, "routes.py": route("from runner import run")})
    (tmp_path / "runner.py").symlink_to(tmp_path / "real" / "runner.py")
    assert told(Process(tmp_path).check("routes.py")) == [SINK]


def test_links_in_a_circle_are_no_module(tmp_path: Path) -> None:
    write(tmp_path, {"routes.py": route("from runner import run")})
    (tmp_path / "runner.py").symlink_to(tmp_path / "runner.py")
    assert told(Process(tmp_path).check("routes.py")) == []


def test_a_module_named_like_the_standard_library_is_not_looked_for(tmp_path: Path) -> None:
    files = {
        "routes.py": route("from json import loads", "loads(request.args['q'])"),
        "json.py": "def loads(text): return eval(text)",
    }
    assert told(checked(tmp_path, files, "routes.py")) == []


def test_a_relative_import_means_the_projects_module_whatever_its_name(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/routes.py": route("from .json import loads", "loads(request.args['q'])"),
        "app/json.py": "def loads(text): return eval(text)",
    }
    assert told(checked(tmp_path, files, "app/routes.py")) == [("MLS917", "app/json.py", 1)]


def test_a_module_named_like_a_library_takes_its_place(tmp_path: Path) -> None:
    files = {
        "routes.py": route("from openai import OpenAI", "OpenAI().run(request.args['q'])"),
        "openai.py": """
            class OpenAI:
                def run(self, code):
                    return str(eval(code))
        """,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS917", "openai.py", 3)]


def test_a_notebook_imports_a_module_of_the_project(tmp_path: Path) -> None:
    code = [
        "import gradio as gr\n",
        "from runner import run\n",
        "\n",
        "gr.Interface(fn=lambda text: run(text), inputs='text').launch()\n",
    ]
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a1",
        "metadata": {},
        "outputs": [],
        "source": code,
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    files: dict[str, str | bytes] = {
        "notebooks/try.ipynb": json.dumps(notebook, indent=1).encode(),
        "notebooks/runner.py": RUNNER,
    }
    finding = only(checked(tmp_path, files, "notebooks/try.ipynb"))
    assert tell(finding) == ("MLS917", "notebooks/runner.py", 2)
    assert files_of(finding) == ["notebooks/try.ipynb", "notebooks/runner.py"]
    start = finding.trace[0].location
    assert start.cell is not None
    assert (start.cell.index, start.cell.span.start_line) == (0, 4)


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("app/api/routes.py", "app.api"),
        ("src/app/routes.py", "app"),
        ("routes.py", ""),
        ("my-service/app/routes.py", "app"),
        ("a/src/b/c.py", "b"),
        ("2024/app/routes.py", "app"),
    ],
)
def test_the_package_of_a_file(path: str, package: str) -> None:
    assert package_of(path) == package


def test_a_module_is_read_once_and_the_least_used_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {f"m{index}.py": f"x = '{'a' * 100}'" for index in range(4)})
    importer = str(tmp_path / "main.py")
    one = Library(tmp_path, tmp_path).find("m0", importer)
    assert one is not None
    monkeypatch.setattr("mlsec_lint.imports.library.MAX_MODULES", 2 * one.size)
    library = Library(tmp_path, tmp_path)
    first = library.find("m0", importer)
    assert first is not None
    library.find("m1", importer)
    assert library.find("m0", importer) is first
    library.find("m2", importer)
    assert library.find("m0", importer) is first
    library.find("m3", importer)
    library.find("m2", importer)
    again = library.find("m0", importer)
    assert again is not first
    assert again is not None
    assert again.path == "m0.py"


def test_a_file_that_is_replaced_during_a_run_does_not_change_the_answer(tmp_path: Path) -> None:
    write(tmp_path, {"routes.py": route("from runner import run"), "runner.py": RUNNER})
    process = Process(tmp_path)
    before = process.check("routes.py")
    (tmp_path / "runner.py").unlink()
    assert process.check("routes.py") == before


def test_modules_of_the_package_that_are_not_there_are_named(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/api.py": """
            import numpy
            from . import local, generated
            from .local import one
            from .service import predict
            from .native import fast
            from ..outer import thing
            from .parts.inner import other
        """,
        "app/local.py": "one = 1\n",
        "app/native.cpython-311-x86_64-linux-gnu.so": b"",
        "app/parts/__init__.py": "",
    }
    assert checked(tmp_path, files, "app/api.py").missing == (".service", "..outer", ".parts.inner")


def test_nothing_outside_the_root_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("", encoding="utf-8")
    files = {"pkg/app.py": "from ...outside import a\nfrom ...nowhere import b\nfrom ..beside import c\n"}
    assert checked(tmp_path / "root", files, "pkg/app.py").missing == ("..beside",)


def test_no_secret_of_a_module_is_shown_where_another_repeats_it(tmp_path: Path) -> None:
    secret = "Tr0ub4dor" + "Xyzzy77"
    files = {
        "a.py": f'password = "{secret}"\n',
        "c.py": f"""
            import subprocess
            from flask import request
            from a import password

            subprocess.run("mysql -p{secret} --key x{secret} " + request.args["q"], shell=True)
        """,
    }
    result = checked(tmp_path, files, "c.py")
    assert "MLS917" in {finding.rule for finding in result.findings}
    assert secret not in repr(result)


def test_a_huge_module_costs_nobody_who_imports_it_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = "def run(x):\n    eval(x)\n" + "# data\n" * 100
    write(tmp_path, {"routes.py": route("from huge import run"), "huge.py": huge})
    assert told(Process(tmp_path).check("routes.py")) != []
    monkeypatch.setattr("mlsec_lint.imports.library.MAX_MODULE", 500)
    assert told(Process(tmp_path).check("routes.py")) == []
