"""The constant texts of a whole tree, for those who want nothing else of it: a third of what outlines cost."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from mlsec_lint.syntax.scout import LEAVES
from mlsec_lint.syntax.scouted_texts import GIVING, parameter_texts, texts_given

_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in LEAVES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_FIELDS[ast.MatchSingleton] = ()
_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef})


def constant_texts(tree: ast.AST, tells: Callable[[str], object]) -> Iterator[tuple[str, str]]:
    """Of what the outlines of a tree have as `texts`: each with an empty name, and with those of its names that tell something."""
    pending: list[Any] = [tree]  # whatever a field holds
    pop, push, extend = pending.pop, pending.append, pending.extend
    while pending:
        node = pop()
        kind = node.__class__
        if kind is ast.Constant:
            value = node.value
            text = value.decode("latin-1") if isinstance(value, bytes) else value
            if isinstance(text, str) and text:
                yield "", text
            continue
        if kind in GIVING:
            yield from texts_given(node, tells)
        elif kind in _FUNCTIONS:
            yield from (pair for pair in parameter_texts(node) if tells(pair[0]))
        for name in _FIELDS.get(kind, ()):
            child = getattr(node, name, None)
            if child.__class__ is list:
                extend(child)
            elif child is not None:
                push(child)
