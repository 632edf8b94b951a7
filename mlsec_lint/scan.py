"""The first phase: what the rules see in one file alone, as plain values without positions."""

from __future__ import annotations

from functools import lru_cache

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.flow.analysis import Surroundings, analyse, program_around
from mlsec_lint.flow.program import Program
from mlsec_lint.imports.library import Library
from mlsec_lint.match.calls import match_calls
from mlsec_lint.match.flows import match_flows
from mlsec_lint.match.funnels import reach_of, rules_of
from mlsec_lint.match.literals import match_literals
from mlsec_lint.match.matched import Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.stores import match_stores
from mlsec_lint.match.wake import Live
from mlsec_lint.record import dataclass
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.module import Chunk, Module
from mlsec_lint.syntax.outline import MethodBody


@lru_cache(maxsize=4)
def program_of(library: Library, catalogue: Catalogue) -> Program:
    """The modules of a project as a catalogue's facts see them."""
    reach = reach_of(library, catalogue)
    return program_around(library, rules_of(catalogue).facts, lambda module, name: bool(reach.kinds_of(module, name)))


@dataclass(frozen=True, slots=True)
class Scan:
    """What the rules see in a file."""

    module: Module
    matches: Matches


def scan(module: Module, live: Live | None, rules: RuleIndex, package: str, around: Surroundings | None = None) -> Scan:
    """Evaluate the statements that matter (all, without `live`), and ask every rule. Raises `Unparsable`."""
    found = Matches()
    if live is None:
        bodies = [chunk.body for chunk in module.chunks]
    else:
        bodies = [_without(module.chunks[index], left_out) for index, left_out in live.chunks]
    events = analyse(bodies, rules.facts, package, around)
    match_calls(events, rules, found)
    match_stores(events, rules, found)
    match_flows(events, rules, found)
    for body in bodies if live is None else [module.chunks[index].body for index in sorted(live.literals)]:
        match_literals(body, rules, found)
    return Scan(module, found)


def _without(chunk: Chunk, left_out: tuple[MethodBody, ...]) -> st.Body:
    if left_out:
        chunk.leave_out(left_out)
    return chunk.body
