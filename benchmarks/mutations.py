"""Mutations of Python files and notebooks for `fuzz.py`: each takes what is there and a source of chance."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

Mutate: TypeAlias = Callable[[str, str, random.Random], str | bytes]
"""A text, another text, and chance → a mutated text, or bytes that may be no text."""

_TOKENS = re.compile(r"\w+|[^\S\n]+|\n|.", re.DOTALL)
_CODECS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-32",
    "latin-1",
    "cp1252",
    "utf-7",
    "shift_jis",
    "idna",
    "rot13",
    "nonsense",
)
_ODD = (
    "\0",
    "\f",
    "\v",
    "\r",
    "\r\n",
    "\t",
    "\\\n",
    "\u2028",
    "\u200b",
    "\u202e",
    "\ufeff",
    "ª",
    "ﬁ",
    "\U0001d431",
    "é",
    "\x1a",
    "\x85",
)
_OPENERS = (
    "(",
    "[",
    "{",
    "not ",
    "-",
    "lambda: ",
    "await ",
    "f'{",
    "x[",
    "x(",
    "if x:\n ",
    "*",
    "@",
    "yield ",
    ":=",
    "a.b",
)
_JSON = (
    "null",
    "true",
    "0",
    "-1",
    "1e308",
    '""',
    '"text"',
    "[]",
    "{}",
    "[[]]",
    '{"a": {}}',
    '["x\\n", 3]',
    '"\\ud800"',
)


def lines(text: str, _other: str, chance: random.Random) -> str:
    """Delete, repeat, exchange or move whole lines."""
    return "".join(_shuffled(text.splitlines(keepends=True), chance))


def tokens(text: str, _other: str, chance: random.Random) -> str:
    """The same with names, signs and spaces."""
    return "".join(_shuffled(_TOKENS.findall(text), chance))


def _shuffled(pieces: list[str], chance: random.Random) -> list[str]:
    for _ in range(chance.randint(1, 8)):
        if not pieces:
            break
        here, there = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        length = chance.choice((1, 1, 1, 2, 5))
        kind = chance.choice(("out", "again", "exchange", "over"))
        if kind == "out":
            del pieces[here : here + length]
        elif kind == "again":
            pieces[there:there] = pieces[here : here + length] * chance.choice((1, 1, 2, 40))
        elif kind == "exchange":
            pieces[here], pieces[there] = pieces[there], pieces[here]
        else:
            pieces[here] = pieces[there]
    return pieces


def cut(text: str, _other: str, chance: random.Random) -> str:
    """End, or begin, in the middle."""
    place = chance.randrange(len(text) + 1)
    return text[:place] if chance.randrange(3) else text[place:]


def joined(text: str, other: str, chance: random.Random) -> str:
    """The beginning of one and the end of another file."""
    return cut(text, "", chance) + chance.choice(("", "\n")) + other[chance.randrange(len(other) + 1) :]


def odd(text: str, _other: str, chance: random.Random) -> str:
    """Characters that are read in more than one way, and openings without an end."""
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(text) + 1)
        piece = chance.choice((*_ODD, *_OPENERS)) * chance.choice((1, 1, 1, 30, 400))
        text = text[:place] + piece + text[place:]
    return text


def raw(text: str, _other: str, chance: random.Random) -> bytes:
    """Bytes that are changed, put in or taken out."""
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.randint(1, 10)):
        place = chance.randrange(len(data) + 1)
        data[place : place + chance.choice((0, 1, 4))] = chance.randbytes(chance.choice((0, 1, 3)))
    return bytes(data)


def encoded(text: str, _other: str, chance: random.Random) -> bytes:
    """Another encoding, with a cookie that says so, says something else, or is not there."""
    said, meant = chance.choice(_CODECS), chance.choice(_CODECS[:7])
    cookie = chance.choice((f"# -*- coding: {said} -*-\n", f"#!x\n# vim: set fileencoding={said} :\n", ""))
    return (cookie + text).encode(meant, "ignore")


def trees(text: str, other: str, chance: random.Random) -> str:
    """Expressions and statements in each other's places, so that what comes out still parses."""
    try:
        tree, donor = ast.parse(text), ast.parse(other)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return tokens(text, other, chance)
    expressions = [node for node in (*ast.walk(tree), *ast.walk(donor)) if _is_read(node)]
    statements = [node for node in (*ast.walk(tree), *ast.walk(donor)) if isinstance(node, ast.stmt)]
    changer = _Changer(chance, expressions, statements, chance.choice((0.002, 0.01, 0.05)))
    try:
        return ast.unparse(ast.fix_missing_locations(changer.visit(tree)))
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError):  # a tree that is no program
        return tokens(text, other, chance)


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


class _Changer(ast.NodeTransformer):
    def __init__(
        self, chance: random.Random, expressions: Sequence[ast.AST], statements: Sequence[ast.AST], share: float
    ) -> None:
        self._chance, self._share = chance, share
        self._expressions, self._statements = expressions, statements
        self._left = 60

    def visit(self, node: ast.AST) -> ast.AST:
        if self._left and self._chance.random() < self._share:
            choices = self._expressions if _is_read(node) else self._statements if isinstance(node, ast.stmt) else ()
            if choices:
                self._left -= 1
                return self._chance.choice(choices)
        return self.generic_visit(node)


ON_TEXTS: tuple[Mutate, ...] = (trees, trees, trees, trees, lines, tokens, cut, joined, odd, raw, encoded)
"""Those that leave programs come more often: what does not parse is soon done."""


def notebook(text: str, other: str, chance: random.Random) -> str | bytes:
    """A notebook of pieces of a file, or the text of one, with its structure mutated."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        tree = _notebook_of(text, chance)
    for _ in range(chance.randint(0, 6)):
        tree = _changed(tree, chance)
    written = json.dumps(tree, ensure_ascii=bool(chance.randrange(2)), indent=chance.choice((None, 1)))
    kind = chance.randrange(10)
    if not kind:
        return chance.choice((lines, tokens, cut, odd))(written, other, chance)
    return raw(written, other, chance) if kind == 1 else written.encode("utf-8", "surrogatepass")


def _notebook_of(text: str, chance: random.Random) -> object:
    pieces = text.splitlines(keepends=True)
    cells: list[object] = []
    while pieces:
        number = chance.randint(1, 30)
        code, pieces = pieces[:number], pieces[number:]
        magic = chance.choice(("", "", "%%bash\n", "!pip install x\n", "%env A=b\n", "%%writefile x.py\n", "x?\n"))
        source = [magic, *code] if chance.randrange(3) else magic + "".join(code)
        outputs = [{"output_type": "stream", "name": "stdout", "text": code[:3]}]
        cells.append(
            {"cell_type": chance.choice(("code", "code", "markdown", "raw")), "source": source, "outputs": outputs}
        )
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _changed(tree: object, chance: random.Random) -> object:
    """A JSON value with one of its parts left out, put elsewhere or replaced."""
    if isinstance(tree, (dict, list)) and tree and chance.randrange(10):
        key = chance.choice(list(tree)) if isinstance(tree, dict) else chance.randrange(len(tree))
        if not chance.randrange(7):
            del tree[key]
        else:
            tree[key] = _changed(tree[key], chance)
        return tree
    return chance.choice((json.loads(chance.choice(_JSON)), [tree], {"cells": tree}))
