"""LibCST statements → `statement` values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.lower_either import assert_, evaluate, jump, raise_, return_

if TYPE_CHECKING:
    from mlsec_lint.syntax.lower import Lowering


def dotted(node: cst.BaseExpression | None, low: Lowering) -> str:
    """`a.b.c` as text."""
    names: list[str] = []
    while isinstance(node, cst.Attribute):
        names.append(low.identifier(node.attr.value))
        node = node.value
    if isinstance(node, cst.Name):
        names.append(low.identifier(node.value))
    return ".".join(reversed(names))


def import_(node: cst.Import | cst.LazyImport, low: Lowering) -> st.Statement:
    """`import a.b, c as d`: without `as` the first segment is bound."""
    bindings: list[st.Binding] = []
    for item in node.names:
        path = dotted(item.name, low)
        if item.asname is not None:
            bindings.append(st.Binding(dotted(item.asname.name, low), path))
        else:
            bindings.append(st.Binding(path.split(".")[0], path.split(".")[0]))
    return st.Import(tuple(bindings), (), low.place(node))


def import_from(node: cst.ImportFrom | cst.LazyImportFrom, low: Lowering) -> st.Statement:
    """`from a import b as c`, `from . import d`, `from e import *`."""
    module = "." * len(node.relative) + dotted(node.module, low)
    place = low.place(node)
    if isinstance(node.names, cst.ImportStar):
        return st.Import((), (module,), place)
    joint = "" if module.endswith(".") else "."
    bindings = tuple(
        st.Binding(
            dotted(item.asname.name, low) if item.asname else dotted(item.name, low),
            f"{module}{joint}{dotted(item.name, low)}",
        )
        for item in node.names
    )
    return st.Import(bindings, (), place)


def assign(node: cst.Assign, low: Lowering) -> st.Statement:
    """`a = b = value`."""
    targets = tuple(low.expression(item.target) for item in node.targets)
    return st.Assign(targets, low.expression(node.value), None, low.place(node))


def annotated(node: cst.AnnAssign, low: Lowering) -> st.Statement:
    """`a: T = value`."""
    value = low.expression(node.value) if node.value else None
    annotation = low.expression(node.annotation.annotation)
    return st.Assign((low.expression(node.target),), value, annotation, low.place(node))


def augment(node: cst.AugAssign, low: Lowering) -> st.Statement:
    """`a += value`."""
    operator = type(node.operator).__name__.removesuffix("Assign")
    symbol = {"Add": "+", "Modulo": "%", "BitOr": "|"}.get(operator, operator)
    return st.Augment(low.expression(node.target), symbol, low.expression(node.value), low.place(node))


def delete(node: cst.Del, low: Lowering) -> st.Statement:
    """`del a, b`."""
    target = node.target
    targets = [target] if not isinstance(target, cst.Tuple) or target.lpar else [item.value for item in target.elements]
    return st.Delete(tuple(low.expression(item) for item in targets), low.place(node))


def scope(node: cst.Global | cst.Nonlocal, low: Lowering) -> st.Statement:
    """`global a, b`."""
    return st.Scope(tuple(low.identifier(item.name.value) for item in node.names), low.place(node))


def if_(node: cst.If, low: Lowering) -> st.Statement:
    """`if … elif … else`, long elif chains without recursion."""
    links: list[cst.If] = []
    current: cst.If | cst.Else | None = node
    while isinstance(current, cst.If):
        links.append(current)
        current = current.orelse
    orelse = low.body(current.body) if isinstance(current, cst.Else) else ()
    for link in reversed(links):
        orelse = (st.If(low.expression(link.test), low.body(link.body), orelse, low.place(link)),)
    return orelse[0]


def for_(node: cst.For, low: Lowering) -> st.Statement:
    """`for`, async too."""
    target, iterable = low.expression(node.target), low.expression(node.iter)
    return st.For(target, iterable, low.body(node.body), _orelse(node.orelse, low), low.place(node))


def while_(node: cst.While, low: Lowering) -> st.Statement:
    """`while`."""
    return st.While(low.expression(node.test), low.body(node.body), _orelse(node.orelse, low), low.place(node))


def _orelse(node: cst.Else | None, low: Lowering) -> st.Body:
    return low.body(node.body) if node is not None else ()


def with_(node: cst.With, low: Lowering) -> st.Statement:
    """`with`, async too."""
    items = tuple(
        (low.expression(item.item), low.expression(item.asname.name) if item.asname else None) for item in node.items
    )
    return st.With(items, low.body(node.body), low.place(node))


def try_(node: cst.Try | cst.TryStar, low: Lowering) -> st.Statement:
    """`try`, with `except*` too."""
    handlers = tuple(_handler(item, low) for item in node.handlers)
    final = low.body(node.finalbody.body) if node.finalbody else ()
    return st.Try(low.body(node.body), handlers, _orelse(node.orelse, low), final, low.place(node))


def _handler(node: cst.ExceptHandler | cst.ExceptStarHandler, low: Lowering) -> st.ExceptHandler:
    name = dotted(node.name.name, low) if node.name else ""
    kind = low.expression(node.type) if node.type else None
    return st.ExceptHandler(kind, name, low.body(node.body), low.place(node))


def match(node: cst.Match, low: Lowering) -> st.Statement:
    """`match`."""
    cases = tuple(
        st.Case(
            _captures(case.pattern, low),
            _constants(case.pattern, low),
            low.expression(case.guard) if case.guard else None,
            low.body(case.body),
        )
        for case in node.cases
    )
    return st.Match(low.expression(node.subject), cases, low.place(node))


def _captures(pattern: cst.CSTNode, low: Lowering) -> tuple[str, ...]:
    found: set[str] = set()
    pending: list[cst.CSTNode] = [pattern]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.MatchAs | cst.MatchStar) and node.name is not None:
            found.add(low.identifier(node.name.value))
        if isinstance(node, cst.MatchMapping) and node.rest is not None:
            found.add(low.identifier(node.rest.value))
        pending.extend(node.children)
    return tuple(sorted(found))


def _constants(pattern: cst.MatchPattern, low: Lowering) -> tuple[ex.Literal, ...] | None:
    patterns = [item.pattern for item in pattern.patterns] if isinstance(pattern, cst.MatchOr) else [pattern]
    found: list[ex.Literal] = []
    for item in patterns:
        value = low.expression(item.value) if isinstance(item, cst.MatchValue | cst.MatchSingleton) else None
        if not isinstance(value, ex.Constant):
            return None
        found.append(value.value)
    return tuple(found)


def function(node: cst.FunctionDef, low: Lowering) -> st.Statement:
    """`def`, async too."""
    return st.Function(
        low.identifier(node.name.value),
        low.parameters(node.params),
        low.expression(node.returns.annotation) if node.returns else None,
        tuple(low.expression(item.decorator) for item in node.decorators),
        low.body(node.body),
        low.place(node),
        node.get_docstring(clean=False) or "",
    )


def class_(node: cst.ClassDef, low: Lowering) -> st.Statement:
    """`class`."""
    keywords = tuple(
        ex.Argument(low.expression(item.value), item.keyword.value if item.keyword else "", item.star, low.place(item))
        for item in node.keywords
    )
    return st.Class(
        low.identifier(node.name.value),
        _bases(node.bases, low),
        keywords,
        tuple(low.expression(item.decorator) for item in node.decorators),
        low.body(node.body),
        low.place(node),
    )


def _bases(nodes: Sequence[cst.Arg], low: Lowering) -> tuple[ex.Expression, ...]:
    return tuple(low.expression(item.value) for item in nodes if not item.star)


STATEMENTS: dict[type[cst.CSTNode], Callable[..., st.Statement]] = {
    cst.Import: import_, cst.ImportFrom: import_from, cst.Assign: assign, cst.AnnAssign: annotated,
    cst.AugAssign: augment, cst.Expr: evaluate, cst.Return: return_, cst.Raise: raise_, cst.Assert: assert_,
    cst.Del: delete, cst.Global: scope, cst.Nonlocal: scope, cst.Break: jump, cst.Continue: jump, cst.If: if_,
    cst.For: for_, cst.While: while_, cst.With: with_, cst.Try: try_, cst.TryStar: try_, cst.Match: match,
    cst.FunctionDef: function, cst.ClassDef: class_, cst.LazyImport: import_, cst.LazyImportFrom: import_from,
}  # fmt: skip
