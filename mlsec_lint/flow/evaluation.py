"""The state of one evaluation, and its two questions: what is this expression, what does this body do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from mlsec_lint.catalogue.model import Handler
from mlsec_lint.flow.budget import Budget
from mlsec_lint.flow.definition import ClassDefinition, Definition, FunctionDefinition
from mlsec_lint.flow.event import Context, Events, Hit
from mlsec_lint.flow.facts import Facts
from mlsec_lint.flow.scope import DEBUGGING, OPTED_IN, Scope, Variables, differing, merge
from mlsec_lint.flow.value import UNKNOWN, Left, Origin, Value
from mlsec_lint.record import dataclass
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.expression import Place

if TYPE_CHECKING:
    from mlsec_lint.flow.program import Program
    from mlsec_lint.imports.library import ProjectModule

MAX_NESTING = 400
"""Expressions inside expressions that are evaluated; deeper ones are unknown."""


MEMBERS_OF_A_STEP = 50
"""So many members of a value, or twice as many variables of a function, cost a step: all of them are gone through."""

JOINS_OF_A_STEP = 5
"""So many variables that are joined where ways meet cost a step."""

ALL: frozenset[str] = frozenset({"*"})
"""Every argument of a constructor."""

MAX_HITS = 200
"""Flows kept for one function."""

_NOWHERE = Place(0, 0)


@dataclass(slots=True)
class Summary:
    """What a function does, in terms of its parameters (origins of the kind `parameter`)."""

    returns: Value
    hits: tuple[Hit, ...] = ()
    left: Mapping[Origin, Left] = field(default_factory=dict)
    """Where each piece of its own data leaves it."""


@dataclass(slots=True)
class Frame:
    """The function, class or module that is being evaluated."""

    scope: Scope
    qualname: str = ""
    function: FunctionDefinition | None = None
    owner: ClassDefinition | None = None
    handlers: tuple[Handler, ...] = ()
    handles: tuple[ClassDefinition, ...] = ()
    """Errors of the project for which a framework calls the function."""
    returns: list[Value] = field(default_factory=list)
    left: dict[Origin, Left] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    loops: int = 0
    """How many loops are around."""
    exits: list[Variables] = field(default_factory=list)
    """Variables at the `break` and `continue` statements of the loop around."""
    statement: Place = _NOWHERE


class Home(NamedTuple):
    """The module that is evaluated."""

    package: str
    """Where its relative imports start, dotted."""
    file: str = ""
    """Absolute; empty when it lies nowhere."""
    module: ProjectModule | None = None
    """None for the module that is checked: only what others import of it is a module of the project."""


@dataclass(slots=True)
class Depth:
    """How many functions are being evaluated, one inside the other."""

    calls: int = 0


class Evaluation:
    """The evaluation of a module."""

    def __init__(
        self,
        facts: Facts,
        expressions: Mapping[type, Callable[..., Value]],
        statements: Mapping[type, Callable[..., bool]],
        home: Home,
        budget: Budget,
    ) -> None:
        self.facts = facts
        self.package, self.file, self.module = home
        self.program: Program | None = None
        """The other modules of the project; None where nothing is known of any."""
        self.stars: tuple[str, ...] = ()
        """Modules of which all names are imported."""
        self.events = Events()
        self.frame = Frame(Scope())
        self.summaries: dict[Place, Summary | None] = {}
        """None while a function is being evaluated: the mark of a recursion."""
        self.definitions: dict[Place, Definition] = {}
        self.callbacks: dict[Place, tuple[Handler, ...]] = {}
        """Functions that were handed to a framework."""
        self.handled: dict[Place, tuple[Value, ...]] = {}
        """Types or status codes for which functions were handed to a framework."""
        self.shown: dict[ClassDefinition, dict[Place, frozenset[str]]] = {}
        """The constructor arguments of the project's errors that an error handler, by its place, sends to the client."""
        self.queue: dict[Place, FunctionDefinition] = {}
        self.settled = True
        """Whether nothing was learnt about a function or an attribute after somebody had asked for it."""
        self.begun: set[Place] = set()
        """The functions that were evaluated, or are being."""
        self._expressions, self._statements = expressions, statements
        self.budget = budget
        self.depth = Depth()
        self._nesting = 0

    def value(self, node: ex.Expression | None) -> Value:
        """What an expression may be. Raises `BoundExceeded`."""
        if node is None or self._nesting > MAX_NESTING:
            return UNKNOWN
        self._nesting += 1
        try:
            found = self._expressions[type(node)](node, self)
        finally:
            self._nesting -= 1
        self.budget.charge(1 + found.size // MEMBERS_OF_A_STEP)
        return found

    def meet(self, left: Variables, right: Variables) -> Variables:
        """The variables where two ways meet. Raises `BoundExceeded`."""
        others = differing(left, right)
        self.charge_variables()
        self.budget.charge(len(others) // JOINS_OF_A_STEP)
        return merge(left, right, others)

    def charge_variables(self) -> None:
        """Count that all variables are copied or compared. Raises `BoundExceeded`."""
        self.budget.charge(len(self.frame.scope.variables) // (2 * MEMBERS_OF_A_STEP))

    def execute(self, body: st.Body) -> bool:
        """Evaluate statements; False when the end of the body is never reached."""
        for statement in body:
            self.frame.statement = statement.place
            if not self._statements[type(statement)](statement, self):
                return False
        return True

    @property
    def context(self) -> Context:
        """Where we are."""
        known = self.frame.scope.variables
        return Context(self.frame.statement, self.frame.qualname, OPTED_IN in known, DEBUGGING in known)

    def add_hit(self, hit: Hit) -> None:
        """Data reached a sink: a finding's matter, or the summary's if it is a parameter."""
        if hit.origin.kind == "parameter":
            if len(self.frame.hits) < MAX_HITS:
                self.frame.hits.append(hit)
        else:
            self.events.add_hit(hit)
