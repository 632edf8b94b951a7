"""The statements of the code that is analysed; see `expression` for the idea."""

from __future__ import annotations

from typing import TypeAlias

from mlsec_lint.record import record
from mlsec_lint.syntax.expression import Argument, Expression, Literal, Parameter, Place


@record
class Binding:
    """`name` now means the module or object `path`; leading dots are relative to the package."""

    name: str
    path: str


@record
class Import:
    """An import; `stars` are the modules of `from m import *`."""

    bindings: tuple[Binding, ...]
    stars: tuple[str, ...]
    place: Place


@record
class Assign:
    """`targets = value`, one entry for each `=`; an annotation without value has value None."""

    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None
    place: Place


@record
class Augment:
    """`target += value`."""

    target: Expression
    operator: str
    value: Expression
    place: Place


@record
class Evaluate:
    """An expression as a statement."""

    value: Expression
    place: Place


@record
class Return:
    """`return value`."""

    value: Expression | None
    place: Place


@record
class Raise:
    """`raise value from cause`."""

    value: Expression | None
    place: Place


@record
class Assert:
    """`assert test`."""

    test: Expression
    place: Place


@record
class Delete:
    """`del targets`."""

    targets: tuple[Expression, ...]
    place: Place


@record
class Scope:
    """`global names` or `nonlocal names`."""

    names: tuple[str, ...]
    place: Place


@record
class Jump:
    """`break` or `continue`."""

    place: Place


@record
class If:
    """`if test: body else: orelse`."""

    test: Expression
    body: Body
    orelse: Body
    place: Place


@record
class For:
    """`for target in iterable: body else: orelse`."""

    target: Expression
    iterable: Expression
    body: Body
    orelse: Body
    place: Place


@record
class While:
    """`while test: body else: orelse`."""

    test: Expression
    body: Body
    orelse: Body
    place: Place


@record
class With:
    """`with value as target, …: body`."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: Body
    place: Place


@record
class ExceptHandler:
    """`except types as name: body`; a bare one has the type None."""

    type: Expression | None
    name: str
    body: Body
    place: Place


@record
class Try:
    """`try: body except …: else: orelse finally: final`."""

    body: Body
    handlers: tuple[ExceptHandler, ...]
    orelse: Body
    final: Body
    place: Place


@record
class Case:
    """One case of a match statement: the names it captures, its constants (None: open), its guard and body."""

    captures: tuple[str, ...]
    constants: tuple[Literal, ...] | None
    guard: Expression | None
    body: Body


@record
class Match:
    """`match subject:` and its cases."""

    subject: Expression
    cases: tuple[Case, ...]
    place: Place


@record
class Function:
    """`def name(parameters): body`."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Expression | None
    decorators: tuple[Expression, ...]
    body: Body
    place: Place
    docstring: str


@record
class Class:
    """`class name(bases): body`."""

    name: str
    bases: tuple[Expression, ...]
    keywords: tuple[Argument, ...]
    decorators: tuple[Expression, ...]
    body: Body
    place: Place


Statement: TypeAlias = (
    Import | Assign | Augment | Evaluate | Return | Raise | Assert | Delete | Scope | Jump | If | For | While | With
    | Try | Match | Function | Class
)  # fmt: skip

Body: TypeAlias = tuple[Statement, ...]
