"""A comment's request with what its names mean, where it holds, and what it has silenced."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import field

from mlsec_lint.record import dataclass
from mlsec_lint.suppressions.directives import Directive, Form, Name
from mlsec_lint.suppressions.vocabulary import Vocabulary


@dataclass(slots=True)
class Request:
    """A directive with the ids that its names mean, and those that it silenced."""

    directive: Directive
    meant: dict[str, Name]
    """The ids that an author of ours names: one that silences nothing is told."""
    unknown: tuple[Name, ...]
    silences: frozenset[str]
    expired: bool = False
    """Its last day is over: it silences nothing."""
    end: Directive | None = None
    """The `enable` that closes its range."""
    used: set[str] = field(default_factory=set)

    def unused(self, active: AbstractSet[str]) -> list[Name]:
        """The names of rules that the run looks for, of which it has silenced nothing."""
        return [name for rule, name in self.meant.items() if rule in active and rule not in self.used]


def request_of(directive: Directive, vocabulary: Vocabulary, today: str) -> Request:
    """What a directive asks for on a day, `2026-12-31`; the empty day is before all others."""
    names = [name.text for name in directive.names]
    if directive.form is Form.NOSEC:
        return Request(directive, {}, (), vocabulary.refining(frozenset(names)))
    if directive.form is Form.NOQA:
        checks = frozenset(f"B{name[1:]}" for name in names) & vocabulary.ids.keys()
        return Request(directive, {}, (), checks | vocabulary.refining(checks) if checks else frozenset())
    meant = {vocabulary.ids[name.text]: name for name in directive.names if name.text in vocabulary.ids}
    unknown = tuple(name for name in directive.names if name.text not in vocabulary.ids)
    return Request(directive, meant, unknown, frozenset(meant), bool(directive.until) and directive.until < today)
