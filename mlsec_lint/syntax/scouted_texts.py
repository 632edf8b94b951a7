"""Constant texts of a statement and the names that they are given to, for the scout; over-approximates `match.literals`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias


def text_of(node: ast.AST | None) -> str | None:
    """The text of a constant; None for anything else."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None


def spelled_out(node: ast.AST) -> Iterator[str]:
    """A name that is written as a text: `config["chat_template"]` is `config.chat_template`, and so with `KEY = "…"`."""
    if isinstance(node, ast.Subscript | ast.Assign):
        text = text_of(node.slice if isinstance(node, ast.Subscript) else node.value)
        if text is not None and text.isidentifier():
            yield text


def parameter_texts(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """Defaults of parameters, with their names."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    given = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(given, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for parameter, default in pairs:
        if (text := text_of(default)) is not None:
            yield parameter.arg, text


_MOST_KEYS = 8
"""Texts of a call that can name its other arguments; calls with thousands of texts are lists of data."""


def texts_given(node: ast.AST, tells: Callable[[str], object] = bool) -> Iterator[tuple[str, str]]:
    """Constant texts and those of the names that they are given to that tell something; over-approximates `match.literal`."""
    for name, values in _GIVING[node.__class__](node):
        if tells(name):
            for value in values:
                for text in _texts_within(value):
                    yield name, text


_Given: TypeAlias = Iterable[tuple[str, Sequence[ast.AST | None]]]
"""Names, each with what is given to it."""


def _in_keyword(node: ast.keyword) -> _Given:
    return ((node.arg or "", (node.value,)),)


def _in_dict(node: ast.Dict) -> _Given:
    return ((text_of(key) or "", (value,)) for key, value in zip(node.keys, node.values, strict=True))


def _in_assignment(node: ast.Assign) -> _Given:
    return ((_target_name(target), (node.value,)) for target in node.targets)


def _in_declaration(node: ast.AnnAssign) -> _Given:
    return ((_target_name(node.target), (node.value,)),)


def _in_call(node: ast.Call) -> _Given:
    keys = [text.lstrip("-").replace("-", "_") for text in map(text_of, node.args) if text][:_MOST_KEYS]
    values = [*node.args[1:], *(item.value for item in node.keywords)] if keys else ()
    return ((key, values) for key in keys)


def _in_comparison(node: ast.Compare) -> _Given:
    sides = (node.left, *node.comparators[:1])
    return ((_target_name(side), sides) for side in sides)


_GIVING: dict[type, Callable[[Any], _Given]] = {
    ast.keyword: _in_keyword,
    ast.Dict: _in_dict,
    ast.Assign: _in_assignment,
    ast.AnnAssign: _in_declaration,
    ast.Call: _in_call,
    ast.Compare: _in_comparison,
}
GIVING = frozenset(_GIVING)
"""The kinds of nodes that give texts to names."""


def _texts_within(node: ast.AST | None) -> Iterator[str]:
    """The constant texts that a value may be: itself, `x or "text"`, `Field(default="text")`, `"text".strip()`, `"a" if x else "b"`."""
    pending: list[ast.AST | None] = [node]
    while pending:
        item = pending.pop()
        if (text := text_of(item)) is not None:
            yield text
        elif isinstance(item, ast.BoolOp):
            pending.extend(item.values)
        elif isinstance(item, ast.IfExp):
            pending.extend((item.body, item.orelse))
        elif isinstance(item, ast.Call):
            made_of = item.func.value if isinstance(item.func, ast.Attribute) else None
            pending.extend([made_of, *item.args, *(keyword.value for keyword in item.keywords)])


def _target_name(target: ast.expr) -> str:
    match target:
        case ast.Name():
            return target.id
        case ast.Attribute():
            return target.attr
        case ast.Subscript():
            return text_of(target.slice) or ""
    return ""
