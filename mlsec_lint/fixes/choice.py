"""Which fixes are applied together: the first of those that overlap, the others in a later round."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from mlsec_lint.findings import Edit, Finding, Safety


def chosen(findings: Iterable[Finding], safeties: AbstractSet[Safety]) -> tuple[tuple[Finding, ...], tuple[Edit, ...]]:
    """Findings whose fixes go together, in their order, and the edits of all of them, each once."""
    taken: list[Edit] = []
    mended: list[Finding] = []
    for finding in findings:
        if finding.fix is None or finding.fix.safety not in safeties:
            continue
        new = [edit for edit in finding.fix.edits if edit not in taken or not _is_shared(edit)]
        if not any(_touch(edit, other) for edit in new for other in taken):
            taken += new
            mended.append(finding)
    return tuple(mended), tuple(taken)


def _is_shared(edit: Edit) -> bool:
    """Whether it adds whole lines, as an import is: what several fixes need is added once."""
    return edit.span.start_column == 1 and _start(edit) == _end(edit) and edit.text.endswith("\n")


def _touch(one: Edit, other: Edit) -> bool:
    return one.cell == other.cell and _start(one) <= _end(other) and _start(other) <= _end(one)


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.start_line, edit.span.start_column


def _end(edit: Edit) -> tuple[int, int]:
    return edit.span.end_line, edit.span.end_column
