"""The expressions of the code that is analysed: a small tree of plain values, lowered from LibCST, in which every node knows its place.

It is picklable and holds no LibCST node: analysis, cache and cross-file work need no parser.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from mlsec_lint.record import record


class Place(NamedTuple):
    """Where a node came from: the chunk of the module, and the node's number in that chunk."""

    chunk: int
    node: int
    file: str = ""
    """Of a module that the checked one imports: its file as reports name it; empty for the checked one."""


Literal: TypeAlias = str | bytes | int | float | complex | bool | None


@record
class Constant:
    """A literal, adjacent strings already joined."""

    value: Literal
    place: Place


@record
class Name:
    """A variable."""

    id: str
    place: Place


@record
class Attribute:
    """`value.attr`."""

    value: Expression
    attr: str
    place: Place


@record
class Subscript:
    """`value[index]`; a slice has the index None."""

    value: Expression
    index: Expression | None
    place: Place


@record
class Argument:
    """One argument of a call; `star` is empty, `*` or `**`."""

    value: Expression
    keyword: str
    star: str
    place: Place


@record
class Call:
    """`func(arguments)`."""

    func: Expression
    arguments: tuple[Argument, ...]
    place: Place


@record
class Formatted:
    """The `{value!conversion:spec}` of an f-string; a computed spec is empty."""

    value: Expression
    spec: str
    place: Place


@record
class Text:
    """An f-string: constant and formatted parts in order."""

    parts: tuple[Expression, ...]
    place: Place


@record
class Operation:
    """A chain of one left-associative operator: `a + b + c`."""

    operator: str
    operands: tuple[Expression, ...]
    place: Place


@record
class Boolean:
    """`a and b and c`, or the same with `or`."""

    operator: str
    operands: tuple[Expression, ...]
    place: Place


@record
class Unary:
    """`not x`, `-x`, `~x`."""

    operator: str
    operand: Expression
    place: Place


@record
class Compare:
    """`left < right`; a chain has several operators."""

    left: Expression
    operators: tuple[str, ...]
    rights: tuple[Expression, ...]
    place: Place


@record
class Conditional:
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression
    place: Place


@record
class Collection:
    """A list, tuple or set display."""

    kind: str
    items: tuple[Expression, ...]
    place: Place


@record
class Mapping:
    """A dict display; a spread (`**other`) has the key None."""

    items: tuple[tuple[Expression | None, Expression], ...]
    place: Place


@record
class Starred:
    """`*value` inside a display or a target."""

    value: Expression
    place: Place


@record
class Lambda:
    """`lambda parameters: body`."""

    parameters: tuple[Parameter, ...]
    body: Expression
    place: Place


@record
class Generator:
    """`for target in iterable if conditions`."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]


@record
class Comprehension:
    """A comprehension; `key` only for a dict."""

    kind: str
    key: Expression | None
    element: Expression
    generators: tuple[Generator, ...]
    place: Place


@record
class Await:
    """`await value`."""

    value: Expression
    place: Place


@record
class Yield:
    """`yield value`."""

    value: Expression | None
    place: Place


@record
class Walrus:
    """`target := value`."""

    target: Name
    value: Expression
    place: Place


Expression: TypeAlias = (
    Constant | Name | Attribute | Subscript | Call | Formatted | Text | Operation | Boolean | Unary | Compare
    | Conditional | Collection | Mapping | Starred | Lambda | Comprehension | Await | Yield | Walrus
)  # fmt: skip


@record
class Parameter:
    """One parameter; `star` is empty, `*` or `**`."""

    name: str
    annotation: Expression | None
    default: Expression | None
    star: str
    keyword_only: bool
    place: Place


def last_name(node: Expression) -> str:
    """The last name of a dotted expression: `load` of `torch.load`; empty for anything computed."""
    match node:
        case Attribute(attr=name) | Name(id=name):
            return name
    return ""
