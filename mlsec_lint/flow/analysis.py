"""The whole of a module: its statements, then its functions, twice, so that what one method stores another sees."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.flow.calls import CALLS
from mlsec_lint.flow.evaluation import Evaluation, Frame
from mlsec_lint.flow.event import Events
from mlsec_lint.flow.expressions import EXPRESSIONS
from mlsec_lint.flow.facts import Facts
from mlsec_lint.flow.functions import summarise
from mlsec_lint.flow.scope import Scope
from mlsec_lint.flow.statements import STATEMENTS
from mlsec_lint.flow.texts import TEXTS
from mlsec_lint.syntax import statement as st

PASSES = 2
"""The first learns what objects hold and which functions frameworks call, the second reports."""

MAX_FUNCTIONS = 5_000
"""Functions evaluated in one pass over one file."""


def analyse(bodies: Iterable[st.Body], facts: Facts, package: str) -> Events:
    """Evaluate the live statements of a module, in order."""
    at = Evaluation(facts, {**EXPRESSIONS, **TEXTS, **CALLS}, STATEMENTS, package)
    bodies = tuple(bodies)
    for _ in range(PASSES):
        at.events = Events()
        at.summaries.clear()
        at.queue.clear()
        at.frame = Frame(Scope())
        for body in bodies:
            at.execute(body)
        _evaluate_functions(at)
    return at.events


def _evaluate_functions(at: Evaluation) -> None:
    """Those still waiting, and those that they define or hand to frameworks meanwhile."""
    at.summaries.clear()
    done = 0
    while at.queue and done < MAX_FUNCTIONS:
        place = next(iter(at.queue))
        definition = at.queue.pop(place)
        summarise(definition, at)
        done += 1
