"""Which of our findings a baseline of Bandit's speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mlsec_lint.findings import Finding
from mlsec_lint.migration.report import Known


def findings_known(
    known: Iterable[Known], findings: Sequence[Finding], refines: Mapping[str, tuple[str, ...]]
) -> tuple[list[Finding], list[Known]]:
    """The findings that the baseline's results mean, and the results that mean none.

    A result means a finding of its check in its file, or one of a rule of ours that `refines` names for the check: on its
    line, or else in the order of the lines, for code moves and Bandit does not look at lines either.
    """
    by_check: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, finding in enumerate(findings):
        for check in (finding.rule, *refines.get(finding.rule, ())):
            by_check[finding.location.path, check].append(index)
    wanted: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for item in sorted(known):
        wanted[item.path, item.test].append(item)
    taken: set[int] = set()
    left: list[Known] = []
    for key, items in wanted.items():
        elsewhere = _on_their_lines(items, by_check[key], findings, taken)
        free = [index for index in by_check[key] if index not in taken]
        taken.update(free[: len(elsewhere)])
        left += elsewhere[len(free) :]
    return [findings[index] for index in sorted(taken)], left


def _on_their_lines(
    items: Iterable[Known], indices: Iterable[int], findings: Sequence[Finding], taken: set[int]
) -> list[Known]:
    """Take for each result a finding on its line; the results for which there is none."""
    by_line: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        if index not in taken:
            by_line[findings[index].location.span.start_line].append(index)
    left: list[Known] = []
    for item in items:
        if by_line[item.line]:
            taken.add(by_line[item.line].pop())
        else:
            left.append(item)
    return left
