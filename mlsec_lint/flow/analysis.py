"""The whole of a module: its statements, then its functions, twice, so that what one method stores another sees."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.flow.budget import Budget
from mlsec_lint.flow.calls import CALLS
from mlsec_lint.flow.definition import FunctionDefinition
from mlsec_lint.flow.displays import DISPLAYS
from mlsec_lint.flow.evaluation import Evaluation, Frame, Home
from mlsec_lint.flow.event import Events
from mlsec_lint.flow.expressions import EXPRESSIONS
from mlsec_lint.flow.facts import Facts
from mlsec_lint.flow.functions import summarise
from mlsec_lint.flow.program import Matters, Program
from mlsec_lint.flow.scope import Scope
from mlsec_lint.flow.statements import STATEMENTS
from mlsec_lint.flow.texts import TEXTS
from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.record import record
from mlsec_lint.syntax import statement as st

PASSES = 2
"""The first learns what objects hold and which functions frameworks call; the second, if that came too late for some, reports."""

MAX_FUNCTIONS = 5_000
"""Functions evaluated in one pass over one file."""


_EXPRESSIONS = {**EXPRESSIONS, **DISPLAYS, **TEXTS, **CALLS}


@record
class Surroundings:
    """The project around the checked file."""

    program: Program
    file: str
    """The checked file, absolute."""
    wanted: Matters
    """Whether a name of another module can lead to what is of interest for the file."""


def analyse(bodies: Iterable[st.Body], facts: Facts, package: str, around: Surroundings | None = None) -> Events:
    """Evaluate the live statements of a module, in order. Raises `BoundExceeded`."""
    at = _evaluation(facts, package, around)
    bodies = tuple(bodies)
    for _ in range(PASSES):
        at.events, at.settled = Events(), True
        at.begun.clear()
        at.summaries.clear()
        at.queue.clear()
        at.frame = Frame(Scope())
        for body in bodies:
            at.execute(body)
        _evaluate_functions(at)
        if is_settled(at):
            break
    return at.events


def is_settled(at: Evaluation) -> bool:
    """Whether another pass would see nothing else."""
    return at.settled and not at.shown


def _evaluation(facts: Facts, package: str, around: Surroundings | None) -> Evaluation:
    file = around.file if around is not None else ""
    at = Evaluation(facts, _EXPRESSIONS, STATEMENTS, Home(package, file), Budget())
    if around is not None:
        around.program.begin(around.wanted)
        at.program = around.program
    return at


def program_around(library: Library, facts: Facts, matters: Matters) -> Program:
    """The modules of a library, not yet evaluated; `matters` tells whether a name of one can lead to a source or sink."""

    def make(module: ProjectModule, budget: Budget) -> Evaluation:
        return Evaluation(facts, _EXPRESSIONS, STATEMENTS, Home(module.package, module.file, module), budget)

    return Program(library, make, matters)


def _evaluate_functions(at: Evaluation) -> None:
    """Those still waiting, and those that they define or hand to frameworks meanwhile."""
    at.summaries.clear()
    done = 0
    while at.queue and done < MAX_FUNCTIONS:
        place = next(iter(at.queue))
        definition = at.queue.pop(place)
        if definition.home is at:
            summarise(definition)
        elif at.program is not None:
            _evaluate_abroad(definition, at, at.program)
        done += 1


def _evaluate_abroad(definition: FunctionDefinition, at: Evaluation, program: Program) -> None:
    """A function of another module that was handed to a framework here: what it does there is this file's doing."""
    home, place = definition.home, definition.node.place
    before, outer = home.summaries.pop(place, None), home.events
    home.events, home.callbacks[place] = Events(calls=dict(outer.calls)), at.callbacks.get(place, ())
    home.handled[place], home.shown = at.handled.get(place, ()), {}
    program.summary(definition)
    if definition.owner is not None:
        program.changed(definition.owner)
    for known, event in home.events.calls.items():
        outer.calls.setdefault(known, event)
    for hit in home.events.hits.values():
        at.add_hit(hit)
    for owner, shown in home.shown.items():
        at.shown.setdefault(owner, {}).update(shown)
    home.events, home.shown = outer, {}
    del home.callbacks[place], home.handled[place]
    home.summaries.pop(place, None)
    if before is not None:
        home.summaries[place] = before
