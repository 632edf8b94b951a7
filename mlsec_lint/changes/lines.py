r"""Which lines of a text are not in another one: anchored at lines that both have once, in bounded time.

Lines end at \n, \r\n and \r, and what ends them does not count: a checkout may have other line ends than the commit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mlsec_lint.record import dataclass

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_MARK = b"\xef\xbb\xbf"

MOST_CELLS = 250_000
"""Old times new lines that are compared one by one; a stretch without anchors that is larger counts as changed."""

_CELLS_A_LINE = 40
"""How many more of them there may be in all for each line of both texts: stretches are many where anchors are."""

_PASSES = 50
"""How often all lines may be gone through, on average; what is not matched by then counts as changed."""


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """The lines of a file that were added or modified."""

    numbers: frozenset[int] | None
    """From 1; None: all of them."""

    def touch(self, first: int, last: int) -> bool:
        """Whether a stretch of lines has one of them."""
        return self.numbers is None or any(number in self.numbers for number in range(first, last + 1))


WHOLE = ChangedLines(None)


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a file without their ends."""
    return _NEWLINE.split(data.removeprefix(_MARK))


def changed(old: Sequence[bytes], new: Sequence[bytes]) -> ChangedLines:
    """The lines of `new` that `old` does not have at that place."""
    return ChangedLines(frozenset(range(1, len(new) + 1)) - {place + 1 for _, place in matched(old, new)})


def carried(lines: ChangedLines, through: Iterable[tuple[int, int]]) -> ChangedLines:
    """The same lines in another state of the file, as far as they are there; `through` is what `matched` says."""
    numbers = lines.numbers
    return ChangedLines(frozenset(after + 1 for before, after in through if numbers is None or before + 1 in numbers))


def matched(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """The places, from 0, of the lines that both texts have, in an order that holds for both.

    What is equal at the start goes before what is equal at the end: of two equal functions the lower one is the new one.
    """
    left = _PASSES * (len(old) + len(new) + 1)
    cells = MOST_CELLS + _CELLS_A_LINE * (len(old) + len(new))
    waiting = [(0, len(old), 0, len(new))]
    while waiting and left > 0:
        a, b, c, d = waiting.pop()
        left -= b - a + d - c
        while a < b and c < d and old[a] == new[c]:
            yield a, c
            a, c = a + 1, c + 1
        anchors = _anchors(old[a:b], new[c:d])
        if anchors:
            ends = [*((a + i, c + j) for i, j in anchors), (b, d)]
            starts = [(a, c), *ends[:-1]]
            waiting += [(i, k, j, m) for (i, j), (k, m) in zip(starts, ends, strict=True)]
            continue
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            yield b, d
        if a < b and c < d and (b - a) * (d - c) <= min(MOST_CELLS, cells):
            cells -= (b - a) * (d - c)
            yield from ((a + i, c + j) for i, j in _longest(old[a:b], new[c:d]))


def _anchors(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Lines that both texts have exactly once, as many as keep their order."""
    counts, others = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(new) if others[line] == 1}
    pairs = [(place, places[line]) for place, line in enumerate(old) if counts[line] == 1 and line in places]
    return _increasing(pairs)


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs whose second numbers rise as well."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        at = bisect_left(tops, place)
        before.append(last[at - 1] if at else -1)
        tops[at : at + 1] = [place]
        last[at : at + 1] = [index]
    found = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _longest(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """The longest common subsequence."""
    lengths = [[0] * (len(new) + 1)]
    for line in reversed(old):
        below, row = lengths[-1], [0] * (len(new) + 1)
        for place in range(len(new) - 1, -1, -1):
            row[place] = below[place + 1] + 1 if new[place] == line else max(below[place], row[place + 1])
        lengths.append(row)
    lengths.reverse()
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            yield i, j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
