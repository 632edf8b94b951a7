"""Which findings a baseline knows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence

from mlsec_lint.baseline.entry import Entries, Key
from mlsec_lint.record import dataclass

IsGone = Callable[[str], bool]
"""Whether no file lies at the path of an entry any more."""


@dataclass(frozen=True, slots=True)
class Matching:
    """A baseline laid over findings."""

    known: tuple[Key | None, ...]
    """For each finding the entry that knows it; None for a new one."""
    left: Entries
    """What of the baseline no finding has used, sorted."""


def match(entries: Entries, findings: Sequence[Key], is_gone: IsGone) -> Matching:
    """Give each finding an entry, as long as counts last; of findings with one key the first ones are known.

    An entry knows its own key first. What is left over knows the same code in the same file under another function or
    class, which was renamed or from which the code was moved; and, of files that are gone, the same code anywhere.
    """
    known: list[Key | None] = [None] * len(findings)
    left = {key: count for key, count in sorted(entries.items()) if count > 0}
    _spend(left, findings, known, lambda key: key, lambda _: True)
    _spend(left, findings, known, lambda key: (key.path, key.rule, key.code), lambda _: True)
    _spend(left, findings, known, lambda key: (key.rule, key.code), lambda key: is_gone(key.path))
    return Matching(tuple(known), left)


def _spend(
    left: dict[Key, int],
    findings: Sequence[Key],
    known: list[Key | None],
    likeness: Callable[[Key], Hashable],
    offers: Callable[[Key], bool],
) -> None:
    """Give findings without an entry one that is like them, and take what is used from `left`."""
    wanted = {likeness(key) for key, entry in zip(findings, known, strict=True) if entry is None}
    offered: dict[Hashable, deque[Key]] = {}
    for key in left if wanted else ():
        if likeness(key) in wanted and offers(key):
            offered.setdefault(likeness(key), deque()).append(key)
    for index, key in enumerate(findings):
        waiting = offered.get(likeness(key)) if known[index] is None else None
        if not waiting:
            continue
        known[index] = entry = waiting[0]
        left[entry] -= 1
        if not left[entry]:
            del left[entry]
            waiting.popleft()
