"""Yes, no, or cannot tell: with the reason why not."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.record import record


@record
class Verdict:
    """A Kleene truth value; `truth` is None for "cannot tell", and then `reasons` say why."""

    truth: bool | None
    reasons: tuple[str, ...] = ()
    by_default: bool = False
    """It holds unless a caller changes a parameter's default: all that is open."""

    @staticmethod
    def of(truth: bool) -> Verdict:
        """Certain."""
        return YES if truth else NO

    @staticmethod
    def maybe(reason: str) -> Verdict:
        """Cannot tell."""
        return Verdict(None, (reason,))

    @staticmethod
    def unless_changed(name: str) -> Verdict:
        """Yes by default, but a caller may hand in something else."""
        return Verdict(None, (f"{name} has this value only by default",), by_default=True)

    def negated(self) -> Verdict:
        """Not."""
        return self if self.truth is None else Verdict.of(not self.truth)


YES = Verdict(True)
NO = Verdict(False)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """And: one no decides."""
    return _decided(verdicts, by=NO, otherwise=YES)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Or: one yes decides."""
    return _decided(verdicts, by=YES, otherwise=NO)


def _decided(verdicts: Iterable[Verdict], by: Verdict, otherwise: Verdict) -> Verdict:
    open_ = []
    for verdict in verdicts:
        if verdict.truth is by.truth:
            return by
        if verdict.truth is None:
            open_.append(verdict)
    return _joined(open_) if open_ else otherwise


def _joined(verdicts: list[Verdict]) -> Verdict:
    reasons = dict.fromkeys(reason for verdict in verdicts for reason in verdict.reasons)
    return Verdict(None, tuple(reasons), all(verdict.by_default for verdict in verdicts))
