"""Finds which findings the author has answered, and which answers do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from mlsec_lint.findings import Finding, Location, Span, Suppressed
from mlsec_lint.record import dataclass
from mlsec_lint.sources.lines import split_lines
from mlsec_lint.suppressions.comments import Layout, comments_of, scan
from mlsec_lint.suppressions.directives import Directive, Form, Refusal, parse
from mlsec_lint.suppressions.faults import Faults, misplaced
from mlsec_lint.suppressions.ranges import Range, ranges
from mlsec_lint.suppressions.reach import Reach
from mlsec_lint.suppressions.removal import Remover
from mlsec_lint.suppressions.requests import Request, request_of
from mlsec_lint.suppressions.vocabulary import Vocabulary

_STRING = re.compile(r"[ \t\f]*[rRuU]?['\"]")


@dataclass(frozen=True, slots=True)
class Terms:
    """What suppressions are judged by, beside the rules."""

    today: str = ""
    """As `2026-12-31`; empty: no suppression has expired."""
    require_reason: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left of a file's findings, in their order."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    own: tuple[Finding, ...] = ()
    """What is wrong with the suppressions themselves: MLS991 to MLS994."""
    days: tuple[str, ...] = ()
    """The last days that suppressions name: after each of them the outcome is another."""
    requests: tuple[Request, ...] = ()
    """Every request, in the order of the text."""


_NO_TERMS = Terms()


def apply(
    findings: Sequence[Finding],
    text: str,
    locate: Callable[[Span], Location],
    vocabulary: Vocabulary,
    terms: Terms = _NO_TERMS,
) -> Outcome:
    """Silence the findings of one file that its comments answer.

    `text` is the checked text and `locate` finds its spans on disk, as `SourceFile` gives them. A comment speaks for the
    statement that it trails, stands in or stands directly above, for the lines between `disable` and `enable`, or for
    the file. Bandit's findings are silenced by `# mlsec:` and `# noqa: S…`: the `# nosec` that they heed is Bandit's
    own affair.
    """
    comments = _Comments(text, vocabulary, terms)
    kept, suppressed = _divide(findings, comments.reach(), locate)
    faults = Faults(locate, vocabulary, Remover(text, locate), terms.require_reason)
    own = [finding for finding in comments.faults(faults) if finding.rule in vocabulary.active]
    return Outcome(
        tuple(kept),
        tuple(suppressed),
        tuple(sorted(own, key=lambda finding: finding.location.span)),
        tuple(sorted({request.directive.until for request in comments.requests} - {""})),
        tuple(comments.requests),
    )


class _Comments:
    """The requests of one file, and the comments that are none."""

    def __init__(self, text: str, vocabulary: Vocabulary, terms: Terms) -> None:
        found = [item for comment in comments_of(text) for item in parse(comment)]
        self._layout = _NO_LAYOUT if all(map(_is_noqa, found)) else scan(text)
        top = _top(self._layout, text)
        parsed = [_placed(item, top) for item in found]
        self._refusals = [item for item in parsed if isinstance(item, Refusal)]
        directives = [item for item in parsed if isinstance(item, Directive)]
        both = [item for item in directives if item.form in {Form.START, Form.END}]
        self._ranges: list[Range] = []
        self._stray: list[Directive] = []
        if both:
            self._ranges, self._stray = ranges(both, self._layout, text)
        self.requests = [request_of(item, vocabulary, terms.today) for item in directives if item.form is not Form.END]

    def reach(self) -> Reach:
        """Who speaks for which line; those that have expired do not."""
        starting = (request for request in self.requests if request.directive.form is Form.START)
        stretches = []
        for found, request in zip(self._ranges, starting, strict=True):
            request.end = found.end
            if not request.expired:
                stretches.append((found.start.comment.line, found.last_line, request))
        others = [item for item in self.requests if item.directive.form is not Form.START and not item.expired]
        return Reach(self._layout, others, stretches)

    def faults(self, faults: Faults) -> Iterator[Finding]:
        """What is wrong with them, once `reach` has been asked for every finding."""
        yield from map(faults.refused, self._refusals)
        yield from map(faults.stray, self._stray)
        for found in self._ranges:
            yield from faults.of_range(found)
        for request in self.requests:
            yield from faults.of_request(request)


_NO_LAYOUT = Layout((), ())


def _is_noqa(item: Directive | Refusal) -> bool:
    """Whether it speaks for its own line, whatever stands around it."""
    return isinstance(item, Directive) and item.form is Form.NOQA


def _top(layout: Layout, text: str) -> int:
    """The line of the first statement that is no docstring; beyond the text when there is none."""
    statements, lines = layout.statements, split_lines(text)
    first = 1 if statements and _STRING.match(lines[statements[0][0] - 1]) else 0
    return statements[first][0] if len(statements) > first else len(lines) + 1


def _placed(item: Directive | Refusal, top: int) -> Directive | Refusal:
    if not isinstance(item, Directive) or item.form is not Form.FILE:
        return item
    return item if item.comment.alone and item.comment.line < top else misplaced(item)


def _divide(
    findings: Sequence[Finding], reach: Reach, locate: Callable[[Span], Location]
) -> tuple[list[Finding], list[Suppressed]]:
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        answers = reach.answers(finding)
        for request in answers:
            request.used.add(finding.rule)
        if answers:
            directive = answers[0].directive
            suppressed.append(Suppressed(finding, directive.reason, locate(place_of(directive))))
        else:
            kept.append(finding)
    return kept, suppressed


def place_of(directive: Directive) -> Span:
    """Its comment, in the checked text."""
    comment = directive.comment
    return Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))
