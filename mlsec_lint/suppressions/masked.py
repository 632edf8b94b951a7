"""What comments say, without the secrets that somebody may have put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mlsec_lint.findings import Answer, Finding, Suppressed
from mlsec_lint.suppressions.apply import Outcome

Mask = Callable[..., "tuple[str, ...]"]
"""Takes texts and gives as many."""


def masked(outcome: Outcome, mask: Mask) -> Outcome:
    """The outcome with masked reasons, and with masked names where a finding quotes them."""

    def suppressed(item: Suppressed) -> Suppressed:
        (reason,) = mask(item.reason)
        return replace(item, reason=reason)

    def own(item: Finding) -> Finding:
        message, remedy, *fix = mask(item.message, item.remedy, *([item.fix.message] if item.fix else []))
        return replace(
            item, message=message, remedy=remedy, fix=replace(item.fix, message=fix[0]) if item.fix else None
        )

    return replace(outcome, suppressed=tuple(map(suppressed, outcome.suppressed)), own=tuple(map(own, outcome.own)))


def masked_answer(answer: Answer, mask: Mask) -> Answer:
    """The comment with masked texts."""
    lists = {name: mask(*getattr(answer, name)) for name in ("rules", "unused", "unknown")}
    (reason,) = mask(answer.reason)
    return replace(answer, reason=reason, rules=lists["rules"], unused=lists["unused"], unknown=lists["unknown"])
