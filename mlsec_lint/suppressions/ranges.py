"""Which `enable` closes which `disable`, and where those end that nothing closes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import field

from mlsec_lint.record import dataclass
from mlsec_lint.sources.lines import split_lines
from mlsec_lint.suppressions.comments import Layout, indentation
from mlsec_lint.suppressions.directives import Directive, Form

_Key = tuple[int, frozenset[str]]
"""What the two ends of a range share: their indentation and the names in their brackets."""


@dataclass(slots=True)
class Range:
    """The lines from a `disable` to its end, which counts as well."""

    start: Directive
    last_line: int
    end: Directive | None = None
    """None: nothing closes it, and it ends with its block."""


@dataclass(slots=True)
class _Open:
    """The ranges that nothing has closed so far."""

    last_line: int
    by_key: dict[_Key, list[Range]] = field(default_factory=dict)
    by_indent: list[tuple[int, int, Range]] = field(default_factory=list)
    """A heap, the deepest first; it also holds ranges that were closed since."""
    made: list[Range] = field(default_factory=list)

    def start(self, directive: Directive, key: _Key) -> None:
        found = Range(directive, self.last_line)
        self.made.append(found)
        self.by_key.setdefault(key, []).append(found)
        heapq.heappush(self.by_indent, (-key[0], -len(self.made), found))

    def close(self, directive: Directive, key: _Key) -> bool:
        """End the range that was opened last with the same names at the same depth, if there is one."""
        opened = self.by_key.get(key)
        if not opened:
            return False
        found = opened.pop()
        found.end, found.last_line = directive, directive.comment.line
        return True

    def leave_block(self, line: int, indent: int) -> None:
        """Code that stands less deep ends what was opened deeper."""
        while self.by_indent and -self.by_indent[0][0] > indent:
            depth, _, found = heapq.heappop(self.by_indent)
            opened = self.by_key.get((-depth, _names(found.start)), [])
            if opened and opened[-1] is found:
                opened.pop()
                found.last_line = line - 1


def ranges(directives: Iterable[Directive], layout: Layout, text: str) -> tuple[list[Range], list[Directive]]:
    """The ranges of a file in the order of their starts, and the `enable` comments that close nothing.

    An `enable` closes the last open `disable` with the same names and the same indentation. A range that nothing closes
    ends with the block that its comment stands in, or with the file.
    """
    lines = split_lines(text)
    opened, stray = _Open(len(lines)), []
    statements = iter((*layout.statements, (len(lines) + 1, 0)))
    following = next(statements)
    for directive in directives:
        line = directive.comment.line
        while following[0] < line:
            opened.leave_block(*following)
            following = next(statements)
        key = indentation(lines[line - 1][: directive.comment.column - 1]), _names(directive)
        if directive.form is Form.START:
            opened.start(directive, key)
        elif not opened.close(directive, key):
            stray.append(directive)
    for statement in (following, *statements):
        opened.leave_block(*statement)
    return opened.made, stray


def _names(directive: Directive) -> frozenset[str]:
    return frozenset(name.text for name in directive.names)
