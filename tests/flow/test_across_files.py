"""What goes on in another file: objects, callbacks, wrappers, constants, and where it is said to have happened."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from mlsec_lint.findings import Location, Profile
from tests.engine.checking import ALONE
from tests.imports.projects import Process, checked, each, files_of, only, route, story, tell, told, write

COMMIT = "5a3f2c1d9b8e7f60413c2d1e0f9a8b7c6d5e4f30"

OBJECTS: dict[str, tuple[str, str, str]] = {
    "set in __init__": (
        "from model import Model",
        "jsonify(Model().scores(request.json))",
        """
        import joblib

        class Model:
            def __init__(self):
                self.inner = joblib.load("m.joblib")

            def scores(self, rows):
                return self.inner.predict_proba(rows)[0].tolist()  # here
        """,
    ),
    "set in load()": (
        "from model import Model\nmodel = Model()\nmodel.load()",
        "jsonify(model.scores(request.json))",
        """
        import joblib

        class Model:
            def scores(self, rows):
                return self.inner.predict_proba(rows)[0].tolist()  # here

            def load(self):
                self.inner = joblib.load("m.joblib")
        """,
    ),
    "set by a method that another one calls": (
        "from model import Model\nmodel = Model()",
        "jsonify(model.scores(request.json))",
        """
        import joblib

        class Model:
            def __init__(self):
                self._load()

            def scores(self, rows):
                return self.inner.predict_proba(rows)[0].tolist()  # here

            def _load(self):
                self.inner = joblib.load("m.joblib")
        """,
    ),
    "made at module level": (
        "from model import model",
        "jsonify(model.scores(request.json))",
        """
        import joblib

        class Model:
            def __init__(self):
                self.inner = joblib.load("m.joblib")

            def scores(self, rows):
                return self.inner.predict_proba(rows)[0].tolist()  # here

        model = Model()
        """,
    ),
    "made by a function": (
        "from model import make",
        "jsonify(make().scores(request.json))",
        """
        import joblib

        class Model:
            def __init__(self):
                self.inner = joblib.load("m.joblib")

            def scores(self, rows):
                return self.inner.predict_proba(rows)[0].tolist()  # here

        def make():
            return Model()
        """,
    ),
    "a library's object at module level": (
        "from model import classifier",
        "jsonify(classifier.predict_proba(request.json).tolist())",
        """
        import joblib

        classifier = joblib.load("m.joblib")
        """,
    ),
    "loaded when it is first asked for": (
        "from model import get",
        "jsonify(get().predict_proba(request.json).tolist())",
        """
        import joblib

        _model = None

        def get():
            global _model
            if _model is None:
                _model = joblib.load("m.joblib")
            return _model
        """,
    ),
    "a class attribute": (
        "from model import Model",
        "jsonify(Model.inner.predict_proba(request.json).tolist())",
        """
        import joblib

        class Model:
            inner = joblib.load("m.joblib")
        """,
    ),
    "a property": (
        "from model import Model",
        "jsonify(Model().inner.predict_proba(request.json).tolist())",
        """
        import joblib

        class Model:
            @property
            def inner(self):
                return joblib.load("m.joblib")
        """,
    ),
    "a class method": (
        "from model import Model",
        "jsonify(Model.scores(request.json))",
        """
        import joblib

        class Model:
            inner = joblib.load("m.joblib")

            @classmethod
            def scores(cls, rows):
                return cls.inner.predict_proba(rows)[0].tolist()  # here
        """,
    ),
    "a static method": (
        "from model import Model",
        "jsonify(Model.scores(request.json))",
        """
        import joblib

        inner = joblib.load("m.joblib")

        class Model:
            @staticmethod
            def scores(rows):
                return inner.predict_proba(rows)[0].tolist()  # here
        """,
    ),
    "a dict of models": (
        "from model import MODELS",
        "jsonify(MODELS['a'].predict_proba(request.json).tolist())",
        """
        import joblib

        MODELS = {"a": joblib.load("m.joblib")}
        """,
    ),
    "a dict that is filled later": (
        "from model import MODELS",
        "jsonify(MODELS['a'].predict_proba(request.json).tolist())",
        """
        import joblib

        MODELS = {}
        MODELS["a"] = joblib.load("m.joblib")
        """,
    ),
}


@pytest.mark.parametrize("case", OBJECTS)
def test_the_scores_of_a_model_in_another_file_are_known(case: str, tmp_path: Path) -> None:
    imports, call, model = OBJECTS[case]
    text = route(imports, call).replace("import Flask", "import Flask, jsonify")
    write(tmp_path, {"routes.py": text.encode(), "model.py": model})
    finding = only(Process(tmp_path).check("routes.py"))
    line = text.splitlines().index(f"    return {call}") + 1
    assert tell(finding) == ("MLS401", "routes.py", line)
    lines = (tmp_path / "model.py").read_text(encoding="utf-8").splitlines()
    here = [number for number, item in enumerate(lines, 1) if item.endswith("# here")]
    assert story(finding)[0] == (("model.py", here[0]) if here else ("routes.py", line))


BASE = """
    import joblib


    class Base:
        def load(self):
            self.inner = joblib.load("m.joblib")

        def scores(self, rows):
            return self.inner.predict_proba(rows)[0].tolist()

        def run(self, code):
            return self.evaluate(code)

        def evaluate(self, code):
            return ""
"""


def test_a_method_is_inherited_from_another_file(tmp_path: Path) -> None:
    files = {
        "base.py": BASE,
        "model.py": """
            from base import Base


            class Model(Base):
                pass
        """,
        "routes.py": route("from model import Model", "jsonify(Model().scores(request.json))").replace(
            "import Flask", "import Flask, jsonify"
        ),
    }
    finding = only(checked(tmp_path, files, "routes.py"))
    assert tell(finding) == ("MLS401", "routes.py", 10)
    assert story(finding)[0] == ("base.py", 9)


def test_an_attribute_that_a_base_in_another_file_sets_is_known(tmp_path: Path) -> None:
    files = {
        "base.py": BASE,
        "routes.py": """
            from flask import Flask, jsonify, request

            from base import Base

            app = Flask(__name__)


            class Model(Base):
                def likelihoods(self, rows):
                    return self.inner.predict_proba(rows).tolist()


            model = Model()


            @app.route("/")
            def answer():
                return jsonify(model.likelihoods(request.json))
        """,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS401", "routes.py", 18)]


def test_a_class_of_another_file_is_extended_by_a_third(tmp_path: Path) -> None:
    files = {
        "base.py": """
            class Runner:
                def run(self, code):
                    return str(eval(code))
        """,
        "middle.py": "from base import Runner\n\nclass Middle(Runner): ...\n",
        "last.py": "import middle\n\nclass Last(middle.Middle):\n    def go(self, code):\n        return self.run(code)\n",
        "routes.py": route("from last import Last", "Last().go(request.args['q'])"),
    }
    finding = only(checked(tmp_path, files, "routes.py"))
    assert tell(finding) == ("MLS917", "base.py", 3)
    assert files_of(finding) == ["routes.py", "last.py", "base.py"]


def test_super_reaches_the_method_of_a_base_in_another_file(tmp_path: Path) -> None:
    files = {
        "base.py": "class Runner:\n    def run(self, code):\n        return str(eval(code))\n",
        "last.py": "from base import Runner\n\nclass Last(Runner):\n    def run(self, code):\n        return super().run(code)\n",
        "routes.py": route("from last import Last", "Last().run(request.args['q'])"),
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS917", "base.py", 3)]


def test_a_pydantic_model_of_another_file_is_the_body_of_a_request(tmp_path: Path) -> None:
    files = {
        "schemas.py": """
            from enum import Enum

            from pydantic import BaseModel


            class Kind(str, Enum):
                SUM = "sum"


            class Query(BaseModel):
                code: str
                count: int
                kind: Kind
        """,
        "routes.py": """
            from fastapi import FastAPI

            from schemas import Kind, Query

            app = FastAPI()


            @app.post("/")
            def answer(query: Query):
                return eval(query.code)


            @app.post("/count")
            def count(query: Query):
                return eval(f"{query.count} + 1")


            @app.post("/kind")
            def kind(kind: Kind):
                return eval(kind)
        """,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS917", "routes.py", 10)]


def test_a_dataclass_of_another_file_keeps_what_it_is_given(tmp_path: Path) -> None:
    files = {
        "job.py": """
            from dataclasses import dataclass


            @dataclass
            class Job:
                code: str
                name: str = ""

                def run(self):
                    return str(eval(self.code))
        """,
        "routes.py": """
            from flask import Flask, request

            from job import Job

            app = Flask(__name__)


            @app.route("/")
            def answer():
                job = Job(code=request.args["q"], name="x")
                return str(eval(job.code)) + str(eval(job.name))
        """,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS917", "routes.py", 11)]


CALLBACKS: dict[str, tuple[str, str, str]] = {
    "a dependency": (
        """
        from fastapi import Depends, FastAPI

        from handlers import code_of

        app = FastAPI()


        @app.get("/")
        def answer(code=Depends(code_of)):
            return eval(code)
        """,
        """
        from fastapi import Request


        def code_of(request: Request):
            return request.query_params["code"]
        """,
        "main.py:10",
    ),
    "a view function": (
        """
        from flask import Flask

        import handlers

        app = Flask(__name__)
        app.add_url_rule("/<code>", view_func=handlers.answer)
        """,
        """
        def answer(code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "a route of FastAPI": (
        """
        from fastapi import FastAPI

        from handlers import answer

        app = FastAPI()
        app.add_api_route("/", answer)
        """,
        """
        def answer(code: str):
            return eval(code)
        """,
        "handlers.py:2",
    ),
    "an interface": (
        """
        import gradio as gr

        import handlers

        gr.Interface(fn=handlers.answer, inputs="text", outputs="text").launch()
        """,
        """
        def answer(code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "a method of an object": (
        """
        import gradio as gr

        from handlers import runner

        gr.Interface(fn=runner.answer, inputs="text", outputs="text").launch()
        """,
        """
        class Runner:
            def answer(self, code):
                return str(eval(code))


        runner = Runner()
        """,
        "handlers.py:3",
    ),
    "a Blueprint of another file": (
        """
        from flask import request

        from handlers import pages


        @pages.route("/")
        def answer():
            return str(eval(request.args["q"]))
        """,
        """
        from flask import Blueprint

        pages = Blueprint("pages", __name__)
        """,
        "main.py:8",
    ),
    "an app of another file": (
        """
        from handlers import app


        @app.get("/")
        def answer(code: str):
            return eval(code)
        """,
        """
        from fastapi import FastAPI

        app = FastAPI()
        """,
        "main.py:6",
    ),
    "a lambda around a function": (
        """
        import gradio as gr

        from handlers import answer

        gr.Interface(fn=lambda text: answer(text), inputs="text", outputs="text").launch()
        """,
        """
        def answer(code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "functools.partial": (
        """
        import functools

        import gradio as gr

        from handlers import answer

        gr.Interface(fn=functools.partial(answer, "x"), inputs="text", outputs="text").launch()
        """,
        """
        def answer(kind, code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "partial, called": (
        """
        from functools import partial

        from flask import Flask, request

        from handlers import answer

        app = Flask(__name__)
        run = partial(answer, "x")


        @app.route("/")
        def view():
            return run(request.args["q"])
        """,
        """
        def answer(kind, code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "a function handed to a function": (
        """
        from flask import Flask, request

        from handlers import apply

        app = Flask(__name__)


        def run(code):
            return str(eval(code))


        @app.route("/")
        def view():
            return apply(run, request.args["q"])
        """,
        """
        def apply(function, value):
            return function(value)
        """,
        "main.py:9",
    ),
    "a thread": (
        """
        from threading import Thread

        from flask import Flask, request

        import handlers

        app = Flask(__name__)


        @app.route("/")
        def view():
            Thread(target=handlers.answer, args=(request.args["q"],)).start()
            return "started"
        """,
        """
        def answer(code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "a task in the background": (
        """
        from fastapi import BackgroundTasks, FastAPI

        import handlers

        app = FastAPI()


        @app.post("/")
        def view(code: str, tasks: BackgroundTasks):
            tasks.add_task(handlers.answer, code)
        """,
        """
        def answer(code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "an executor": (
        """
        from concurrent.futures import ThreadPoolExecutor

        from flask import Flask, request

        import handlers

        app = Flask(__name__)
        pool = ThreadPoolExecutor()


        @app.route("/")
        def view():
            return pool.submit(handlers.answer, request.args["q"]).result()
        """,
        """
        def answer(code):
            return str(eval(code))
        """,
        "handlers.py:2",
    ),
    "a table of functions": (
        """
        from flask import Flask, request

        from handlers import OPERATIONS

        app = Flask(__name__)


        @app.route("/")
        def view():
            return OPERATIONS["run"](request.args["q"])
        """,
        """
        def answer(code):
            return str(eval(code))


        OPERATIONS = {"run": answer}
        """,
        "handlers.py:2",
    ),
    "a table of functions, by the caller's choice": (
        """
        from flask import Flask, request

        from handlers import OPERATIONS

        app = Flask(__name__)


        @app.route("/")
        def view():
            return OPERATIONS[request.args["o"]](request.args["q"])
        """,
        """
        def answer(code):
            return str(eval(code))


        OPERATIONS = {"run": answer}
        """,
        "handlers.py:2",
    ),
}


ALONE_TOO = "not followed inside one file either"

UNKNOWN_CALLBACKS = dict.fromkeys(
    (
        "a dependency",
        "functools.partial",
        "a function handed to a function",
        "a thread",
        "an executor",
        "a task in the background",
    ),
    ALONE_TOO,
)


@pytest.mark.parametrize("case", each(CALLBACKS, UNKNOWN_CALLBACKS))
def test_a_function_of_another_file_that_somebody_else_calls(case: str, tmp_path: Path) -> None:
    main, handlers, place = CALLBACKS[case]
    result = checked(tmp_path, {"main.py": main, "handlers.py": handlers}, "main.py")
    assert [f"{path}:{line}" for rule, path, line in told(result) if rule == "MLS917"] == [place]


WRAPPED: dict[str, str] = {
    "a plain function": """
        def run(code):
            return str(eval(code))  # here
    """,
    "a coroutine": """
        async def run(code):
            return str(eval(code))  # here
    """,
    "a generator": """
        def run(code):
            yield str(eval(code))  # here
    """,
    "a decorated function": """
        import functools


        def logged(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                print("called")
                return function(*args, **kwargs)
            return wrapper


        @logged
        def run(code):
            return str(eval(code))  # here
    """,
    "a decorator with arguments": """
        def retried(times):
            def decorate(function):
                def wrapper(*args, **kwargs):
                    return function(*args, **kwargs)
                return wrapper
            return decorate


        @retried(3)
        def run(code):
            return str(eval(code))  # here
    """,
    "a cached function": """
        from functools import lru_cache


        @lru_cache(maxsize=None)
        def run(code):
            return str(eval(code))  # here
    """,
    "a function that wraps another": """
        def inner(*args, **kwargs):
            return str(eval(args[0]))  # here


        def run(*args, **kwargs):
            return inner(*args, **kwargs)
    """,
    "keywords": """
        def inner(*, code):
            return str(eval(code))  # here


        def run(code):
            return inner(**{"code": code})
    """,
    "a class that is called": """
        class Run:
            def __call__(self, code):
                return str(eval(code))  # here


        run = Run()
    """,
    "a class of which the constructor does it": """
        class run:
            def __init__(self, code):
                self.result = str(eval(code))  # here
    """,
    "a lambda": """
        run = lambda code: str(eval(code))  # here
    """,
    "a context manager": """
        from contextlib import contextmanager


        @contextmanager
        def run(code):
            yield str(eval(code))  # here
    """,
    "a nested function": """
        def run(code):
            def inner():
                return str(eval(code))  # here
            return inner()
    """,
    "a function defined by a branch": """
        import sys

        if sys.platform == "win32":
            def run(code):
                return ""
        else:
            def run(code):
                return str(eval(code))  # here
    """,
    "a variable of the module": """
        current = ""


        def run(code):
            global current
            current = code
            return str(eval(current))  # here
    """,
    "a default": """
        def run(code, evaluate=eval):
            return str(evaluate(code))  # here
    """,
}


@pytest.mark.parametrize("case", each(WRAPPED, {"a default": ALONE_TOO}))
def test_what_is_handed_to_a_function_of_another_file_arrives(case: str, tmp_path: Path) -> None:
    write(tmp_path, {"runner.py": WRAPPED[case], "routes.py": route("from runner import run")})
    lines = (tmp_path / "runner.py").read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.endswith("# here")]
    assert told(Process(tmp_path).check("routes.py")) == [("MLS917", "runner.py", line)]


GIVEN: dict[str, tuple[str, str]] = {
    "a result": ("def given():\n    return request.args['q']\n", "eval(given())"),
    "a coroutine's result": ("async def given():\n    return request.args['q']\n", "eval(await given())"),
    "a generator's": ("def given():\n    yield request.args['q']\n", "eval(next(given()))"),
    "a generator's, in a loop": (
        "def given():\n    yield from request.args.values()\n",
        "''.join(eval(item) for item in given())",
    ),
    "a context manager's": (
        "from contextlib import contextmanager\n\n@contextmanager\ndef given():\n    yield request.args['q']\n",
        "used",
    ),
    "a pair's half": ("def given():\n    return 1, request.args['q']\n", "eval(given()[1])"),
    "a field": ("def given():\n    return {'code': request.args['q'], 'n': 1}\n", "eval(given()['code'])"),
    "an object's attribute": (
        "class Holder:\n    def __init__(self):\n        self.code = request.args['q']\n\ndef given():\n    return Holder()\n",
        "eval(given().code)",
    ),
    "a constructor's argument": (
        "class Holder:\n    def __init__(self, code):\n        self.code = code\n\ndef given():\n    return Holder(code=request.args['q'])\n",
        "eval(given().code)",
    ),
    "the module's object": ("given = request\n", "eval(given.args['q'])"),
}


@pytest.mark.parametrize("case", GIVEN)
def test_what_a_function_of_another_file_gives_is_known(case: str, tmp_path: Path) -> None:
    module, expression = GIVEN[case]
    body = (
        f"    return {expression}\n"
        if expression != "used"
        else "    with given() as code:\n        return eval(code)\n"
    )
    files = {
        "source.py": f"from flask import request\n\n{module}",
        "routes.py": f"from source import given\n\nasync def answer():\n{body}",
    }
    finding = only(checked(tmp_path, files, "routes.py"))
    assert tell(finding)[:2] == ("MLS917", "routes.py")
    assert files_of(finding)[-1] == "routes.py"
    assert files_of(finding)[0] == ("routes.py" if case == "the module's object" else "source.py")


NOT_GIVEN: dict[str, tuple[str, str]] = {
    "the other half": ("def given():\n    return 1, request.args['q']\n", "eval(given()[0])"),
    "another field": ("def given():\n    return {'code': request.args['q'], 'n': 1}\n", "eval(given()['n'])"),
    "a number": ("def given():\n    return int(request.args['q'])\n", "eval(given())"),
    "a length": ("def given():\n    return len(request.args['q'])\n", "eval(given())"),
    "a name it does not have": (
        "def given():\n    return 'x'\n\ndef other():\n    return request.args['q']\n",
        "eval(given())",
    ),
    "a shadowed name": ("def given():\n    return request.args['q']\n\ndef given():\n    return ''\n", "eval(given())"),
    "a name that is replaced": ("def given():\n    return request.args['q']\n\ngiven = str\n", "eval(given())"),
}


@pytest.mark.parametrize("case", NOT_GIVEN)
def test_what_a_function_of_another_file_does_not_give_is_not_reported(case: str, tmp_path: Path) -> None:
    module, expression = NOT_GIVEN[case]
    files = {
        "source.py": f"from flask import request\n\n{module}",
        "routes.py": f"from source import given\n\ndef answer():\n    return {expression}\n",
    }
    assert told(checked(tmp_path, files, "routes.py")) == []


LOAD = """
    from transformers import AutoModel

    {imports}

    model = AutoModel.from_pretrained("acme/encoder", revision={revision})
"""

REVISIONS: dict[str, tuple[str, str, str, list[str]]] = {
    "a commit": ("from config import REVISION", "REVISION", f"REVISION = '{COMMIT}'", []),
    "a commit in a class": (
        "from config import Settings",
        "Settings.revision",
        f"class Settings:\n    revision = '{COMMIT}'",
        [],
    ),
    "a commit in a module": ("import config", "config.REVISION", f"REVISION = '{COMMIT}'", []),
    "a commit in a dict": ("from config import MODEL", "MODEL['revision']", f"MODEL = {{'revision': '{COMMIT}'}}", []),
    "a branch": ("from config import REVISION", "REVISION", "REVISION = 'main'", ["MLS202"]),
    "a branch in a module": ("import config", "config.REVISION", "REVISION = 'main'", ["MLS202"]),
    "a branch in a class": (
        "from config import Settings",
        "Settings.revision",
        "class Settings:\n    revision = 'main'",
        ["MLS202"],
    ),
    "a branch in a dict": ("from config import MODEL", "MODEL['revision']", "MODEL = {'revision': 'main'}", ["MLS202"]),
    "a dataclass's default": (
        "from config import Settings",
        "Settings().revision",
        "from dataclasses import dataclass\n\n@dataclass\nclass Settings:\n    revision: str = 'main'",
        ["MLS202"],
    ),
    "an object's": (
        "from config import settings",
        "settings.revision",
        f"class Settings:\n    revision = '{COMMIT}'\n\nsettings = Settings()",
        [],
    ),
    "what a function returns": (
        "from config import revision",
        "revision()",
        "def revision():\n    return 'main'",
        ["MLS202"],
    ),
    "set twice": ("from config import REVISION", "REVISION", f"REVISION = 'main'\nREVISION = '{COMMIT}'", []),
    "handed on": ("from config import REVISION", "REVISION", "from pins import REVISION", ["MLS202"]),
    "missing": ("from config import OTHER", "OTHER", "REVISION = 'main'", []),
    "asked of the environment": (
        "from config import REVISION",
        "REVISION",
        "import os\n\nREVISION = os.environ['REVISION']",
        [],
    ),
    "None": ("from config import REVISION", "REVISION", "REVISION = None", ["MLS202"]),
}


NOT_LOOKED_INTO = "a function of another file without a source or sink in its words is not looked into"


@pytest.mark.parametrize("case", each(REVISIONS, {"what a function returns": NOT_LOOKED_INTO}))
def test_a_constant_of_another_file_is_known(case: str, tmp_path: Path) -> None:
    imports, revision, config, rules = REVISIONS[case]
    files: dict[str, str | bytes] = {
        "load.py": LOAD.format(imports=imports, revision=revision),
        "config.py": config.encode(),
        "pins.py": "REVISION = 'main'",
    }
    assert told(checked(tmp_path, files, "load.py")) == [(rule, "load.py", 5) for rule in rules]


def test_a_constant_by_a_name_is_found_without_a_hint_in_its_name(tmp_path: Path) -> None:
    files = {
        "load.py": """
            import torch

            from settings import OPTIONS, SAFE

            torch.load("m.pt", weights_only=SAFE)
            torch.load("m.pt", **OPTIONS)
        """,
        "settings.py": "SAFE = True\nOPTIONS = {'weights_only': True}\n",
    }
    process = Process(tmp_path)
    write(tmp_path, files)
    assert told(process.check("load.py")) == []
    write(tmp_path, {"settings.py": "SAFE = False\nOPTIONS = {'weights_only': False}\n"})
    assert told(Process(tmp_path).check("load.py")) == [("MLS103", "load.py", 5), ("MLS103", "load.py", 6)]


def test_an_exception_class_of_another_file_has_its_own_message(tmp_path: Path) -> None:
    files = {
        "errors.py": "class NotThere(Exception): ...\n",
        "routes.py": """
            from fastapi import FastAPI
            from fastapi.responses import JSONResponse

            from errors import NotThere

            app = FastAPI()


            @app.exception_handler(NotThere)
            def missing(request, error: NotThere):
                return JSONResponse({"error": str(error)}, 404)


            @app.exception_handler(Exception)
            def broken(request, error: Exception):
                return JSONResponse({"error": str(error)}, 500)
        """,
    }
    assert told(checked(tmp_path, files, "routes.py")) == [("MLS601", "routes.py", 16)]


CONVERSATION = {
    "client.py": """
        from openai import OpenAI

        client = OpenAI()


        def complete(system):
            messages = [{"role": "system", "content": system}]
            return client.chat.completions.create(model="gpt-4o", messages=messages)
    """,
    "prompts.py": """
        SYSTEM = "You are a careful assistant of a bank. Never tell anybody about the accounts of others. "


        def build(text):
            return SYSTEM + text
    """,
    "routes.py": """
        from flask import Flask, request

        from client import complete
        from prompts import build

        app = Flask(__name__)


        @app.route("/")
        def answer():
            return complete(build(request.args["q"])).choices[0].message.content
    """,
}


def test_a_conversation_is_built_in_one_file_and_held_in_another(tmp_path: Path) -> None:
    finding = only(checked(tmp_path, CONVERSATION, "routes.py"))
    assert tell(finding) == ("MLS501", "client.py", 8)
    assert files_of(finding)[0] == "routes.py"
    assert files_of(finding)[-1] == "client.py"


MADE: dict[str, tuple[str, str, int]] = {
    "an app": (
        """
        from make import create

        app = create()


        @app.get("/")
        def answer(code: str):
            return eval(code)
        """,
        """
        from fastapi import FastAPI


        def create():
            return FastAPI()
        """,
        8,
    ),
    "a cursor": (
        """
        import flask

        from make import create

        app = flask.Flask(__name__)


        @app.route("/")
        def answer():
            return create().execute("select " + flask.request.args["q"])
        """,
        """
        import sqlite3


        def create():
            return sqlite3.connect("x").cursor()
        """,
        10,
    ),
    "a model": (
        """
        import flask

        from make import create

        app = flask.Flask(__name__)


        @app.route("/")
        def answer():
            return flask.jsonify(create().predict_proba(flask.request.json).tolist())
        """,
        """
        from sklearn.linear_model import LogisticRegression


        def create():
            return LogisticRegression()
        """,
        10,
    ),
}


@pytest.mark.parametrize("case", each(MADE, {"an app": NOT_LOOKED_INTO, "a cursor": NOT_LOOKED_INTO}))
def test_what_a_function_of_another_file_makes_is_known(case: str, tmp_path: Path) -> None:
    main, make, line = MADE[case]
    result = checked(tmp_path, {"main.py": main, "make.py": make}, "main.py")
    assert [(path, number) for _, path, number in told(result)] == [("main.py", line)]


SANITISED: dict[str, tuple[str, str]] = {
    "int": ("def clean(text):\n    return int(text)\n", "def clean(text):\n    return text.strip()\n"),
    "a check that raises": (
        "NAMES = {'a', 'b'}\n\ndef clean(text):\n    if text not in NAMES:\n        raise ValueError\n    return text\n",
        "def clean(text):\n    if not text:\n        raise ValueError\n    return text\n",
    ),
    "a table": (
        "TABLE = {'a': '1 + 1'}\n\ndef clean(text):\n    return TABLE[text]\n",
        "TABLE = {'a': '1 + 1'}\n\ndef clean(text):\n    return TABLE[text] if text in TABLE else text\n",
    ),
}


@pytest.mark.parametrize("case", SANITISED)
def test_what_another_file_makes_clean_is_clean(case: str, tmp_path: Path) -> None:
    good, bad = SANITISED[case]
    text = route("from cleaning import clean", "str(eval(clean(request.args['q'])))")
    write(tmp_path, {"routes.py": text.encode(), "cleaning.py": good})
    assert told(Process(tmp_path).check("routes.py")) == []
    write(tmp_path, {"cleaning.py": bad})
    assert told(Process(tmp_path).check("routes.py")) == [("MLS917", "routes.py", 10)]


def text_of(root: Path, place: Location) -> str:
    """The code at a place, read back from disk by its columns."""
    lines = (root / place.path).read_text(encoding="utf-8-sig").split("\n")
    span = place.span
    assert span.start_line == span.end_line
    return lines[span.start_line - 1][span.start_column - 1 : span.end_column - 1]


STRANGE: dict[str, bytes] = {
    "tabs": b"def run(code):\n\tif code:\n\t\treturn str(eval(code))\n",
    "CRLF": b"# one\r\n# two\r\ndef run(code):\r\n    return str(eval(code))\r\n",
    "a BOM": b"\xef\xbb\xbfdef run(code): return str(eval(code))\n",
    "emoji": "def run(code):\n    'Läuft 🚀'; return '🚀🚀' + str(eval(code))\n".encode(),
    "a form feed": b"import os\n\x0c\ndef run(code):\n    return str(eval(code))\n",
    "no end of line": b"def run(code): return str(eval(code))",
    "all of it": "\ufeff# 🚀\r\ndef run(code):\r\n\tname = '🚀'; return name + str(eval(code))\r\n".encode(),
}


@pytest.mark.parametrize("case", STRANGE)
def test_places_in_other_files_are_exact(case: str, tmp_path: Path) -> None:
    write(tmp_path, {"runner.py": STRANGE[case], "routes.py": route("from runner import run")})
    finding = only(Process(tmp_path).check("routes.py"))
    assert finding.location.path == "runner.py"
    assert text_of(tmp_path, finding.location) == "eval"
    assert [text_of(tmp_path, step.location) for step in finding.trace] == [
        "request.args",
        "run(request.args['q'])",
        "eval",
    ]
    assert finding.qualname == "run"
    frame = finding.frame
    assert frame is not None
    assert "eval(code)" in "\n".join(line for line in frame.lines)


STORIES: dict[str, bytes] = {
    "tabs": b"from flask import request\n\ndef given():\n\tif 1:\n\t\treturn request.args['q']\n",
    "CRLF": b"from flask import request\r\n\r\ndef given():\r\n    return request.args['q']\r\n",
    "a BOM and emoji": "\ufefffrom flask import request\n\ndef given():\n    '🚀'; return '🚀' + request.args['q']\n".encode(),
}


@pytest.mark.parametrize("case", STORIES)
def test_a_story_that_starts_in_another_file_starts_at_its_place(case: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "source.py": STORIES[case],
        "routes.py": "\ufeff# 🚀\r\nfrom source import given\r\n\r\ndef answer():\r\n\treturn '🚀' + eval(given())\r\n".encode(),
    }
    finding = only(checked(tmp_path, files, "routes.py"))
    assert tell(finding) == ("MLS917", "routes.py", 5)
    shown = [text_of(tmp_path, step.location) for step in finding.trace]
    assert (shown[0], shown[-1]) == ("request.args", "eval")
    assert [step.location.path for step in (finding.trace[0], finding.trace[-1])] == ["source.py", "routes.py"]
    assert {text.removeprefix("'🚀' + ") for text in shown} <= {"request.args", "request.args['q']", "given()", "eval"}


def test_a_file_found_through_an_import_speaks_only_of_the_flows_of_its_importer(tmp_path: Path) -> None:
    """What is wrong in a file whoever calls it is found when it is checked itself."""
    files = {
        "runner.py": """
            import pickle

            import torch

            MODEL = torch.load("https://example.com/m.pt", weights_only=False)


            def run(code):
                pickle.load(open("x", "rb"))
                return str(eval(code))
        """,
        "routes.py": route("from runner import run"),
    }
    process = Process(tmp_path, replace(ALONE, profile=Profile.AUDIT))
    write(tmp_path, files)
    assert told(process.check("routes.py")) == [("MLS917", "runner.py", 10)]
    assert {path for _, path, _ in told(process.check("runner.py"))} == {"runner.py"}


def test_without_the_library_an_import_is_unknown(tmp_path: Path) -> None:
    from tests.engine.checking import check, rules

    write(tmp_path, {"runner.py": "def run(code):\n    return str(eval(code))\n"})
    assert rules(check(route("from runner import run"), tmp_path)) == []


def test_a_class_of_a_framework_is_its_api_in_the_framework_itself_too(tmp_path: Path) -> None:
    files = {
        "langchain/__init__.py": "",
        "langchain/utilities.py": """
            class PythonREPL:
                def run(self, command):
                    return command.strip()
            """,
        "langchain/math.py": """
            from langchain.utilities import PythonREPL
            from openai import OpenAI

            def calculate(question):
                reply = OpenAI().responses.create(model="gpt-5", input=question)
                return PythonREPL().run(reply.output_text)
            """,
    }
    assert told(checked(tmp_path, files, "langchain/math.py")) == [("MLS701", "langchain/math.py", 6)]


def test_a_decorator_of_a_framework_makes_handlers_in_the_framework_itself_too(tmp_path: Path) -> None:
    files = {
        "smolagents/__init__.py": "from .tools import tool",
        "smolagents/tools.py": """
            def tool(function):
                return function
            """,
        "smolagents/browser.py": """
            import os
            from smolagents import tool

            @tool
            def disk_usage(folder: str) -> int:
                return os.system("du -sh " + folder)
            """,
    }
    assert told(checked(tmp_path, files, "smolagents/browser.py")) == [("MLS714", "smolagents/browser.py", 6)]


@pytest.mark.parametrize("name", ["read", "json", "dict", "copy", "decode", "getvalue", "predict", "query", "scan"])
def test_a_method_of_the_project_gives_what_its_code_says_whatever_its_name(name: str, tmp_path: Path) -> None:
    files = {
        "k.py": f"from flask import request\n\n\nclass T:\n    def {name}(self):\n        return request.args['q']\n",
        "a.py": f"import subprocess\nfrom k import T\n\nsubprocess.run(T().{name}(), shell=True)\n",
    }
    assert ("MLS917", "a.py", 4) in told(checked(tmp_path, files, "a.py"))


def test_a_lattice_of_bases_takes_no_time(tmp_path: Path) -> None:
    rows = ["class A0_0: pass", "class A0_1: pass"]
    for level in range(1, 40):
        rows += [f"class A{level}_{side}(A{level - 1}_0, A{level - 1}_1): pass" for side in (0, 1)]
    files = {
        "k.py": "def run(x): return eval(x)\n",
        "a.py": "\n".join([*rows, "from k import run", "run(A39_0().x)", "run(input())"]),
    }
    start = time.process_time()
    checked(tmp_path, files, "a.py")
    assert time.process_time() - start < 10


def test_classes_of_several_files_that_call_each_other_in_circles_end(tmp_path: Path) -> None:
    files = {}
    for number in range(4):
        lines = ["import subprocess", *(f"from m{other} import *" for other in range(4) if other != number)]
        for index in range(6):
            lines.append(f"class C{number}_{index}:")
            for method in range(6):
                other = f"C{(number + method + 1) % 4}_{(index + method) % 6}"
                lines.append(
                    f"    def f{method}(self, x):\n        self.v{method} = {other}().f{(method + 1) % 6}(x)\n        return self.v{method}"
                )
        files[f"m{number}.py"] = "\n".join(lines) + "\n"
    files["a.py"] = route(
        "import subprocess\nfrom m0 import *", "subprocess.run(C0_0().f0(request.args['q']), shell=True)"
    )
    start = time.process_time()
    checked(tmp_path, files, "a.py")
    assert time.process_time() - start < 30
