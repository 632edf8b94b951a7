"""`ast` statements → `statement` values; each function has its twin in `lower_statement`, with places in the same order."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.lower_either import assert_, evaluate, jump, raise_, return_

if TYPE_CHECKING:
    from mlsec_lint.syntax.lower_ast import AstLowering

_AUGMENTS = {
    ast.Add: "+", ast.Mod: "%", ast.BitOr: "|", ast.Sub: "Subtract", ast.Mult: "Multiply", ast.Div: "Divide",
    ast.FloorDiv: "FloorDivide", ast.Pow: "Power", ast.LShift: "LeftShift", ast.RShift: "RightShift",
    ast.BitAnd: "BitAnd", ast.BitXor: "BitXor", ast.MatMult: "MatrixMultiply",
}  # fmt: skip


def import_(node: ast.Import, low: AstLowering) -> st.Statement:
    """`import a.b, c as d`: without `as` the first segment is bound."""
    bindings: list[st.Binding] = []
    for item in node.names:
        first = item.name.split(".")[0]
        bindings.append(st.Binding(item.asname, item.name) if item.asname else st.Binding(first, first))
    return st.Import(tuple(bindings), (), low.place(node))


def import_from(node: ast.ImportFrom, low: AstLowering) -> st.Statement:
    """`from a import b as c`, `from . import d`, `from e import *`."""
    module = "." * node.level + (node.module or "")
    place = low.place(node)
    if node.names[0].name == "*":
        return st.Import((), (module,), place)
    joint = "" if module.endswith(".") else "."
    bindings = tuple(st.Binding(item.asname or item.name, f"{module}{joint}{item.name}") for item in node.names)
    return st.Import(bindings, (), place)


def assign(node: ast.Assign, low: AstLowering) -> st.Statement:
    """`a = b = value`."""
    targets = tuple([low.expression(item) for item in node.targets])
    return st.Assign(targets, low.expression(node.value), None, low.place(node))


def annotated(node: ast.AnnAssign, low: AstLowering) -> st.Statement:
    """`a: T = value`."""
    value = low.expression(node.value) if node.value else None
    annotation = low.expression(node.annotation)
    return st.Assign((low.expression(node.target),), value, annotation, low.place(node))


def augment(node: ast.AugAssign, low: AstLowering) -> st.Statement:
    """`a += value`."""
    return st.Augment(
        low.expression(node.target), _AUGMENTS[type(node.op)], low.expression(node.value), low.place(node)
    )


def delete(node: ast.Delete, low: AstLowering) -> st.Statement:
    """`del a, b`."""
    return st.Delete(tuple([low.expression(item) for item in node.targets]), low.place(node))


def scope(node: ast.Global | ast.Nonlocal, low: AstLowering) -> st.Statement:
    """`global a, b`."""
    return st.Scope(tuple(node.names), low.place(node))


def if_(node: ast.If, low: AstLowering) -> st.Statement:
    """`if … elif … else`, long elif chains without recursion."""
    links = [node]
    while len(links[-1].orelse) == 1 and isinstance(links[-1].orelse[0], ast.If):
        links.append(links[-1].orelse[0])
    orelse = low.body(links[-1].orelse)
    for link in reversed(links):
        orelse = (st.If(low.expression(link.test), low.body(link.body), orelse, low.place(link)),)
    return orelse[0]


def for_(node: ast.For | ast.AsyncFor, low: AstLowering) -> st.Statement:
    """`for`, async too."""
    target, iterable = low.expression(node.target), low.expression(node.iter)
    return st.For(target, iterable, low.body(node.body), low.body(node.orelse), low.place(node))


def while_(node: ast.While, low: AstLowering) -> st.Statement:
    """`while`."""
    return st.While(low.expression(node.test), low.body(node.body), low.body(node.orelse), low.place(node))


def with_(node: ast.With | ast.AsyncWith, low: AstLowering) -> st.Statement:
    """`with`, async too."""
    items = tuple(
        (low.expression(item.context_expr), low.expression(item.optional_vars) if item.optional_vars else None)
        for item in node.items
    )
    return st.With(items, low.body(node.body), low.place(node))


def try_(node: ast.Try, low: AstLowering) -> st.Statement:
    """`try`, with `except*` too."""
    handlers = tuple(_handler(item, low) for item in node.handlers)
    final = low.body(node.finalbody)
    return st.Try(low.body(node.body), handlers, low.body(node.orelse), final, low.place(node))


def _handler(node: ast.ExceptHandler, low: AstLowering) -> st.ExceptHandler:
    kind = low.expression(node.type) if node.type else None
    return st.ExceptHandler(kind, node.name or "", low.body(node.body), low.place(node))


def match(node: ast.Match, low: AstLowering) -> st.Statement:
    """`match`."""
    cases = tuple(
        st.Case(
            _captures(case.pattern),
            _constants(case.pattern, low),
            low.expression(case.guard) if case.guard else None,
            low.body(case.body),
        )
        for case in node.cases
    )
    return st.Match(low.expression(node.subject), cases, low.place(node))


def _captures(pattern: ast.pattern) -> tuple[str, ...]:
    found: set[str] = set()
    pending: list[ast.AST] = [pattern]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name is not None:
            found.add(node.name)
        if isinstance(node, ast.MatchMapping) and node.rest is not None:
            found.add(node.rest)
        pending.extend(ast.iter_child_nodes(node))
    return tuple(sorted(found))


def _constants(pattern: ast.pattern, low: AstLowering) -> tuple[ex.Literal, ...] | None:
    patterns: Sequence[ast.pattern] = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
    found: list[ex.Literal] = []
    for item in patterns:
        if isinstance(item, ast.MatchSingleton):
            low.place(item)
            found.append(item.value)
            continue
        value = low.expression(item.value) if isinstance(item, ast.MatchValue) else None
        if not isinstance(value, ex.Constant):
            return None
        found.append(value.value)
    return tuple(found)


def function(node: ast.FunctionDef | ast.AsyncFunctionDef, low: AstLowering) -> st.Statement:
    """`def`, async too."""
    return st.Function(
        node.name,
        low.parameters(node.args),
        low.expression(node.returns) if node.returns else None,
        tuple([low.expression(item) for item in node.decorator_list]),
        low.body(node.body),
        low.place(node),
        ast.get_docstring(node, clean=False) or "",
    )


def class_(node: ast.ClassDef, low: AstLowering) -> st.Statement:
    """`class`."""
    keywords = tuple(
        ex.Argument(low.expression(item.value), item.arg or "", "" if item.arg else "**", low.place(item))
        for item in node.keywords
    )
    return st.Class(
        node.name,
        tuple([low.expression(item) for item in node.bases if not isinstance(item, ast.Starred)]),
        keywords,
        tuple([low.expression(item) for item in node.decorator_list]),
        low.body(node.body),
        low.place(node),
    )


STATEMENTS: dict[type[ast.AST], Callable[..., st.Statement]] = {
    ast.Import: import_, ast.ImportFrom: import_from, ast.Assign: assign, ast.AnnAssign: annotated,
    ast.AugAssign: augment, ast.Expr: evaluate, ast.Return: return_, ast.Raise: raise_, ast.Assert: assert_,
    ast.Delete: delete, ast.Global: scope, ast.Nonlocal: scope, ast.Break: jump, ast.Continue: jump, ast.If: if_,
    ast.For: for_, ast.AsyncFor: for_, ast.While: while_, ast.With: with_, ast.AsyncWith: with_, ast.Try: try_,
    ast.Match: match, ast.FunctionDef: function, ast.AsyncFunctionDef: function, ast.ClassDef: class_,
}  # fmt: skip
if hasattr(ast, "TryStar"):  # from Python 3.11 on
    STATEMENTS[ast.TryStar] = try_
