from __future__ import annotations

import pytest

from tests.flow.programs import paths


@pytest.mark.parametrize(
    "code",
    [
        "import app\napp.load(1)",
        "import app as a\na.load(1)",
        "from app import load as l\nl(1)",
        "import app\nf = app.load\nf(1)",
        "import app\nf = g = app.load\ng(1)",
        "import app\na, b = app.load, 1\na(1)",
        "import app\nif x:\n    f = app.load\nelse:\n    f = app.load\nf(1)",
        "import app\nf = app.load if x else app.load\nf(1)",
        "import app\nf = None or app.load\nf(1)",
        "import app\n(f := app.load)(1)",
        "import app\ngetattr(app, 'load')(1)",
        "import app\nname = 'load'\ngetattr(app, name)(1)",
        "import app\n[app.load][0](1)",
        "import app\n{'k': app.load}['k'](1)",
        "import app\ntable = {'k': app.load}\ntable['k'](1)",
        "import app\ntable = {'k': app.load}\ntable.get('k')(1)",
        "import app\nfor f in [app.load]:\n    f(1)",
        "import app\ndef f(g=app.load):\n    pass\napp.load(1)",
        "import app\nclass K:\n    load = app.load\nK.load(1)",
        "import app\nclass K:\n    load = app.load\nK().load(1)",
        "import app\nclass K:\n    def __init__(self):\n        self.f = app.load\n    def go(self):\n        self.f(1)\n",
        "from app import reexported\nreexported(1)",
        "import app\napp.reexported(1)",
        "import other.app\nother.app.load(1)",
        "import other.app as o\no.load(1)",
        "from other import app as o\no.load(1)",
        "from other.app import load as l\nl(1)",
        "def outer():\n    import app\n    def inner():\n        app.load(1)\n",
        "try:\n    import app\nexcept ImportError:\n    app = None\napp.load(1)",
        "global_ = None\ndef set_():\n    global global_\n    from app import load\n    global_ = load\nset_()\ndef use():\n    global_(1)\n",
    ],
)
def test_an_api_is_found_however_it_is_named(code: str) -> None:
    assert "app.load" in paths(code)


@pytest.mark.parametrize(
    "code",
    [
        "import app\nc = app.Client()\nc.run(1)",
        "import app\napp.Client().run(1)",
        "import app\nc: app.Client\nc.run(1)",
        "from app import make_client\nmake_client().run(1)",
        "import app\nwith app.Client() as c:\n    c.run(1)",
        "import app\nasync def f():\n    async with app.Client() as c:\n        await c.run(1)",
        "import app\nasync def f():\n    c = await app.make_client()\n    c.run(1)",
        "import app\ndef f(c: app.Client):\n    c.run(1)",
        "import app\ndef f(c: 'app.Client'):\n    c.run(1)",
        "import app\ndef f(c: app.Client | None):\n    c.run(1)",
        "import app\ndef f(c: 'app.Client | None' = None):\n    c.run(1)",
        "import app\nfrom typing import Optional\ndef f(c: Optional[app.Client] = None):\n    c.run(1)",
        "import app\nfrom typing import Optional\ndef f(c: 'Optional[app.Client]' = None):\n    c.run(1)",
        "import app\nfrom typing import Optional\ndef f(c: Optional['app.Client'] = None):\n    c.run(1)",
        "import app\nfrom typing import Annotated\ndef f(c: Annotated[app.Client, 1]):\n    c.run(1)",
        "import app\nclass K:\n    c: app.Client\n    def go(self):\n        self.c.run(1)",
        "import app\nclass K:\n    def __init__(self, c: app.Client):\n        self.c = c\n    def go(self):\n        self.c.run(1)",
        "import app\nclass K:\n    def go(self):\n        self.c.run(1)\n    def setup(self):\n        self.c = app.Client()",
        "import app\nclass K:\n    @property\n    def c(self):\n        return app.Client()\n    def go(self):\n        self.c.run(1)",
        "import app\nclass Mine(app.Client):\n    pass\nMine().run(1)",
        "import app\nclass Mine(app.Client):\n    def go(self):\n        self.run(1)",
        "import app\nclass Mine(app.Client):\n    def go(self):\n        super().run(1)",
        "import app\nclass A(app.Client):\n    pass\nclass B(A):\n    pass\nB().run(1)",
        "import app\ndef make():\n    return app.Client()\nmake().run(1)",
        "import app\nclass K:\n    @classmethod\n    def make(cls):\n        return app.Client()\nK.make().run(1)",
        "import app\nclass K:\n    @staticmethod\n    def make():\n        return app.Client()\nK().make().run(1)",
        "import app\nc = app.Client()\nc2 = c\nc2.run(1)",
        "import app\nif (c := app.Client()) is not None:\n    c.run(1)",
        "import app\nif a and (c := app.Client()):\n    c.run(1)",
    ],
)
def test_an_object_is_known_by_how_it_was_made(code: str) -> None:
    assert "app.Client().run" in paths(code)


@pytest.mark.parametrize(
    "code",
    [
        "class K:\n    def load(self, x): ...\nK().load(1)",
        "def load(x): ...\nload(1)",
        "import app\napp.other.load(1)",
        "from elsewhere import load\nload(1)",
        "import app\nclass app:\n    @staticmethod\n    def load(x): ...\napp.load(1)",
        "from .app import load\nload(1)",
        "import app\ndef f(app):\n    app.load(1)",
        "import app\ngetattr(app, name)(1)",
    ],
)
def test_a_mere_same_name_is_not_enough(code: str) -> None:
    assert "app.load" not in paths(code)


@pytest.mark.parametrize(
    ("code", "package", "path"),
    [
        ("from . import a\na.b()", "pack.sub", "pack.sub.a.b"),
        ("from .a import b\nb()", "pack.sub", "pack.sub.a.b"),
        ("from ..a import b\nb()", "pack.sub", "pack.a.b"),
        ("from ....a import b\nb()", "pack.sub", "__project__.a.b"),
        ("from .a import b\nb()", "", "__project__.a.b"),
    ],
)
def test_relative_imports_start_at_the_package(code: str, package: str, path: str) -> None:
    assert paths(code, package) == {path}


def test_an_alias_may_lead_to_a_submodule() -> None:
    assert paths("from app import deep\ndeep.go()") == {"app.inner.deep.go"}


def test_a_name_that_nobody_sets_is_a_builtin() -> None:
    assert paths("eval('1')") == {"eval"}


def test_an_unknown_object_keeps_its_name() -> None:
    assert paths("def f(model):\n    model.predict_proba(1)") == {"?.model.predict_proba"}
