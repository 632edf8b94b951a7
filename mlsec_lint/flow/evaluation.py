"""The state of one evaluation, and its two questions: what is this expression, what does this body do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mlsec_lint.catalogue.model import Handler
from mlsec_lint.flow.definition import ClassDefinition, Definition, FunctionDefinition
from mlsec_lint.flow.event import Context, Events, Hit
from mlsec_lint.flow.facts import Facts
from mlsec_lint.flow.scope import OPTED_IN, Scope, Variables, differing, merge
from mlsec_lint.flow.value import UNKNOWN, Value
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.bounds import BoundExceeded
from mlsec_lint.syntax.expression import Place

MAX_EVALUATIONS = 300_000
"""Expressions evaluated for one file; the longest of ten thousand real files need 70,000."""

MAX_NESTING = 400
"""Expressions inside expressions that are evaluated; deeper ones are unknown."""


MEMBERS_OF_A_STEP = 50
"""So many members of a value, or twice as many variables of a function, cost a step: all of them are gone through."""

JOINS_OF_A_STEP = 5
"""So many variables that are joined where ways meet cost a step."""

MAX_HITS = 200
"""Flows kept for one function."""

_NOWHERE = Place(0, 0)


@dataclass(slots=True)
class Summary:
    """What a function does, in terms of its parameters (origins of the kind `parameter`)."""

    returns: Value
    hits: tuple[Hit, ...] = ()


@dataclass(slots=True)
class Frame:
    """The function, class or module that is being evaluated."""

    scope: Scope
    qualname: str = ""
    function: FunctionDefinition | None = None
    owner: ClassDefinition | None = None
    handlers: tuple[Handler, ...] = ()
    returns: list[Value] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    loops: int = 0
    """How many loops are around."""
    exits: list[Variables] = field(default_factory=list)
    """Variables at the `break` and `continue` statements of the loop around."""
    statement: Place = _NOWHERE


class Evaluation:
    """One pass over a module."""

    def __init__(
        self,
        facts: Facts,
        expressions: Mapping[type, Callable[..., Value]],
        statements: Mapping[type, Callable[..., bool]],
        package: str,
    ) -> None:
        self.facts = facts
        self.package = package
        self.events = Events()
        self.frame = Frame(Scope())
        self.summaries: dict[Place, Summary | None] = {}
        """None while a function is being evaluated: the mark of a recursion."""
        self.definitions: dict[Place, Definition] = {}
        self.callbacks: dict[Place, tuple[Handler, ...]] = {}
        """Functions that were handed to a framework."""
        self.queue: dict[Place, FunctionDefinition] = {}
        self._expressions, self._statements = expressions, statements
        self._nesting = self._steps = 0

    def value(self, node: ex.Expression | None) -> Value:
        """What an expression may be. Raises `BoundExceeded`."""
        if node is None or self._nesting > MAX_NESTING:
            return UNKNOWN
        self._nesting += 1
        try:
            found = self._expressions[type(node)](node, self)
        finally:
            self._nesting -= 1
        self._charge(1 + found.size // MEMBERS_OF_A_STEP)
        return found

    def meet(self, left: Variables, right: Variables) -> Variables:
        """The variables where two ways meet. Raises `BoundExceeded`."""
        others = differing(left, right)
        self.charge_variables()
        self._charge(len(others) // JOINS_OF_A_STEP)
        return merge(left, right, others)

    def charge_variables(self) -> None:
        """Count that all variables are copied or compared. Raises `BoundExceeded`."""
        self._charge(len(self.frame.scope.variables) // (2 * MEMBERS_OF_A_STEP))

    def _charge(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_EVALUATIONS:
            raise BoundExceeded(f"following the data takes more than {MAX_EVALUATIONS:,} steps")

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
        return Context(self.frame.statement, self.frame.qualname, OPTED_IN in self.frame.scope.variables)

    def add_hit(self, hit: Hit) -> None:
        """Data reached a sink: a finding's matter, or the summary's if it is a parameter."""
        if hit.origin.kind == "parameter":
            if len(self.frame.hits) < MAX_HITS:
                self.frame.hits.append(hit)
        else:
            self.events.add_hit(hit)
