"""Yes, no, or cannot tell: with the reason why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A Kleene truth value; `truth` is None for "cannot tell", and then `reasons` say why."""

    truth: bool | None
    reasons: tuple[str, ...] = ()

    @staticmethod
    def of(truth: bool) -> Verdict:
        """Certain."""
        return YES if truth else NO

    @staticmethod
    def maybe(reason: str) -> Verdict:
        """Cannot tell."""
        return Verdict(None, (reason,))

    def negated(self) -> Verdict:
        """Not."""
        return self if self.truth is None else Verdict.of(not self.truth)


YES = Verdict(True)
NO = Verdict(False)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """And: one no decides."""
    reasons: list[str] = []
    for verdict in verdicts:
        if verdict.truth is False:
            return NO
        reasons.extend(verdict.reasons)
    return Verdict(None, tuple(dict.fromkeys(reasons))) if reasons else YES


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Or: one yes decides."""
    reasons: list[str] = []
    for verdict in verdicts:
        if verdict.truth is True:
            return YES
        reasons.extend(verdict.reasons)
    return Verdict(None, tuple(dict.fromkeys(reasons))) if reasons else NO
