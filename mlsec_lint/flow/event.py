"""What the evaluation saw happen: calls, assignments, functions, and data reaching a sink."""

from __future__ import annotations

from dataclasses import field

from mlsec_lint.flow.arguments import Arguments
from mlsec_lint.flow.definition import FunctionDefinition
from mlsec_lint.flow.value import Origin, Value
from mlsec_lint.record import dataclass, record
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax.expression import Place


@record
class Context:
    """Where something happened."""

    statement: Place
    qualname: str
    opted_in: bool = False
    """Behind a check of a switch that somebody must have set on purpose."""
    debugging: bool = False
    """Behind a check that says that somebody develops or debugs."""


@record
class CallEvent:
    """A call, with what its callee and arguments may be."""

    node: ex.Call
    paths: tuple[str, ...]
    arguments: Arguments
    receiver: Value
    context: Context
    callee: Value
    function: FunctionDefinition | None
    """The function around it."""


@record
class StoreEvent:
    """An assignment to an attribute, variable or item."""

    place: Place
    """Of the value, or of the target where a value does not stand in the code."""
    name: str
    paths: tuple[str, ...]
    """API paths of the target; for an item those of the container, with `[]`."""
    key: Value | None
    """For an item: its key."""
    value: Value
    context: Context


@record
class FunctionEvent:
    """A function definition."""

    definition: FunctionDefinition
    context: Context


@record
class Hit:
    """Data of an origin reaches a sink."""

    origin: Origin
    sink: str
    """Sink kind."""
    api: str
    """How a message names the sink."""
    place: Place
    """What to point at."""
    context: Context
    weight: int = 0

    @property
    def rank(self) -> tuple[object, ...]:
        """Where it stands among others: the shorter trace first."""
        return (len(self.origin.steps), self.origin.rank, self.api)


@dataclass(slots=True, eq=False)
class Events:
    """Everything seen in one pass, each place once; later evaluations of the same place replace earlier ones."""

    calls: dict[Place, CallEvent] = field(default_factory=dict)
    stores: dict[tuple[Place, str], StoreEvent] = field(default_factory=dict)
    functions: dict[Place, FunctionEvent] = field(default_factory=dict)
    hits: dict[tuple[Place, str, str, Place, frozenset[str]], Hit] = field(default_factory=dict)

    def add_hit(self, hit: Hit) -> None:
        """Remember a flow; of several equal ones the shortest trace stays."""
        origin = hit.origin
        key = (hit.place, hit.sink, origin.kind, origin.place, origin.traits)
        known = self.hits.get(key)
        if known is None or hit.rank < known.rank:
            self.hits[key] = hit
