"""Constant texts of a statement and the names that they are given to, for the scout; over-approximates `match.literals`."""

from __future__ import annotations

import ast
from collections.abc import Iterator


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


def texts_given(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Constant texts and the names that they are given to; over-approximates what `match.literal` looks at."""
    match node:
        case ast.keyword(arg=str(name)):
            pairs: list[tuple[str, ast.AST | None]] = [(name, node.value)]
        case ast.Dict():
            pairs = [(text_of(key) or "", value) for key, value in zip(node.keys, node.values, strict=True)]
        case ast.Assign() | ast.AnnAssign():
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            pairs = [(_target_name(target), node.value) for target in targets]
        case ast.Call():
            keys = [text.lstrip("-").replace("-", "_") for text in map(text_of, node.args) if text][:_MOST_KEYS]
            values = [*node.args[1:], *(item.value for item in node.keywords)]
            pairs = [(key, value) for key in keys for value in values]
        case ast.Compare():
            sides = [node.left, *node.comparators[:1]]
            pairs = [(_target_name(side), value) for side in sides for value in sides]
        case _:
            pairs = []
    for name, value in pairs:
        for text in _texts_within(value):
            if name:
                yield name, text


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
