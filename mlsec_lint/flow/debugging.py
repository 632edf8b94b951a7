"""Switches for debugging: errors that are shown behind one reach developers only, unless the caller sets it."""

from __future__ import annotations

from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.scope import Variables
from mlsec_lint.flow.value import Origin
from mlsec_lint.syntax import expression as ex

ERRORS = frozenset({"exception", "narrow-exception", "traceback"})
"""Source kinds that are errors or tell of one."""

DEBUG_ONLY = "debug-only"
"""The trait of an error that is handled behind a switch for debugging."""


def is_asked_for(test: ex.Expression, at: Evaluation) -> bool:
    """Whether the switch may be the caller's: `request.args.get("debug")`, a variable that nobody knows the origin of.

    A developer's is a setting (`settings.debug`, `os.environ["ENV"]`), the name of an environment, or a constant of the
    module that is not on for everybody.
    """
    value = at.value(test.left if isinstance(test, ex.Compare) else test)
    if {item.kind for item in value.all_origins()} & {"request", "chat", "parameter"}:
        return True
    return isinstance(test, ex.Name) and (not test.id.isupper() or (value.exact and True in value.constants))


def seen_by_developers(variables: Variables) -> Variables:
    """What was caught before goes nowhere but where somebody debugs."""
    for name, value in variables.items():
        if any(item.kind in ERRORS for item in value.origins):
            variables[name] = value.map_origins(frozenset(map(debugged, value.origins)))
    return variables


def debugged(origin: Origin) -> Origin:
    """An error, or its traceback, that is shown behind a switch for debugging."""
    return origin.with_traits((DEBUG_ONLY,)) if origin.kind in ERRORS else origin
