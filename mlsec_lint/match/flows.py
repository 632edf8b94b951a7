"""`[[match.flow]]`: data of a source kind at a sink kind."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlsec_lint.catalogue.model import FlowMatch, Rule
from mlsec_lint.flow.event import CallEvent, Events, Hit
from mlsec_lint.flow.verdict import YES, Verdict
from mlsec_lint.match.call_predicates import fulfils
from mlsec_lint.match.hosts import hosts_in
from mlsec_lint.match.matched import Matched, Matches
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.syntax.expression import Place

UNKNOWN_CALL = "unknown-call"


def match_flows(events: Events, rules: RuleIndex, found: Matches) -> None:
    """Every flow that was seen against every rule on its two kinds."""
    by_callee = {event.node.func.place: event for event in events.calls.values()}
    for hit in events.hits.values():
        for rule, match in rules.flows:
            if _fits(hit, match) and not _is_excused(hit, match, by_callee, events):
                download = events.calls.get(hit.origin.place)
                hosts = hosts_in(download) if download is not None else ()
                found.matched.append(_matched(hit, (rule, match), hosts, rules.meanings, by_callee.get(hit.place)))


def _fits(hit: Hit, match: FlowMatch) -> bool:
    traits = hit.origin.traits
    return (
        hit.sink in match.sink
        and hit.origin.kind in match.source
        and traits.issuperset(match.traits)
        and traits.isdisjoint(match.not_traits)
        and not (match.one_file and _crosses(hit))
        and not (match.not_within and re.search(match.not_within, hit.context.qualname))
    )


def _crosses(hit: Hit) -> bool:
    """Whether a flow goes through several files."""
    return any(place.file != hit.place.file for place in (hit.origin.place, *(place for place, _ in hit.origin.steps)))


def _is_excused(hit: Hit, match: FlowMatch, by_callee: Mapping[Place, CallEvent], events: Events) -> bool:
    """Whether the call that is the sink fulfils one of the predicates that make the flow fine.

    A sink in another file is not known as a call here: then nobody can say that it is not fine.
    """
    call = by_callee.get(hit.place)
    return bool(match.unless_check) and (
        call is None or any(fulfils(name, call, events) for name in match.unless_check)
    )


def _matched(
    hit: Hit,
    by: tuple[Rule, FlowMatch],
    hosts: tuple[str, ...],
    meanings: Mapping[str, str],
    call: CallEvent | None,
) -> Matched:
    (rule, match), origin = by, hit.origin
    meaning = meanings.get(origin.kind, origin.kind)
    steps = ((origin.place, f"{origin.label} is {meaning}"), *origin.steps)
    unsure = UNKNOWN_CALL in origin.traits
    verdict = Verdict(None, ("the data passes through a call of which nothing is known",)) if unsure else YES
    words = {"source": origin.label, "sink": hit.api, "api": hit.api}
    given = tuple(item.keyword for item in call.node.arguments if item.keyword) if call is not None else ()
    return Matched(
        rule, match.opinion, hit.place, hit.context, verdict, words, steps, call=call, asked=given, hosts=hosts
    )
