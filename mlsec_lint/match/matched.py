"""A rule that fits a place, still symbolic: places are not yet positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from mlsec_lint.catalogue.model import Opinion, Rule
from mlsec_lint.flow.event import CallEvent, Context
from mlsec_lint.flow.value import Step
from mlsec_lint.flow.verdict import YES, Verdict
from mlsec_lint.record import dataclass
from mlsec_lint.syntax.expression import Place


@dataclass(frozen=True, slots=True)
class Matched:
    """One match table of a rule fits at a place."""

    rule: Rule
    opinion: Opinion
    place: Place
    context: Context
    verdict: Verdict = YES
    words: Mapping[str, str] = field(default_factory=dict)
    """What the placeholders of the message stand for."""
    steps: tuple[Step, ...] = ()
    """The way of a flow, source first; the sink itself is `place`."""
    secrets: tuple[str, ...] = ()
    """Constants that the rule takes for secrets: nothing that is shown may hold one."""
    call: CallEvent | None = None
    """The call that fits, or that is the sink of a flow: what a fix changes."""
    asked: tuple[str, ...] = ()
    """Arguments of the call that the match table asks about: a fix changes no others."""
    hosts: tuple[str, ...] = ()
    """Hosts of the addresses among its arguments, or of where its data was downloaded from."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule has looked at an expression, whatever it found: what it refines is answered there."""

    rule: Rule
    place: Place
    alone: bool = False
    """It answers only what is said of this very expression, not of others in the same statement."""


@dataclass(slots=True)
class Matches:
    """Everything that the match tables gave for one file."""

    matched: list[Matched] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    spread: set[tuple[str, str, str]] = field(default_factory=set)
    """Rule, keyword and function of what was found in a call that spreads a dict: the dict is not reported once more."""
