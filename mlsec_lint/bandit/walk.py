"""Walking an `ast` tree of any depth: no recursion, no marks on the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

Ancestors: TypeAlias = tuple[ast.AST, "Ancestors"] | None
"""The parent of a node, and the parent's own ancestors; None for the root."""

_SKIPPED = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.AST)
    and (issubclass(kind, (ast.Name, ast.alias)) or not kind._fields)
) | {str, bytes, int, float, complex, bool, type(None), type(...)}
"""What no check is registered for and nothing stands below: names, operators, contexts, plain values."""
_PLAIN_FIELDS = frozenset({"arg", "asname", "attr", "ctx", "id", "kind", "level", "module", "names", "op", "ops"})
"""Fields that never hold a node worth a visit, by name in every node type."""
_FIELDS = {
    kind: tuple(name for name in reversed(kind._fields) if name not in _PLAIN_FIELDS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_FIELDS[ast.Constant] = ()


def walk(tree: ast.AST, wanted: frozenset[type[ast.AST]]) -> Iterator[tuple[ast.AST, Ancestors]]:
    """Yield the nodes of the wanted types in `tree` with their ancestors, in the order of their parents' fields.

    A parent comes before its children, as in Bandit's visitor: an import counts for what follows it there, and a
    function's body comes before its decorators.
    """
    stack: list[tuple[ast.AST, Ancestors]] = [(tree, None)]
    pop, push = stack.pop, stack.append
    while stack:
        entry = pop()
        node = entry[0]
        kind = type(node)
        if kind in wanted:
            yield entry
        for name in _FIELDS[kind]:
            value = getattr(node, name, None)
            if type(value) is list:
                for item in reversed(value):
                    if type(item) not in _SKIPPED:
                        push((item, entry))
            elif type(value) not in _SKIPPED:
                push((value, entry))  # type: ignore[arg-type] # what is neither list nor plain value is a node
