"""`ast` expressions → `expression` values; each function has its twin in `lower_expression`, with places in the same order."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.lower_either import conditional, signed, starred
from mlsec_lint.syntax.text_parts import joined

if TYPE_CHECKING:
    from mlsec_lint.syntax.lower_ast import AstLowering

OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^", ast.MatMult: "@",
    ast.And: "and", ast.Or: "or", ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Eq: "==",
    ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in",
    ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip


def name(node: ast.Name, low: AstLowering) -> ex.Expression:
    """A variable."""
    return ex.Name(node.id, low.place(node))


def constant(node: ast.Constant, low: AstLowering) -> ex.Expression:
    """A literal; `...` says nothing."""
    value = node.value
    return ex.Constant(None if value is Ellipsis else value, low.place(node))


def attribute(node: ast.Attribute, low: AstLowering) -> ex.Expression:
    """`value.attr`."""
    return ex.Attribute(low.expression(node.value), node.attr, low.place(node))


def subscript(node: ast.Subscript, low: AstLowering) -> ex.Expression:
    """`value[index]`; several indices are a tuple."""
    several = isinstance(node.slice, ast.Tuple)
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    indices = [low.expression(item) for item in items if not isinstance(item, ast.Slice)]
    place = low.place(node)
    index: ex.Expression | None = None
    if len(indices) == len(items):
        index = ex.Collection("tuple", tuple(indices), place) if several else indices[0]
    return ex.Subscript(low.expression(node.value), index, place)


def call(node: ast.Call, low: AstLowering) -> ex.Expression:
    """`func(arguments)`."""
    arguments = tuple(_argument(item, low) for item in _arguments(node))
    return ex.Call(low.expression(node.func), arguments, low.place(node))


def _arguments(node: ast.Call) -> list[ast.expr | ast.keyword]:
    """In the order in which they are written: `*more` may stand behind keywords."""
    found: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    if node.keywords and any(isinstance(item, ast.Starred) for item in node.args):
        found.sort(key=lambda item: (item.lineno, item.col_offset))
    return found


def _argument(node: ast.expr | ast.keyword, low: AstLowering) -> ex.Argument:
    if isinstance(node, ast.keyword):
        value = low.expression(node.value)
        return ex.Argument(value, node.arg or "", "" if node.arg else "**", low.place(node))
    if isinstance(node, ast.Starred):
        return ex.Argument(low.expression(node.value), "", "*", low.place(node))
    return ex.Argument(low.expression(node), "", "", low.place(node))


def joined_string(node: ast.JoinedStr, low: AstLowering) -> ex.Expression:
    """An f-string, also among adjacent literals; a t-string (PEP 750) too: what is in both flows out of both."""
    pieces = [_piece(part, low) for part in node.values]
    place = low.place(node)
    return ex.Text(joined(pieces, place), place)


def _piece(part: ast.expr, low: AstLowering) -> str | ex.Formatted:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value
    assert hasattr(part, "value"), "the parts of a text are constants and what is formatted"
    return ex.Formatted(low.expression(part.value), _spec(getattr(part, "format_spec", None)), low.place(part))


def _spec(node: ast.expr | None) -> str:
    """The format of a part; empty for one that is computed."""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return "".join(texts) if len(texts) == len(parts) else ""


def operation(node: ast.BinOp, low: AstLowering) -> ex.Expression:
    """A chain of one operator, flattened without recursion."""
    kind = type(node.op)
    operands: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.BinOp) and type(current.op) is kind:
        operands.append(current.right)
        current = current.left
    operands.append(current)
    return ex.Operation(OPERATORS[kind], _expressions(reversed(operands), low), low.place(node))


def boolean(node: ast.BoolOp, low: AstLowering) -> ex.Expression:
    """A chain of `and` or of `or`, flattened on its left as the other operators are."""
    kind = type(node.op)
    operands: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.BoolOp) and type(current.op) is kind:
        operands.extend(reversed(current.values[1:]))
        current = current.values[0]
    operands.append(current)
    return ex.Boolean(OPERATORS[kind], _expressions(reversed(operands), low), low.place(node))


def unary(node: ast.UnaryOp, low: AstLowering) -> ex.Expression:
    """`not x`; a signed number is a constant."""
    operator, operand = OPERATORS[type(node.op)], low.expression(node.operand)
    return signed(operator, operand, low.place(node))


def comparison(node: ast.Compare, low: AstLowering) -> ex.Expression:
    """`a < b`."""
    operators = tuple(OPERATORS[type(item)] for item in node.ops)
    rights = _expressions(node.comparators, low)
    return ex.Compare(low.expression(node.left), operators, rights, low.place(node))


def collection(node: ast.List | ast.Tuple | ast.Set, low: AstLowering) -> ex.Expression:
    """A list, tuple or set display."""
    return ex.Collection(type(node).__name__.lower(), _expressions(node.elts, low), low.place(node))


def mapping(node: ast.Dict, low: AstLowering) -> ex.Expression:
    """A dict display."""
    items = tuple(
        (low.expression(key) if key is not None else None, low.expression(value))
        for key, value in zip(node.keys, node.values, strict=True)
    )
    return ex.Mapping(items, low.place(node))


def comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, low: AstLowering) -> ex.Expression:
    """A list or set comprehension, or a generator expression."""
    kind = {"ListComp": "list", "SetComp": "set"}.get(type(node).__name__, "generator")
    clauses = _generators(node.generators, low)
    return ex.Comprehension(kind, None, low.expression(node.elt), clauses, low.place(node))


def dict_comprehension(node: ast.DictComp, low: AstLowering) -> ex.Expression:
    """A dict comprehension."""
    clauses = _generators(node.generators, low)
    key = low.expression(node.key)
    value: ast.expr | None = node.value
    if value is None:  # `{**d for d in ds}` (PEP 798)
        return ex.Comprehension("dict", None, key, clauses, low.place(node))
    return ex.Comprehension("dict", key, low.expression(value), clauses, low.place(node))


def _generators(clauses: Iterable[ast.comprehension], low: AstLowering) -> tuple[ex.Generator, ...]:
    found: list[ex.Generator] = []
    for clause in clauses:
        conditions = _expressions(clause.ifs, low)
        found.append(ex.Generator(low.expression(clause.target), low.expression(clause.iter), conditions))
    return tuple(found)


def _expressions(nodes: Iterable[ast.expr], low: AstLowering) -> tuple[ex.Expression, ...]:
    return tuple([low.expression(item) for item in nodes])


def lambda_(node: ast.Lambda, low: AstLowering) -> ex.Expression:
    """`lambda parameters: body`."""
    return ex.Lambda(low.parameters(node.args), low.expression(node.body), low.place(node))


def await_(node: ast.Await, low: AstLowering) -> ex.Expression:
    """`await value`."""
    return ex.Await(low.expression(node.value), low.place(node))


def yield_(node: ast.Yield | ast.YieldFrom, low: AstLowering) -> ex.Expression:
    """`yield value` and `yield from value`."""
    return ex.Yield(low.expression(node.value) if node.value is not None else None, low.place(node))


def walrus(node: ast.NamedExpr, low: AstLowering) -> ex.Expression:
    """`target := value`."""
    target = ex.Name(node.target.id, low.place(node.target))
    return ex.Walrus(target, low.expression(node.value), low.place(node))


EXPRESSIONS: dict[type[ast.AST], Callable[..., ex.Expression]] = {
    ast.Name: name, ast.Constant: constant, ast.Attribute: attribute, ast.Subscript: subscript, ast.Call: call,
    ast.JoinedStr: joined_string, ast.BinOp: operation, ast.BoolOp: boolean, ast.UnaryOp: unary,
    ast.Compare: comparison, ast.IfExp: conditional, ast.List: collection, ast.Tuple: collection, ast.Set: collection,
    ast.Starred: starred, ast.Dict: mapping, ast.ListComp: comprehension, ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension, ast.DictComp: dict_comprehension, ast.Lambda: lambda_, ast.Await: await_,
    ast.Yield: yield_, ast.YieldFrom: yield_, ast.NamedExpr: walrus,
}  # fmt: skip
if hasattr(ast, "TemplateStr"):  # from Python 3.14 on
    EXPRESSIONS[ast.TemplateStr] = joined_string
