"""LibCST expressions → `expression` values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.lower_either import conditional, signed, starred
from mlsec_lint.syntax.text_parts import joined

if TYPE_CHECKING:
    from mlsec_lint.syntax.lower import Lowering

OPERATORS = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.LeftShift: "<<", cst.RightShift: ">>", cst.BitOr: "|", cst.BitAnd: "&", cst.BitXor: "^",
    cst.MatrixMultiply: "@", cst.And: "and", cst.Or: "or", cst.Not: "not", cst.Minus: "-", cst.Plus: "+",
    cst.BitInvert: "~", cst.Equal: "==", cst.NotEqual: "!=", cst.LessThan: "<", cst.LessThanEqual: "<=",
    cst.GreaterThan: ">", cst.GreaterThanEqual: ">=", cst.In: "in", cst.NotIn: "not in", cst.Is: "is",
    cst.IsNot: "is not",
}  # fmt: skip

KEYWORDS: dict[str, ex.Literal] = {"True": True, "False": False, "None": None}


def name(node: cst.Name, low: Lowering) -> ex.Expression:
    """A variable, or one of the three constants that LibCST keeps as names."""
    place = low.place(node)
    if node.value in KEYWORDS:
        return ex.Constant(KEYWORDS[node.value], place)
    return ex.Name(low.identifier(node.value), place)


def attribute(node: cst.Attribute, low: Lowering) -> ex.Expression:
    """`value.attr`."""
    return ex.Attribute(low.expression(node.value), low.identifier(node.attr.value), low.place(node))


def subscript(node: cst.Subscript, low: Lowering) -> ex.Expression:
    """`value[index]`; several indices are a tuple, in parentheses or not."""
    items = [_index(item, low) for element in node.slice for item in _elements(element)]
    several = len(node.slice) > 1 or _is_tuple(node.slice[0])
    place = low.place(node)
    indices = tuple(item for item in items if item is not None)
    index: ex.Expression | None = None
    if len(indices) == len(items):
        index = ex.Collection("tuple", indices, place) if several else indices[0]
    return ex.Subscript(low.expression(node.value), index, place)


_Element = cst.SubscriptElement | cst.BaseElement


def _elements(node: cst.SubscriptElement) -> Sequence[_Element]:
    inner = node.slice.value if isinstance(node.slice, cst.Index) and not node.slice.star else None
    return inner.elements if isinstance(inner, cst.Tuple) else (node,)


def _is_tuple(node: cst.SubscriptElement) -> bool:
    if isinstance(node.comma, cst.Comma):
        return True
    return isinstance(node.slice, cst.Index) and (bool(node.slice.star) or isinstance(node.slice.value, cst.Tuple))


def _index(node: _Element, low: Lowering) -> ex.Expression | None:
    """One index; None for a slice."""
    if isinstance(node, cst.StarredElement):
        return starred(node, low)
    if not isinstance(node, cst.SubscriptElement):
        return low.expression(node.value)
    if not isinstance(node.slice, cst.Index):
        return None
    value = low.expression(node.slice.value)
    return ex.Starred(value, low.place(node)) if node.slice.star else value


def call(node: cst.Call, low: Lowering) -> ex.Expression:
    """`func(arguments)`."""
    arguments = tuple(
        ex.Argument(
            low.expression(item.value),
            low.identifier(item.keyword.value) if item.keyword else "",
            item.star,
            low.place(item),
        )
        for item in node.args
    )
    return ex.Call(low.expression(node.func), arguments, low.place(node))


def number(node: cst.Integer | cst.Float | cst.Imaginary, low: Lowering) -> ex.Expression:
    """A number; one that Python refuses to read (over 4,300 digits) is kept as its text."""
    try:
        value: ex.Literal = ast.literal_eval(node.value)
    except (SyntaxError, ValueError):
        value = node.value
    return ex.Constant(value, low.place(node))


def simple_string(node: cst.SimpleString, low: Lowering) -> ex.Expression:
    """A string or bytes literal."""
    return ex.Constant(low.text(node.value), low.place(node))


def concatenated(node: cst.ConcatenatedString, low: Lowering) -> ex.Expression:
    """Adjacent literals, joined."""
    literals: list[cst.BaseExpression] = []
    current: cst.BaseExpression = node
    while isinstance(current, cst.ConcatenatedString):
        literals.append(current.left)
        current = current.right
    literals.append(current)
    if any(not isinstance(item, cst.SimpleString) for item in literals):
        return _text([piece for item in literals for piece in _pieces(item, low)], node, low)
    values = [low.text(item.value) for item in literals if isinstance(item, cst.SimpleString)]
    place = low.place(node)
    if isinstance(values[0], bytes):
        return ex.Constant(b"".join(value for value in values if isinstance(value, bytes)), place)
    return ex.Constant("".join(value for value in values if isinstance(value, str)), place)


def formatted_string(node: cst.FormattedString | cst.TemplatedString, low: Lowering) -> ex.Expression:
    """An f-string, or a t-string (PEP 750): what is in both flows out of both."""
    return _text(_pieces(node, low), node, low)


def _text(pieces: Iterable[str | ex.Formatted], node: cst.BaseExpression, low: Lowering) -> ex.Expression:
    place = low.place(node)
    return ex.Text(joined(pieces, place), place)


def _pieces(node: cst.BaseExpression, low: Lowering) -> list[str | ex.Formatted]:
    if not isinstance(node, cst.FormattedString | cst.TemplatedString):
        value = low.text(cst.ensure_type(node, cst.SimpleString).value)
        return [value] if isinstance(value, str) else []
    raw = "r" in node.prefix.lower()
    return [piece for part in node.parts for piece in _part(part, raw, low)]


def _part(
    part: cst.BaseFormattedStringContent | cst.BaseTemplatedStringContent, raw: bool, low: Lowering
) -> Iterator[str | ex.Formatted]:
    if isinstance(part, _TEXTS):
        yield low.unescape(part.value, raw)
    elif isinstance(part, cst.FormattedStringExpression | cst.TemplatedStringExpression):
        if part.equal is not None:
            yield _quoted(part)
        spec = part.format_spec or ()
        texts = [low.unescape(piece.value, raw) for piece in spec if isinstance(piece, _TEXTS)]
        text = "".join(texts) if len(texts) == len(spec) else ""
        yield ex.Formatted(low.expression(part.expression), text, low.place(part))


def _quoted(part: cst.FormattedStringExpression | cst.TemplatedStringExpression) -> str:
    """What `{x = }` shows before the value: the code itself."""
    bare = part.with_changes(conversion=None, format_spec=None)
    return cst.Module([]).code_for_node(bare)[1:-1]


_TEXTS = (cst.FormattedStringText, cst.TemplatedStringText)


def operation(node: cst.BinaryOperation, low: Lowering) -> ex.Expression:
    """A chain of one operator, flattened without recursion: real code has chains of 500 terms."""
    operands = tuple(low.expression(item) for item in _operands(node))
    return ex.Operation(OPERATORS[type(node.operator)], operands, low.place(node))


def boolean(node: cst.BooleanOperation, low: Lowering) -> ex.Expression:
    """A chain of `and` or of `or`, flattened."""
    operands = tuple(low.expression(item) for item in _operands(node))
    return ex.Boolean(OPERATORS[type(node.operator)], operands, low.place(node))


def _operands(node: cst.BinaryOperation | cst.BooleanOperation) -> Iterator[cst.BaseExpression]:
    """What a chain of one operator joins, from left to right."""
    kind, operator = type(node), type(node.operator)
    operands: list[cst.BaseExpression] = []
    current: cst.BaseExpression = node
    while isinstance(current, kind) and type(current.operator) is operator:
        operands.append(current.right)
        current = current.left
    return reversed([*operands, current])


def unary(node: cst.UnaryOperation, low: Lowering) -> ex.Expression:
    """`not x`; a signed number is a constant."""
    operator, operand = OPERATORS[type(node.operator)], low.expression(node.expression)
    return signed(operator, operand, low.place(node))


def comparison(node: cst.Comparison, low: Lowering) -> ex.Expression:
    """`a < b`."""
    operators = tuple(OPERATORS[type(item.operator)] for item in node.comparisons)
    rights = tuple(low.expression(item.comparator) for item in node.comparisons)
    return ex.Compare(low.expression(node.left), operators, rights, low.place(node))


def collection(node: cst.List | cst.Tuple | cst.Set, low: Lowering) -> ex.Expression:
    """A list, tuple or set display."""
    items = tuple(
        starred(item, low) if isinstance(item, cst.StarredElement) else low.expression(item.value)
        for item in node.elements
    )
    return ex.Collection(type(node).__name__.lower(), items, low.place(node))


def mapping(node: cst.Dict, low: Lowering) -> ex.Expression:
    """A dict display."""
    items = tuple(
        (low.expression(item.key) if isinstance(item, cst.DictElement) else None, low.expression(item.value))
        for item in node.elements
    )
    return ex.Mapping(items, low.place(node))


def generators(node: cst.CompFor, low: Lowering) -> tuple[ex.Generator, ...]:
    """The `for … if …` clauses of a comprehension, outermost first."""
    clauses: list[ex.Generator] = []
    current: cst.CompFor | None = node
    while current is not None:
        conditions = tuple(low.expression(item.test) for item in current.ifs)
        clauses.append(ex.Generator(low.expression(current.target), low.expression(current.iter), conditions))
        current = current.inner_for_in
    return tuple(clauses)


def comprehension(node: cst.ListComp | cst.SetComp | cst.GeneratorExp, low: Lowering) -> ex.Expression:
    """A list or set comprehension, or a generator expression."""
    kind = {"ListComp": "list", "SetComp": "set"}.get(type(node).__name__, "generator")
    clauses = generators(node.for_in, low)
    return ex.Comprehension(kind, None, low.expression(node.elt), clauses, low.place(node))


def dict_comprehension(node: cst.DictComp, low: Lowering) -> ex.Expression:
    """A dict comprehension."""
    clauses = generators(node.for_in, low)
    return ex.Comprehension("dict", low.expression(node.key), low.expression(node.value), clauses, low.place(node))


def dict_spread_comprehension(node: cst.StarredDictComp, low: Lowering) -> ex.Expression:
    """`{**d for d in ds}` (PEP 798)."""
    clauses = generators(node.for_in, low)
    return ex.Comprehension("dict", None, low.expression(node.value), clauses, low.place(node))


def lambda_(node: cst.Lambda, low: Lowering) -> ex.Expression:
    """`lambda parameters: body`."""
    return ex.Lambda(low.parameters(node.params), low.expression(node.body), low.place(node))


def await_(node: cst.Await, low: Lowering) -> ex.Expression:
    """`await value`."""
    return ex.Await(low.expression(node.expression), low.place(node))


def yield_(node: cst.Yield, low: Lowering) -> ex.Expression:
    """`yield value` and `yield from value`."""
    value = node.value.item if isinstance(node.value, cst.From) else node.value
    return ex.Yield(low.expression(value) if value is not None else None, low.place(node))


def walrus(node: cst.NamedExpr, low: Lowering) -> ex.Expression:
    """`target := value`."""
    target = ex.Name(low.identifier(cst.ensure_type(node.target, cst.Name).value), low.place(node.target))
    return ex.Walrus(target, low.expression(node.value), low.place(node))


def ellipsis(node: cst.Ellipsis, low: Lowering) -> ex.Expression:
    """`...` says nothing."""
    return ex.Constant(None, low.place(node))


EXPRESSIONS: dict[type[cst.CSTNode], Callable[..., ex.Expression]] = {
    cst.Name: name, cst.Attribute: attribute, cst.Subscript: subscript, cst.Call: call, cst.Integer: number,
    cst.Float: number, cst.Imaginary: number, cst.SimpleString: simple_string,
    cst.ConcatenatedString: concatenated, cst.FormattedString: formatted_string, cst.BinaryOperation: operation,
    cst.BooleanOperation: boolean, cst.UnaryOperation: unary, cst.Comparison: comparison, cst.IfExp: conditional,
    cst.List: collection, cst.Tuple: collection, cst.Set: collection, cst.Dict: mapping,
    cst.ListComp: comprehension, cst.SetComp: comprehension, cst.GeneratorExp: comprehension,
    cst.DictComp: dict_comprehension, cst.Lambda: lambda_, cst.Await: await_, cst.Yield: yield_,
    cst.NamedExpr: walrus, cst.Ellipsis: ellipsis, cst.TemplatedString: formatted_string,
    cst.StarredElement: starred, cst.StarredDictComp: dict_spread_comprehension,
}  # fmt: skip
