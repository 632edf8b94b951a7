"""Code that is large, or whose meaning is: literals, files, call graphs, constants that explode when they are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hostile_tree.entry import Content, Hostile, module

_LARGE = "a node for each element: time and memory grow with them, quadratically where places are computed one by one"
_HUGE = "size alone: reading, decoding, hashing and parsing all take their time"
_CALLS = "summaries of functions that rest on one another: exponential or endless without memory and bounds"
_BOMB = "a few bytes whose value takes all memory when a linter computes it"

_LITERALS: Mapping[str, Content] = {
    "list-of-numbers": lambda: "x = [" + "1, " * 100_000 + "]",
    "list-of-texts": lambda: "x = [" + ", ".join(f"'text {n}'" for n in range(100_000)) + "]",
    "tuple-of-texts": lambda: "x = (" + ",\n".join(f"'text {n}'" for n in range(100_000)) + ")",
    "set": lambda: "x = {" + ", ".join(map(str, range(100_000))) + "}",
    "dict": lambda: "x = {" + ",\n".join(f"'key{n}': 'value {n}'" for n in range(100_000)) + "}",
    "dict-of-passwords": lambda: "x = {" + ",\n".join(f"'password{n}': 'Xy7{n:06d}q'" for n in range(20_000)) + "}",
    "rows": lambda: "x = [" + ",\n".join(f"[{n}, 'a', {{'b': {n}}}]" for n in range(20_000)) + "]",
    "calls": lambda: "x = [" + ",\n".join(f"f({n}, key='a')" for n in range(20_000)) + "]",
    "bytes": lambda: "x = b'" + "\\x00" * 500_000 + "'",
    "text-of-one-line": lambda: "x = '" + "a" * 2_000_000 + "'",
    "text-of-many-lines": lambda: "x = '''" + "a\n" * 500_000 + "'''",
    "assignments": lambda: "".join(f"x{n} = {n}\n" for n in range(50_000)),
    "calls-in-a-row": lambda: "".join(f"f({n})\n" for n in range(20_000)),
    "loads-in-a-row": lambda: "import torch\n" + "torch.load('a', weights_only=False)\n" * 2_000,
    "evals-in-a-row": lambda: "eval(a)\n" * 5_000,
    "comments": lambda: "# comment\n" * 300_000,
    "suppressions": lambda: "x = 1  # mlsec: ignore[MLS103] reason\n" * 20_000,
    "blank-lines": lambda: "\n" * 1_000_000,
    "imports": lambda: "".join(f"import m{n}\n" for n in range(10_000)),
    "classes": lambda: "".join(f"class C{n}:\n    def m(self, a):\n        return a\n" for n in range(5_000)),
}
_FILES: Mapping[str, Content] = {
    "one-line-of-5-mb": lambda: "x = [" + "1, " * 1_700_000 + "]",
    "15-mb-of-code": lambda: "def f(a):\n    return g(a)\n" * 600_000,
    "20-mb": lambda: "x = 1\n" * 3_500_000,
    "20-mb-of-nothing": lambda: b"\0" * 20_000_000,
    "15-mb-of-comments": lambda: "# " + "a" * 70 + "\n" + ("# " + "a" * 70 + "\n") * 200_000,
}


def _ring(count: int) -> str:
    calls = "".join(f"def f{n}(a):\n    return f{(n + 1) % count}(a)\n" for n in range(count))
    return calls + _used("f0")


def _used(function: str) -> str:
    return f"import torch\nfrom flask import request\ndef view():\n    torch.load({function}(request.args['a']), weights_only=False)\n"


def _complete(count: int) -> str:
    calls = [
        f"def f{n}(a):\n" + "".join(f"    a = f{m}(a)\n" for m in range(count)) + "    return a\n" for n in range(count)
    ]
    return "".join(calls) + _used("f0")


def _doubling(count: int) -> str:
    calls = [f"def f{n}(a):\n    return f{n + 1}(a) + f{n + 1}(a)\n" for n in range(count)]
    return "".join(calls) + f"def f{count}(a):\n    return a\n" + _used("f0")


def _methods(count: int) -> str:
    methods = [
        f"    def m{n}(self, a):\n        self.x{n} = a\n        return self.m{(n * 7 + 1) % count}(self.x{(n + 1) % count})\n"
        for n in range(count)
    ]
    return "class C:\n" + "".join(methods) + "def f0(a):\n    return C().m0(a)\n" + _used("f0")


def _higher_order(count: int) -> str:
    calls = [f"def f{n}(g, a):\n    return g(f{n + 1}, f{n + 1}(g, a))\n" for n in range(count)]
    return (
        "".join(calls)
        + f"def f{count}(g, a):\n    return g(f0, a)\n"
        + "def h(a):\n    return f0(f1, a)\n"
        + _used("h")
    )


_GRAPHS: Mapping[str, Content] = {
    "chain-of-functions": lambda: (
        "".join(f"def f{n}(a):\n    return f{n + 1}(a)\n" for n in range(3_000)) + _used("f0")
    ),
    "ring-of-functions": lambda: _ring(2_000),
    "everyone-calls-everyone": lambda: _complete(60),
    "everyone-calls-everyone-often": lambda: _complete(200),
    "doubling-calls": lambda: _doubling(200),
    "ring-of-methods": lambda: _methods(500),
    "functions-given-functions": lambda: _higher_order(60),
    "ackermann": "def f(m, n):\n    return f(m - 1, f(m, n - 1)) if m else n + 1\n" + _used("f"),
    "calls-itself-on-itself": "def f(g):\n    return g(g)\nf(f)\n" + _used("f"),
    "y-combinator": "f = lambda g: (lambda x: g(lambda a: x(x)(a)))(lambda x: g(lambda a: x(x)(a)))\n" + _used("f"),
    "decorated-by-itself": "def f(g):\n    @f\n    @g\n    def h(a):\n        return f(h)(a)\n    return h\n"
    + _used("f"),
    "class-of-itself": "class C(C):\n    x = C\n    def __call__(self, a):\n        return self(a)\nf = C()\n"
    + _used("f"),
    "generator-of-itself": "def f(a):\n    yield from f(f(a))\n    yield a\n" + _used("f"),
    "default-of-itself": "def f(a, g=lambda a: f(a)):\n    return g(a)\n" + _used("f"),
    "branches-of-functions": lambda: (
        "".join(f"if a{n}:\n    def f(a):\n        return a + '{n}'\n" for n in range(300)) + _used("f")
    ),
}

_BOMBS: Mapping[str, str] = {
    "text-times": "x = 'a' * 10 ** 10",
    "list-times": "x = [0] * 10 ** 10",
    "bytes-times": "x = b'a' * (1 << 40)",
    "power": "x = 9 ** 9 ** 9 ** 9",
    "shift": "x = 1 << (1 << 60)",
    "format-width": "x = '%10000000000d' % 1\ny = '{:10000000000}'.format(1)\nz = f'{1:10000000000}'",
    "padding": "x = 'a'.ljust(10 ** 10)\ny = 'a'.zfill(10 ** 10)\nz = 'a'.center(10 ** 10)",
    "join": "x = ('a' * 10 ** 5).join(['b'] * 10 ** 5)",
    "replace": "x = ('a' * 10 ** 5).replace('a', 'b' * 10 ** 5)",
    "range": "x = list(range(10 ** 12))\ny = [n for n in range(10 ** 12)]\nz = sum(range(10 ** 12))",
    "doubling-text": "x = 'a'\n" + "x = x + x\n" * 60,
    "doubling-text-with-format": "x = 'a'\n" + "x = f'{x}{x}'\n" * 60,
    "doubling-list": "x = ['a']\n" + "x = [*x, *x]\n" * 60,
    "doubling-dict": "x = {'a': 1}\n" + "x = {'a': x, 'b': x}\n" * 60,
    "doubling-choices": "x = 'a'\n" + "".join(f"x = x + ('{n}' if b else 'c')\n" for n in range(60)),
    "doubling-in-loops": "x = 'a'\n" + "for a in b:\n    x = x + x\n" * 30,
    "percent-s": "x = '%s%s'\n" + "x = x % (x, x)\n" * 60,
    "text-decoded": "import base64, zlib\nx = zlib.decompress(base64.b64decode('eJw=' * 1000))",
    "huge-decimal": "x = " + "9" * 5_000,
    "huge-hexadecimal": "x = 0x" + "f" * 500_000,
    "huge-underscores": "x = 1" + "_0" * 100_000,
    "huge-float": "x = 1e999999999\ny = -1e-999999999j\nz = 1" + "0" * 4_000 + ".5",
    "timeout-of-forever": "import requests\nrequests.get('http://a', timeout=" + "9" * 4_000 + ")",
    "permissions": "import os\nos.chmod('a', 0o" + "7" * 5_000 + ")",
    "compile": "import re\nre.compile('(a+)+$').match('a' * 50)\nre.fullmatch('(a|a)*b', 'a' * 100)",
    "guard-pattern": "import re, torch\nfrom flask import request\ndef f():\n    a = request.args['a']\n"
    "    if re.fullmatch(r'(a+)+(b+)+(c|c)*$', a):\n        torch.load(a, weights_only=False)\n",
    "host-names": "import requests\nrequests.get('http://"
    + "a." * 50_000
    + "com/')\nrequests.get('http://["
    + ":" * 9_999
    + "]/')",
    "paths": "import os\nopen(os.path.join(" + ", ".join(["'../a'"] * 5_000) + "))\nopen('" + "../" * 50_000 + "')",
    "shell": "import os, subprocess\nos.system('"
    + "$(" * 5_000
    + "')\nsubprocess.run('"
    + "a | " * 5_000
    + "b', shell=True)",
    "sql": "q = 'SELECT * FROM a WHERE ' + '" + "b = %s AND " * 5_000 + "' % c\ncursor.execute(q)",
}

# What is too much for the few seconds of an ordinary test.
_HEAVY = {
    *("one-line-of-5-mb", "15-mb-of-code", "20-mb", "15-mb-of-comments", "dict", "rows", "calls", "classes"),
    *("everyone-calls-everyone-often", "text-of-many-lines", "blank-lines", "calls-in-a-row", "imports"),
}


def wide() -> Iterator[Hostile]:
    """All of them."""
    groups = (
        ("literal", _LARGE, _LITERALS),
        ("file", _HUGE, _FILES),
        ("calls", _CALLS, _GRAPHS),
        ("bomb", _BOMB, _BOMBS),
    )
    for kind, why, inputs in groups:
        for name, text in inputs.items():
            yield module(f"{kind}-{name}", why, text, heavy=name in _HEAVY)
