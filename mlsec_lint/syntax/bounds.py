"""What the parser is spared: text nested so deep, or chained so long, that LibCST would crash or take quadratic time.

LibCST 1.9 dies of 3,000 nested brackets and takes 10 s for 2,000 chained calls. Bounds are counts, so that the same
input always gives the same answer.
"""

from __future__ import annotations

import re

MAX_BRACKETS = 200
"""Brackets inside brackets; the deepest in two million lines of real code is below 40. Python's tokenizer has the same bound."""

MAX_TREE_DEPTH = 1_200
"""Nodes inside nodes; real code has chains of 500 operators."""

_TELLING = re.compile(r"[\[\](){}#'\"]")


class BoundExceeded(Exception):
    """The text is beyond a bound; the message names it."""


def check_brackets(text: str) -> None:
    """Raise `BoundExceeded` when brackets nest deeper than `MAX_BRACKETS`; one linear pass, for what Python rejects.

    Strings and comments are skipped; where that goes wrong (nested quotes of f-strings) the count may be off, which
    costs nothing but the early answer.
    """
    depth, position = 0, 0
    while (found := _TELLING.search(text, position)) is not None:
        position, character = found.end(), found.group()
        if character in "[({":
            depth += 1
            if depth > MAX_BRACKETS:
                line = text.count("\n", 0, position) + 1
                raise BoundExceeded(f"brackets nest deeper than {MAX_BRACKETS} at line {line}")
        elif character in "])}":
            depth = max(0, depth - 1)
        elif character == "#":
            position = _after(text, "\n", position)
        else:
            position = _after_string(text, character, position)


def _after(text: str, mark: str, position: int) -> int:
    end = text.find(mark, position)
    return len(text) if end < 0 else end + len(mark)


def _after_string(text: str, quote: str, position: int) -> int:
    if text.startswith(quote * 2, position):
        return _after(text, quote * 3, position + 2)
    while position < len(text) and text[position] not in (quote, "\n"):
        position += 2 if text[position] == "\\" else 1
    return position + 1
