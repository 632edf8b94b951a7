"""Code that is deep or long: what kills parsers, or makes them quadratic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hostile_tree.entry import Hostile, module

_RECURSES = "parsers and visitors recurse once a level: LibCST's process dies at some thousand"
_CHAINED = "a tree as deep as the chain is long, or as wide: recursion, and quadratic time in LibCST"
_FLOWS = "the same within the bounds, between a source and a sink, so that no funnel keeps it from the analysis"

Chain = Callable[[int], str]


def _joined(operator: str, operand: str = "a") -> Chain:
    return lambda count: "x = " + f" {operator} ".join([operand] * count)


def _prefixed(prefix: str) -> Chain:
    return lambda count: "x = " + prefix * count + "a"


def _suffixed(suffix: str) -> Chain:
    return lambda count: "x = a" + suffix * count


# Each gives statements that make `x` of `a`, the longer the greater the number.
CHAINS: Mapping[str, Chain] = {
    "plus": _joined("+"),
    "plus-of-texts": lambda count: "x = a + " + " + ".join(["'a'"] * count),
    "and": _joined("and"),
    "or": _joined("or"),
    "comparisons": _joined("<"),
    "memberships": _joined("in"),
    "power": _joined("**"),
    "matrix-product": _joined("@"),
    "percent": lambda count: "x = '%s' % a" + " % a" * count,
    "minus-signs": _prefixed("-"),
    "not": _prefixed("not "),
    "tilde": _prefixed("~"),
    "lambda": _prefixed("lambda: "),
    "conditional": _prefixed("a if b else "),
    "elif": lambda count: "if a == 1:\n    x = a\n" + "elif a:\n    x = a\n" * count,
    "if": lambda count: "x = a\n" + "if a:\n    x = x + 'b'\n" * count,
    "loops": lambda count: "x = a\n" + "for b in c:\n    x = x + b\n" * count,
    "tries": lambda count: "x = a\n" + "try:\n    x = b(x)\nexcept c:\n    x = a\n" * count,
    "method-calls": _suffixed(".b()"),
    "method-calls-with-arguments": _suffixed(".b(a, c='d')"),
    "strips": _suffixed(".strip()"),
    "replacements": _suffixed(".replace('a', 'aa')"),
    "calls-of-calls": _suffixed("()"),
    "attributes": _suffixed(".b"),
    "subscripts": _suffixed("[0]"),
    "keys": _suffixed("['a']"),
    "slices": _suffixed("[1:]"),
    "targets": lambda count: " = ".join(["x"] * count) + " = a",
    "unpacking": lambda count: ", ".join(f"x{n}" for n in range(count)) + " = a\nx = x0",
    "renames": lambda count: "x0 = a\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(count)) + f"x = x{count}",
    "fields": lambda count: "x = a\n" + "".join(f"x.f{n} = a\n" for n in range(count)),
    "members": lambda count: "x = {}\n" + "".join(f"x['k{n}'] = a\n" for n in range(count)) + "x = x['k1']",
    "appends": lambda count: "x = []\n" + "x.append(a)\n" * count,
    "growing-text": lambda count: "x = a\n" + "x += 'b' + a\n" * count,
    "growing-list": lambda count: "x = [a]\n" + "x += [a, *x]\n" * count,
    "adjacent-texts": lambda count: "x = a + (" + "'a'\n" * count + ")",
    "adjacent-f-strings": lambda count: "x = (" + "f'{a}'\n" * count + ")",
    "semicolons": lambda count: "x = a; " * count,
    "decorators": lambda count: "@a\n" * count + "def x(): pass",
    "comprehension": lambda count: "x = [a " + "for a in a " * (count // 2) + "]",
    "comprehension-conditions": lambda count: "x = [a for a in a " + "if a " * count + "]",
    "union-types": lambda count: "def f(a: " + " | ".join(["int"] * count) + "): pass\nx = a",
    "backslashes": lambda count: "x = a" + " \\\n + 'b'" * count,
    "with-items": lambda count: "with " + ", ".join(["a as x"] * count) + ": pass",
    "walrus": lambda count: "x = a\n" + "".join(f"(y{n} := x)\n" for n in range(count)),
    "local-functions": lambda count: "x = a\n" + "".join(f"def f{n}(): return x\n" for n in range(count)) + "x = f1()",
    "local-imports": lambda count: "x = a\n" + "".join(f"from m{n} import *\n" for n in range(count)),
    "arguments": lambda count: "x = str(" + ", ".join(["a"] * count) + ")",
    "keywords": lambda count: "x = dict(" + ", ".join(f"k{n}=a" for n in range(count)) + ")",
    "stars": lambda count: "x = [" + ", ".join(["*a"] * count) + "]",
    "dict-stars": lambda count: "x = {" + ", ".join(["**a"] * count) + "}",
    "list": lambda count: "x = [" + "a, " * count + "]",
    "dict": lambda count: "x = {" + ", ".join(f"'k{n}': a" for n in range(count)) + "}",
    "returns": lambda count: "def f(a):\n" + "".join(f"    if a == {n}: return a\n" for n in range(count)) + "x = f(a)",
    "yields": lambda count: "def f(a):\n" + "    yield a\n" * count + "x = f(a)",
    "match-cases": lambda count: "match a:\n" + "".join(f"    case {n}:\n        x = a\n" for n in range(count)),
    "match-or": lambda count: "match a:\n    case " + " | ".join(map(str, range(count))) + ":\n        x = a",
    "except-clauses": lambda count: "try:\n    x = a\n" + "except b:\n    x = a\n" * count,
    "asserts": lambda count: "x = a\n" + "".join(f"assert x != 'b{n}'\n" for n in range(count)),
    "allow-list": lambda count: "x = a\nif x not in (" + "'b', " * count + "): return",
    "logging": lambda count: "x = a\n" + "print(x)\n" * count,
    "sinks": lambda count: "x = a\n" + "torch.load(x, weights_only=False)\n" * count,
}

_BARE: Mapping[str, str] = {
    "await": "async def f():\n    x = " + "await " * 10_000 + "a",
    "global-names": "def f():\n    global " + ", ".join(f"a{n}" for n in range(10_000)),
    "imports-in-one": "from os import " + ", ".join(f"a{n}" for n in range(10_000)),
    "dotted-import": "import " + ".".join(["a"] * 10_000),
    "relative-import": "from " + "." * 10_000 + " import a",
    "star-imports": "".join(f"from m{n} import *\n" for n in range(5_000)),
    "aliases": "import torch as t0\n" + "".join(f"t{n + 1} = t{n}\n" for n in range(5_000)) + "t5000.load(a)",
    "classes-in-a-row": "class C0: pass\n" + "".join(f"class C{n + 1}(C{n}): pass\n" for n in range(3_000)),
    "bases": "class C(" + ", ".join(f"B{n}" for n in range(5_000)) + "): pass",
}

_NESTED: Mapping[str, str] = {
    "round-brackets": "x = " + "(" * 3_000 + ")" * 3_000,
    "square-brackets": "x = " + "[" * 3_000 + "]" * 3_000,
    "curly-brackets": "x = " + "{" * 3_000 + "}" * 3_000,
    "calls-in-calls": "x = " + "f(" * 3_000 + ")" * 3_000,
    "subscripts-in-subscripts": "x = " + "a[" * 3_000 + "0" + "]" * 3_000,
    "dicts-in-dicts": "x = " + "{1: " * 3_000 + "0" + "}" * 3_000,
    "generators": "x = " + "(a for a in " * 1_000 + "b" + ")" * 1_000,
    "too-many-walrus": "x = " + "(y := " * 1_000 + "1" + ")" * 1_000,
    "f-string-brackets": "x = f'{" + "(" * 2_000 + "a" + ")" * 2_000 + "}'",
    "f-strings-of-3.12": "x = " + "f'{" * 150 + "a" + "}'" * 150,
    "f-string-specs": "x = f'" + "{a:" * 140 + "}" * 140 + "'",
    "open-brackets": "x = " + "(" * 3_000,
    "open-strings": "x = " + "'''\"\"\"" * 10_001,
    "too-many-blocks": "\n".join(" " * n + "if a:" for n in range(1_000)) + "\n" + " " * 1_000 + "b",
}
_NO_PYTHON = {"open-brackets", "too-many-blocks", "open-strings"}
"""Whatever follows these is lost, to Python itself too."""


def _blocks(head: str, last: str) -> str:
    return "\n".join("\t" * n + head.format(n=n) for n in range(90)) + "\n" + "\t" * 90 + last


_WITHIN: Mapping[str, str] = {
    "lists": "x = " + "[" * 199 + "a" + "]" * 199,
    "tuples": "x = " + "(" * 199 + "a" + ",)" * 199,
    "dicts": "x = " + "{'a': " * 199 + "a" + "}" * 199,
    "calls": "x = " + "str(" * 199 + "a" + ")" * 199,
    "calls-twice": "x = " + "str(a, b(" * 99 + "a" + "))" * 99,
    "lambdas": "x = " + "(lambda a: " * 190 + "a" + ")(a)" * 190,
    "lambda-defaults": "x = " + "lambda a=(" * 150 + "a" + "): a" * 150,
    "walrus": "x = " + "(y := " * 190 + "a" + ")" * 190,
    "comprehensions": "x = " + "[b for b in " * 190 + "a" + "]" * 190,
    "f-strings": "x = f'{f\"{a}\"}'",
    "ifs": _blocks("if a:", "x = a"),
    "loops": _blocks("for b{n} in a:", "x = b1"),
    "whiles": _blocks("while a:", "x = a"),
    "withs": _blocks("with a as x{n}:", "x = x1"),
    "functions": _blocks("def f{n}(a):", "return a") + "\nx = f0(a)",
    "classes": _blocks("class C{n}:", "x = a") + "\nx = C0.C1.x",
    "tries": "\n".join("\t" * n + "try:" for n in range(60))
    + ("\n" + "\t" * 60 + "x = a\n")
    + "\n".join("\t" * n + "finally:\n" + "\t" * n + " x = a" for n in reversed(range(60))),
}

_VIEW = "import torch\nfrom flask import request\n\n\ndef view():\n    a = request.args['a']\n    x = ''\n{}\n    torch.load(x, weights_only=False)\n"


def _between(text: str) -> str:
    """The statements in a function, after a source and before a sink."""
    return _VIEW.format("\n".join(f"    {line}" for line in text.split("\n")))


def deep() -> Iterator[Hostile]:
    """All of them: far beyond the bounds on their own, and within them where data goes through."""
    for name, chain in CHAINS.items():
        yield module(
            f"chain-{name}", _CHAINED, chain(10_000).replace("    return\n", "    pass\n").replace(": return", ": a")
        )
        yield module(f"flow-{name}", _FLOWS, _between(chain(1_000)))
    for name, text in _BARE.items():
        yield module(f"chain-{name}", _CHAINED, text)
    for name, text in _NESTED.items():
        yield module(f"nested-{name}", _RECURSES, text, proof=name not in _NO_PYTHON)
    for name, text in _WITHIN.items():
        yield module(f"flow-nested-{name}", _FLOWS, _between(text))
