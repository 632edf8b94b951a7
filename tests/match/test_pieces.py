"""What a piece leads to inside its file: what is evaluated with the funnel is all that matters without it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mlsec_lint.engine import EngineOptions
from mlsec_lint.findings import Profile
from mlsec_lint.match.pieces import pieces_of, reached, spread, successors
from mlsec_lint.syntax.module import Module
from tests.engine.checking import check

EVERYTHING = EngineOptions(ignores=False, bandit=False, profile=Profile.AUDIT)
WHOLE = EngineOptions(ignores=False, bandit=False, profile=Profile.AUDIT, whole=True)
HEAD = "import os, pickle, subprocess\nfrom flask import Flask, request\n"

PROGRAMS = {
    "a method as a class variable": """
        class A:
            def _x(self):
                return request.args["q"]
            x = _x
            def y(self):
                subprocess.run(self.x(), shell=True)
    """,
    "a method in a table of the class": """
        class A:
            def cmd(self):
                return request.args["q"]
            table = {"k": cmd}
            def y(self):
                subprocess.run(self.table["k"](self), shell=True)
    """,
    "a list that another method fills": """
        class A:
            def __init__(self):
                self.lines = []
            def put(self):
                self.lines.append(request.args["q"])
            def y(self):
                subprocess.run(self.lines[0], shell=True)
    """,
    "a dictionary that another method fills": """
        class A:
            def put(self):
                self.parts.update(cmd=request.args["q"])
            def y(self):
                subprocess.run(self.parts["cmd"], shell=True)
    """,
    "an attribute of a member": """
        class A:
            def put(self):
                self.state.cmd = request.args["q"]
            def y(self):
                subprocess.run(self.state.cmd, shell=True)
    """,
    "a function that gives an API": """
        def loader():
            return pickle.loads
        def go(data):
            return loader()(data)
    """,
    "a member that holds an API": """
        class A:
            def __init__(self):
                self.load = pickle.loads
            def go(self, data):
                return self.load(data)
    """,
    "a name of the environment in a class": """
        class Env:
            FORCE = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
        os.environ[Env.FORCE] = "1"
    """,
    "an annotation that is a text": """
        class A:
            def cmd(self):
                return request.args["q"]
        def go(a: "A"):
            subprocess.run(a.cmd(), shell=True)
    """,
    "an annotation with a text inside": """
        class A:
            def cmd(self):
                return request.args["q"]
        def go() -> "list[A]":
            return []
        def all(a: list["A"]):
            subprocess.run(a[0].cmd(), shell=True)
    """,
    "a base behind its class": """
        class B:
            def run(self):
                subprocess.run(self.cmd(), shell=True)
        class A(B):
            def cmd(self):
                return request.args["q"]
        A().run()
    """,
    "methods with their bodies in odd places": """
        class A:
            def one(self): return request.args["q"]
            def two(
                self,
            ): return self.one()
            async def three(self): subprocess.run(self.two(), shell=True)
            def four(self):
                \"\"\"Nothing.\"\"\"
            def five(self):
                if self.one():
                    pass
            @property
            def six(self): return 1
    """,
    "an object that does something unasked": """
        class A:
            def __enter__(self):
                self.cmd = request.args["q"]
                return self
            def __call__(self):
                subprocess.run(self.cmd, shell=True)
        def go():
            with A() as a:
                a()
    """,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_pieces_that_are_left_out_change_nothing(name: str, newline: str, tmp_path: Path) -> None:
    text = (HEAD + dedent(PROGRAMS[name])).replace("\n", newline)
    assert check(text, tmp_path, options=EVERYTHING) == check(text, tmp_path, options=WHOLE)


FOUND = ["a method as a class variable", "a list that another method fills", "a function that gives an API"]


@pytest.mark.parametrize("name", FOUND)
def test_and_there_is_something_to_lose(name: str, tmp_path: Path) -> None:
    assert check(HEAD + dedent(PROGRAMS[name]), tmp_path, options=EVERYTHING).findings


def test_a_name_that_every_piece_binds_and_reads_makes_no_square_of_links() -> None:
    module = Module("x = a\n" + "if a:\n    x = x + 'b'\n" * 500 + "print(x)\n")
    pieces = pieces_of(chunk.outline for chunk in module.chunks)
    linked = successors(pieces)
    assert sum(map(len, linked)) < 5 * len(pieces)
    assert reached([len(pieces) - 1], linked, len(pieces)) == set(range(len(pieces)))
    assert spread([1, *[0] * (len(pieces) - 1)], linked) == [1] * len(pieces)


def test_star_imports_make_no_square_of_links_either() -> None:
    module = Module("from m import *\n" * 500 + "print(x)\n")
    pieces = pieces_of(chunk.outline for chunk in module.chunks)
    linked = successors(pieces)
    assert sum(map(len, linked)) < 5 * len(pieces)
    assert reached([len(pieces) - 1], linked, len(pieces)) == set(range(len(pieces)))
