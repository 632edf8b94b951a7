"""Regular expressions in packs: they must compile, and no text may make them take exponential time.

Python's `re` backtracks: when a repetition's body can match the same text in two ways, it tries 2, 4, 8, … of them.
A repetition is accepted when each of its rounds can be recognised: its parts do not overlap, its alternatives differ,
and a body of varying length starts or ends with a character that its varying parts cannot match.
That refuses some harmless patterns too; they can be written so that they are accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlsec_lint.catalogue.pattern_tree import Alphabet, Part, parse, union


class PatternError(ValueError):
    """A pattern that does not compile, or that may take exponential time."""


MAX_GROUPS = 100
"""In one pattern; the parser of regular expressions recurses with each group inside a group."""


def check_pattern(pattern: str) -> None:
    """Raises PatternError, with the next step, for a pattern that is wrong or may take exponential time."""
    if pattern.count("(") > MAX_GROUPS:
        raise PatternError(f"no regular expression: more than {MAX_GROUPS} groups")
    try:
        re.compile(pattern)
        parts = parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        said = str(error).encode("unicode_escape").decode()  # it may quote characters of the pattern
        raise PatternError(f"no regular expression: {said}") from error
    for body in _repeated_bodies(parts):
        _check_body(body)


def _check_body(body: Sequence[Part]) -> None:
    if any(_overlaps(sequence) for sequence in _sequences(body)):
        raise PatternError(
            "nested quantifiers may take exponential time: two parts of a repeated group can match the same text; "
            "put a character between them that neither can match"
        )
    if _varies(body) and not _is_delimited(body):
        raise PatternError(
            "nested quantifiers may take exponential time; start or end the repeated group with a character that its "
            r"varying part cannot match, as in `(?:[a-z]+\.)+`, or drop one quantifier"
        )


def _varies(body: Sequence[Part]) -> bool:
    """Whether a round's length is open once its first characters have told the alternatives apart."""
    if len(body) == 1 and body[0].kind == "branch":
        return any(part.varies for alternative in body[0].inner for part in alternative)
    return any(part.varies for part in body)


def _is_delimited(body: Sequence[Part]) -> bool:
    varying = union(part.letters for part in body if part.varies)
    return any(part.kind == "character" and not part.letters & varying for part in (body[0], body[-1]))


def _overlaps(sequence: Sequence[Part]) -> bool:
    """Whether two varying parts meet that can match the same character, or two alternatives may be the same text."""
    met: Alphabet = frozenset()
    for part in sequence:
        if part.kind == "branch" and _has_twins(part.inner):
            return True
        if part.varies:
            if met & part.letters:
                return True
            met |= part.letters
        elif part.shortest and not met & part.letters:
            met = frozenset()
    return False


def _has_twins(alternatives: Sequence[Sequence[Part]]) -> bool:
    return any(not _differ(one, other) for index, one in enumerate(alternatives) for other in alternatives[index + 1 :])


def _differ(one: Sequence[Part], other: Sequence[Part]) -> bool:
    """Whether some character, at a fixed distance from the start, tells two alternatives apart."""
    for left, right in zip(one, other, strict=False):
        if left.kind != "character" or right.kind != "character":
            return False
        if not left.letters & right.letters:
            return True
    return False


def _sequences(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """A sequence and all those inside it."""
    yield parts
    for part in parts:
        for sequence in part.inner:
            yield from _sequences(sequence)


def _repeated_bodies(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    return (
        part.inner[0]
        for sequence in _sequences(parts)
        for part in sequence
        if part.repeated and part.inner[0] and (len(part.inner[0]) > 1 or part.inner[0][0].kind != "character")
    )
