"""Many files that lean on one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from hostile_tree.entry import Hostile

_CIRCLE = "imports in a circle end only for those who remember where they have been"
_MANY = "each file leads to all others: quadratic time, and memory for every module at once"

Files: TypeAlias = Mapping[str, str]

_END = "import torch\ndef end(a):\n    torch.load(a, weights_only=False)\n"


def _ring(count: int) -> Files:
    """Each file imports the next, the last the first; each hands its data on."""
    files = {
        f"ring/m{n}.py": f"from ring.m{(n + 1) % count} import f{(n + 1) % count}\n\n\ndef f{n}(a):\n    return f{(n + 1) % count}(a)\n"
        for n in range(count)
    }
    view = f"import torch\nfrom flask import request\nfrom ring.m0 import f0\n{_END}\n\ndef view():\n    end(f0(request.args['a']))\n"
    return {**files, "ring/__init__.py": "", "hostile.py": view}


def _stars(count: int) -> Files:
    files = {f"stars/m{n}.py": f"from stars.m{(n + 1) % count} import *\nx{n} = 1\n" for n in range(count)}
    return {
        **files,
        "stars/__init__.py": "from stars.m0 import *\nfrom stars import *\nfrom . import *\n",
        "hostile.py": f"from stars import *\n{_END}end(x1)\n",
    }


def _complete(count: int) -> Files:
    files = {
        f"all/m{n}.py": "".join(f"from all.m{m} import *\n" for m in range(count) if m != n)
        + f"def f{n}(a):\n    return f{(n * 3 + 1) % count}(f{(n * 5 + 2) % count}(a))\n"
        for n in range(count)
    }
    view = f"from flask import request\nfrom all.m0 import *\n{_END}\n\ndef view():\n    end(f0(request.args['a']))\n"
    return {**files, "all/__init__.py": "", "hostile.py": view}


def _chain(count: int) -> Files:
    files = {
        f"chain/m{n}.py": f"from chain.m{n + 1} import f{n + 1}\n\ndef f{n}(a):\n    return f{n + 1}(a)\n"
        for n in range(count)
    }
    end = {f"chain/m{count}.py": _END + f"def f{count}(a):\n    end(a)\n    return a\n"}
    view = "from flask import request\nfrom chain.m0 import f0\n\ndef view():\n    f0(request.args['a'])\n"
    return {**files, **end, "chain/__init__.py": "", "hostile.py": f"{view}\n{_END}"}


_PROJECTS: Mapping[str, Files] = {
    "package-of-itself": {
        "itself/__init__.py": "import itself\nfrom itself import *\nfrom . import itself\nfrom .itself import itself\nfrom itself.itself import a as b\n",
        "itself/itself.py": "from . import itself\nfrom .. import itself\nfrom itself import itself as a\n",
        "hostile.py": f"import itself\nfrom itself import a, b, itself as c\n{_END}end(a(b(c)))\n",
    },
    "file-of-itself": {
        "hostile.py": f"import hostile\nfrom hostile import *\nfrom hostile import end as end\n{_END}hostile.hostile.hostile.end(hostile.x)\nx = hostile.x\n"
    },
    "names-in-a-circle": {
        "one.py": "from two import a as b, c as a\n",
        "two.py": "from one import b as a, a as c\n",
        "hostile.py": f"from one import a, b\n{_END}end(a(b))\n",
    },
    "classes-in-a-circle": {
        "one.py": "from two import B\nclass A(B):\n    def m(self, a):\n        return super().m(self.n(a))\n",
        "two.py": "from one import A\nclass B(A):\n    def n(self, a):\n        return self.m(a)\n",
        "hostile.py": f"from flask import request\nfrom one import A\n{_END}\ndef view():\n    end(A().m(request.args['a']))\n",
    },
    "named-as-libraries": {
        "torch.py": "def load(a, weights_only=True):\n    return a\n",
        "flask/__init__.py": "from . import request\nfrom flask import request\n",
        "flask/request.py": "args = {}\n",
        "hostile.py": f"from flask import request\n{_END}end(request.args['a'])\n",
    },
    "folder-and-file": {
        "a.py": "x = 1\n",
        "a/__init__.py": "from ..a import x\n",
        "a/a.py": "from .a import *\n",
        "hostile.py": f"from a.a import x\n{_END}end(x)\n",
    },
    "dots-that-lead-out": {
        "hostile.py": f"from {'.' * 50} import a\nfrom ....etc import passwd\nimport a..b\n".replace(
            "import a..b\n", ""
        )
        + _END
        + "end(a)\n"
    },
    "dunder-all": {
        "one.py": "__all__ = ['a'] * 10 ** 9\n__all__ += __all__\nfrom hostile import *\n",
        "hostile.py": f"from one import *\n{_END}end(a)\n",
    },
    "odd-names": {
        "None.py": "a = 1\n",
        "class/__init__.py": "",
        "1.py": "a = 1\n",
        "a-b.py": "x = 1\n",
        "__init__.py": "from . import *\n",
        "__main__.py": "from .hostile import *\n",
        "hostile.py": f"import importlib\n{_END}end(importlib.import_module('a-b').x)\n",
    },
    "chain-of-60": _chain(60),
    "ring-of-50": _ring(50),
    "stars-of-50": _stars(50),
    "everyone-imports-everyone": _complete(20),
}


def projects() -> Iterator[Hostile]:
    """All of them; the files of large ones are made when they are written."""
    for name, files in _PROJECTS.items():
        expected = {"hostile.py": files["hostile.py"]}
        yield Hostile(f"project-{name}", _CIRCLE, expected, beside=files)
    large = {
        "ring-of-5000": _ring,
        "chain-of-1000": _chain,
        "stars-of-1000": _stars,
        "everyone-imports-everyone-of-150": _complete,
    }
    for name, build in large.items():
        count = int(name.rpartition("-")[2])
        yield Hostile(f"project-{name}", _MANY, beside=build(count), heavy=True)
