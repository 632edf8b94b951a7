"""What `mlsec-lint suppressions` tells about the comments of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from mlsec_lint.findings import Answer, Location, Span
from mlsec_lint.suppressions.directives import Form
from mlsec_lint.suppressions.requests import Request
from mlsec_lint.suppressions.vocabulary import Vocabulary

Silenced: TypeAlias = tuple[str, int, int]
"""What a `# nosec` has silenced by Bandit's own rule: the check, first and last line."""


def answers_of(
    requests: Sequence[Request],
    locate: Callable[[Span], Location],
    vocabulary: Vocabulary,
    silenced: Sequence[Silenced] | None,
) -> Iterator[Answer]:
    """The requests of a file with what they have silenced; `silenced` None: of another's file, only those of use."""
    by_line: dict[int, list[str]] = {}
    for check, first, last in sorted(set(silenced or ())):
        for line in range(first, last + 1):
            by_line.setdefault(line, []).append(check)
    for request in requests:
        answer = _answer(request, locate, vocabulary, by_line.get(request.directive.comment.line, ()))
        if (silenced is not None or answer.used) and (request.silences or request.directive.form is not Form.NOQA):
            yield answer


def _answer(
    request: Request, locate: Callable[[Span], Location], vocabulary: Vocabulary, near: Sequence[str]
) -> Answer:
    directive, line = request.directive, request.directive.comment.line
    names = tuple(name.text for name in directive.names)
    checks = near if directive.form is Form.NOSEC else ()
    unused = [] if request.expired else request.unused(vocabulary.active)
    return Answer(
        comment=locate(Span(line, directive.columns[0], line, directive.columns[1])),
        form=directive.form.value,
        rules=names,
        reason=directive.reason,
        until=directive.until,
        expired=request.expired,
        used=tuple(sorted({*request.used, *(check for check in checks if not names or check in names)})),
        unused=tuple(name.text for name in unused),
        unknown=tuple(name.text for name in request.unknown),
    )
