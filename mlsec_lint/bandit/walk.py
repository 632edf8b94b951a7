"""Walking an `ast` tree of any depth: no recursion, no marks on the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Optional, TypeAlias

Ancestors: TypeAlias = Optional[tuple[ast.AST, "Ancestors"]]  # noqa: UP045 # a recursive alias cannot use `|` on 3.10
"""The parent of a node, and the parent's own ancestors; None for the root."""

_LEAVES = (ast.Name, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.alias)
_BARE = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and (issubclass(kind, _LEAVES) or not kind._fields)
)
"""Node types below which no check looks, and which no check is registered for."""


def walk(tree: ast.AST, wanted: frozenset[type[ast.AST]]) -> Iterator[tuple[ast.AST, Ancestors]]:
    """Yield the nodes of the wanted types below `tree` with their ancestors, in the order of the source's fields.

    A parent comes before its children, as in Bandit's visitor: an import counts for what follows it there, and a
    function's body comes before its decorators.
    """
    stack: list[tuple[ast.AST, Ancestors]] = [(child, (tree, None)) for child in reversed(_children(tree))]
    pop, push = stack.pop, stack.extend
    while stack:
        entry = pop()
        node = entry[0]
        kind = type(node)
        if kind in wanted:
            yield entry
        if kind is ast.Constant:
            continue
        children = _children(node)
        if children:
            children.reverse()
            push([(child, entry) for child in children])


def _children(node: ast.AST) -> list[ast.AST]:
    children: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            children.extend([item for item in value if type(item) not in _BARE and isinstance(item, ast.AST)])
        elif isinstance(value, ast.AST) and type(value) not in _BARE:
            children.append(value)
    return children
