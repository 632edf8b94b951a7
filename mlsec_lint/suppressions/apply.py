"""Finds which findings the author has answered, and which answers do nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field

from mlsec_lint.findings import Confidence, Finding, Location, Profile, Severity, Span, Suppressed
from mlsec_lint.record import dataclass
from mlsec_lint.suppressions.comments import Layout, scan
from mlsec_lint.suppressions.directives import Directive, Name, Refusal, parse
from mlsec_lint.suppressions.vocabulary import UNKNOWN, UNUSED, Vocabulary

_LONGEST_NAME = 100
"""Characters of an unknown name up to which a correction is looked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left of a file's findings, in their order."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    own: tuple[Finding, ...] = ()
    """What is wrong with the suppressions themselves: MLS991, MLS992."""


def apply(
    findings: Sequence[Finding], text: str, locate: Callable[[Span], Location], vocabulary: Vocabulary
) -> Outcome:
    """Silence the findings of one file that its comments answer.

    `text` is the checked text and `locate` finds its spans on disk, as `SourceFile` gives them. A comment speaks for the
    statement that it trails, stands in or stands directly above. Bandit's findings are silenced by `# mlsec:` only:
    the `# nosec` that they heed is Bandit's own affair.
    """
    if "mlsec" not in text and "nosec" not in text:
        return Outcome(tuple(findings))
    layout = scan(text)
    parsed = [request for comment in layout.comments for request in parse(comment)]
    requests = [_Request.of(item, vocabulary) for item in parsed if isinstance(item, Directive)]
    kept, suppressed = _divide(findings, _Reach(layout, requests), locate)
    refusals = [_refused(item, locate) for item in parsed if isinstance(item, Refusal)]
    corrections = _Corrections(vocabulary)
    faults = [fault for request in requests for fault in _faults(request, locate, vocabulary, corrections)]
    own = [finding for finding in (*refusals, *faults) if finding.rule in vocabulary.active]
    return Outcome(tuple(kept), tuple(suppressed), tuple(sorted(own, key=lambda finding: finding.location.span)))


@dataclass(slots=True)
class _Request:
    """A directive with the ids that its names mean, and those that it silenced."""

    directive: Directive
    meant: dict[str, Name]
    unknown: tuple[Name, ...]
    silences: frozenset[str]
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, directive: Directive, vocabulary: Vocabulary) -> _Request:
        if directive.nosec:
            checks = frozenset(name.text for name in directive.names)
            return cls(directive, {}, (), vocabulary.refining(checks))
        meant = {vocabulary.ids[name.text]: name for name in directive.names if name.text in vocabulary.ids}
        unknown = tuple(name for name in directive.names if name.text not in vocabulary.ids)
        return cls(directive, meant, unknown, frozenset(meant))


class _Reach:
    """Finds the requests that speak for a statement."""

    def __init__(self, layout: Layout, requests: Iterable[_Request]) -> None:
        self._decorator_starts = {last: first for first, last in layout.decorators}
        self._alone = {comment.line for comment in layout.comments if comment.alone}
        self._requests: dict[int, list[_Request]] = {}
        self._known: dict[tuple[int, int, str], tuple[_Request, ...]] = {}
        for request in requests:
            self._requests.setdefault(request.directive.comment.line, []).append(request)

    def answers(self, finding: Finding) -> tuple[_Request, ...]:
        """The requests for its rule on the statement's lines and in the block of comments above it and its decorators.

        Looked for once a statement: thousands of findings can share one that has thousands of comments above it.
        """
        span = finding.location.span
        first, last = finding.statement if finding.statement != (0, 0) else (span.start_line, span.end_line)
        key = (first, last, finding.rule)
        if key not in self._known:
            found = (
                item for line in range(self._block_above(first), last + 1) for item in self._requests.get(line, ())
            )
            self._known[key] = tuple(item for item in found if finding.rule in item.silences) if self._requests else ()
        return self._known[key]

    def _block_above(self, line: int) -> int:
        while line - 1 in self._alone or line - 1 in self._decorator_starts:
            line = self._decorator_starts.get(line - 1, line - 1)
        return line


def _divide(
    findings: Sequence[Finding], reach: _Reach, locate: Callable[[Span], Location]
) -> tuple[list[Finding], list[Suppressed]]:
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        answers = reach.answers(finding)
        for request in answers:
            request.used.add(finding.rule)
        if answers:
            directive = answers[0].directive
            suppressed.append(Suppressed(finding, directive.reason, locate(_whole(directive))))
        else:
            kept.append(finding)
    return kept, suppressed


def _whole(item: Directive | Refusal) -> Span:
    comment = item.comment
    return Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))


@dataclass(slots=True)
class _Corrections:
    """What unknown names were meant to be, for the first of a file: each is compared with every known name."""

    vocabulary: Vocabulary
    left: int = 20

    def nearest(self, name: str) -> str:
        self.left -= 1
        return self.vocabulary.nearest(name) if self.left >= 0 and len(name) <= _LONGEST_NAME else ""


def _faults(
    request: _Request, locate: Callable[[Span], Location], vocabulary: Vocabulary, corrections: _Corrections
) -> Iterable[Finding]:
    line = request.directive.comment.line
    for name in request.unknown:
        nearest = corrections.nearest(name.text)
        remedy = f"Did you mean `{nearest}`?" if nearest else "`mlsec-lint rules` lists every rule."
        place = locate(Span(line, name.start_column, line, name.end_column))
        yield _unknown(f"the suppression names `{name.text}`, which is no rule", remedy, place, line)
    for rule, name in request.meant.items():
        if rule in vocabulary.active and rule not in request.used:
            place = locate(Span(line, name.start_column, line, name.end_column))
            yield _unused(name.text, place, line)


def _refused(refusal: Refusal, locate: Callable[[Span], Location]) -> Finding:
    comment = refusal.comment
    span = Span(comment.line, refusal.start_column, comment.line, comment.column + len(comment.text))
    remedy = "Name the rules in brackets and say why: `# mlsec: ignore[MLS103] our own checkpoint`."
    return _unknown(refusal.message, remedy, locate(span), comment.line)


def _unknown(message: str, remedy: str, place: Location, line: int) -> Finding:
    return Finding(UNKNOWN, message, Severity.LOW, Confidence.HIGH, place, remedy=remedy, statement=(line, line))


def _unused(name: str, place: Location, line: int) -> Finding:
    return Finding(
        UNUSED,
        f"nothing here breaks `{name}`: the suppression does nothing",
        Severity.LOW,
        Confidence.HIGH,
        place,
        remedy=f"Remove `{name}` from the comment.",
        profile=Profile.STRICT,
        statement=(line, line),
    )
