"""Finds the requests that speak for a statement."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from mlsec_lint.findings import Finding
from mlsec_lint.suppressions.comments import Layout
from mlsec_lint.suppressions.directives import Form
from mlsec_lint.suppressions.requests import Request

_Stretch = tuple[int, int, Request]
"""First and last line of a range, and who asks for it."""


class Reach:
    """Knows for every line of a file who speaks for it."""

    def __init__(self, layout: Layout, requests: Iterable[Request], stretches: Sequence[_Stretch]) -> None:
        self._decorator_starts = {last: first for first, last in layout.decorators}
        self._alone = {comment.line for comment in layout.comments if comment.alone}
        self._requests: dict[int, list[Request]] = {}
        self._of_file: dict[str, Request] = {}
        self._stretches: dict[str, list[_Stretch]] = {}
        self._innermost: dict[str, tuple[list[int], list[Request | None]]] = {}
        self._known: dict[tuple[int, int, str], tuple[Request, ...]] = {}
        for request in requests:
            self._add(request)
        for stretch in stretches:
            for rule in stretch[2].silences:
                self._stretches.setdefault(rule, []).append(stretch)

    def _add(self, request: Request) -> None:
        if request.directive.form is Form.FILE:
            for rule in request.silences:
                self._of_file.setdefault(rule, request)
        else:
            self._requests.setdefault(request.directive.comment.line, []).append(request)

    def answers(self, finding: Finding) -> tuple[Request, ...]:
        """The requests for its rule, near ones first.

        Those on the statement's lines and in the block of comments above it and its decorators, the innermost range
        around its first line, and the first for the file.
        Looked for once a statement: thousands of findings can share one that has thousands of comments above it.
        """
        first, last = lines_of(finding)
        key = (first, last, finding.rule)
        if key not in self._known:
            self._known[key] = tuple(self._found(*key))
        return self._known[key]

    def _found(self, first: int, last: int, rule: str) -> Iterable[Request]:
        if self._requests:
            for line in range(self._block_above(first), last + 1):
                yield from (item for item in self._requests.get(line, ()) if _speaks(item, rule, line, first))
        if rule in self._stretches and (inner := self._range_around(rule, first)):
            yield inner
        if rule in self._of_file:
            yield self._of_file[rule]

    def _block_above(self, line: int) -> int:
        while line - 1 in self._alone or line - 1 in self._decorator_starts:
            line = self._decorator_starts.get(line - 1, line - 1)
        return line

    def _range_around(self, rule: str, line: int) -> Request | None:
        if rule not in self._innermost:
            self._innermost[rule] = _innermost(self._stretches[rule])
        starts, inner = self._innermost[rule]
        before = bisect_right(starts, line)
        return inner[before - 1] if before else None


def lines_of(finding: Finding) -> tuple[int, int]:
    """First and last line, in the checked text, of the statement that a finding is about."""
    span = finding.location.span
    return finding.statement if finding.statement != (0, 0) else (span.start_line, span.end_line)


def _speaks(request: Request, rule: str, line: int, first: int) -> bool:
    above = line < first and request.directive.form is Form.NOQA  # Ruff looks at the statement's own lines only
    return rule in request.silences and not above


def _innermost(stretches: Sequence[_Stretch]) -> tuple[list[int], list[Request | None]]:
    """Where another range becomes the innermost one, and which: that begins last of those that have not ended."""
    begins = sorted(stretches, key=lambda item: item[:2])
    boundaries = sorted({line for first, last, _ in begins for line in (first, last + 1)})
    inner: list[Request | None] = []
    waiting: list[tuple[int, int]] = []
    begun = 0
    for line in boundaries:
        while begun < len(begins) and begins[begun][0] <= line:
            heapq.heappush(waiting, (-begun, begins[begun][1]))
            begun += 1
        while waiting and waiting[0][1] < line:
            heapq.heappop(waiting)
        inner.append(begins[-waiting[0][0]][2] if waiting else None)
    return boundaries, inner
