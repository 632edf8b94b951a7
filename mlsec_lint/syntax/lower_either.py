"""What both parsers say by the same names: LibCST's nodes and those of `ast` are lowered by the same functions."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

_Code = TypeVar("_Code")
_Code_co = TypeVar("_Code_co", covariant=True)
_Code_contra = TypeVar("_Code_contra", contravariant=True)


class _Lowers(Protocol[_Code_contra]):
    """`Lowering` and `AstLowering`, each with the type of its parser's expressions."""

    def expression(self, node: _Code_contra, /) -> ex.Expression: ...

    def place(self, node: Any, /) -> ex.Place: ...  # noqa: ANN401  # any node of its parser


class _Valued(Protocol[_Code_co]):
    @property
    def value(self) -> _Code_co: ...


class _Raise(Protocol[_Code_co]):
    @property
    def exc(self) -> _Code_co | None: ...


class _Tested(Protocol[_Code_co]):
    @property
    def test(self) -> _Code_co: ...


class _Choice(_Tested[_Code_co], Protocol[_Code_co]):
    @property
    def body(self) -> _Code_co: ...

    @property
    def orelse(self) -> _Code_co: ...


def starred(node: _Valued[_Code], low: _Lowers[_Code]) -> ex.Expression:
    """`*value`, also as the element of a comprehension (PEP 798)."""
    return ex.Starred(low.expression(node.value), low.place(node))


def conditional(node: _Choice[_Code], low: _Lowers[_Code]) -> ex.Expression:
    """`body if test else orelse`."""
    test, body, orelse = low.expression(node.test), low.expression(node.body), low.expression(node.orelse)
    return ex.Conditional(test, body, orelse, low.place(node))


def signed(operator: str, operand: ex.Expression, place: ex.Place) -> ex.Expression:
    """`not x`; a signed number is a constant."""
    if operator == "-" and isinstance(operand, ex.Constant) and isinstance(operand.value, int | float):
        return ex.Constant(-operand.value, place)
    return ex.Unary(operator, operand, place)


def evaluate(node: _Valued[_Code], low: _Lowers[_Code]) -> st.Statement:
    """An expression as a statement."""
    return st.Evaluate(low.expression(node.value), low.place(node))


def return_(node: _Valued[_Code | None], low: _Lowers[_Code]) -> st.Statement:
    """`return value`."""
    return st.Return(low.expression(node.value) if node.value is not None else None, low.place(node))


def raise_(node: _Raise[_Code], low: _Lowers[_Code]) -> st.Statement:
    """`raise value`."""
    return st.Raise(low.expression(node.exc) if node.exc is not None else None, low.place(node))


def assert_(node: _Tested[_Code], low: _Lowers[_Code]) -> st.Statement:
    """`assert test`."""
    return st.Assert(low.expression(node.test), low.place(node))


def jump(node: object, low: _Lowers[_Code]) -> st.Statement:
    """`break`, `continue`."""
    return st.Jump(low.place(node))
