"""A regular expression as a small tree: what each part may match, and how long."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache

from mlsec_lint.record import dataclass

if sys.version_info >= (3, 11):
    from re import _parser as sre
else:
    import sre_parse as sre

Alphabet = frozenset[int]
"""Code points: ASCII ones stand for themselves, those of `_BUCKETS` for all others of their sort."""

_SPACE, _DIGIT, _WORD, _OTHER = 0xA0, 0x663, 0xE9, 0x2026
_BUCKETS: Alphabet = frozenset({_SPACE, _DIGIT, _WORD, _OTHER})
_LAST_ASCII = 127
ANYTHING: Alphabet = frozenset(range(_LAST_ASCII + 1)) | _BUCKETS

_IGNORES_CASE = re.compile(r"\(\?[aLmsux]*i")
_CHARACTERS = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_GROUPS = frozenset({"SUBPATTERN", "ATOMIC_GROUP"})


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a sequence."""

    kind: str
    """`character`, `repeat`, `branch` or `other`."""
    letters: Alphabet
    """Every character that it may match somewhere."""
    shortest: int
    longest: int
    inner: tuple[tuple[Part, ...], ...] = ()
    """A repeat's body, a branch's alternatives, what a lookaround looks for."""
    repeated: bool = False
    """It may match its body more than once."""

    @property
    def varies(self) -> bool:
        """Whether it may match texts of different lengths."""
        return self.shortest != self.longest


def parse(pattern: str) -> tuple[Part, ...]:
    """The parts of a pattern, groups that only group opened. Raises re.error, OverflowError, RecursionError."""
    return _sequence(sre.parse(pattern), fold=_IGNORES_CASE.search(pattern) is not None)


def _sequence(pattern: sre.SubPattern, *, fold: bool) -> tuple[Part, ...]:
    parts: list[Part] = []
    for index, (operation, argument) in enumerate(pattern.data):
        inner = _inner(argument, fold=fold)
        if str(operation) in _GROUPS:
            parts += inner[0]
            continue
        item = pattern[index : index + 1]
        assert isinstance(item, sre.SubPattern)
        shortest, longest = item.getwidth()
        letters = _letters(str(operation), argument, inner, fold=fold)
        parts.append(
            Part(_kind(str(operation)), letters, shortest, longest, inner, _is_repeated(str(operation), argument))
        )
    return tuple(parts)


def _kind(operation: str) -> str:
    if operation in _CHARACTERS:
        return "character"
    if operation in _REPEATS:
        return "repeat"
    return "branch" if operation == "BRANCH" else "other"


def _is_repeated(operation: str, argument: object) -> bool:
    return operation in _REPEATS and isinstance(argument, tuple) and argument[1] > 1


def _inner(argument: object, *, fold: bool) -> tuple[tuple[Part, ...], ...]:
    return tuple([_sequence(child, fold=fold) for child in _children(argument)])


def _children(argument: object) -> Iterator[sre.SubPattern]:
    """The patterns inside an item's argument, however it holds them."""
    if isinstance(argument, sre.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _children(part)


def _letters(operation: str, argument: object, inner: tuple[tuple[Part, ...], ...], *, fold: bool) -> Alphabet:
    if operation == "IN" and isinstance(argument, list):
        letters = _class([(str(name), value) for name, value in argument])
    elif operation.startswith("GROUPREF"):
        return ANYTHING
    elif operation in _CHARACTERS:
        letters = _plain(operation, argument)
    else:
        return union(part.letters for sequence in inner for part in sequence)
    return letters | _other_case(letters) if fold else letters


def _other_case(letters: Alphabet) -> Alphabet:
    return frozenset(ord(chr(code).swapcase()) for code in letters if code <= _LAST_ASCII)


def _class(members: list[tuple[str, object]]) -> Alphabet:
    letters = union(_plain(name, argument) for name, argument in members)
    if members[0][0] != "NEGATE":
        return letters
    excluded = union(_plain(name, argument) for name, argument in members if name == "CATEGORY")
    ascii_only = frozenset(code for code in letters if code <= _LAST_ASCII)
    return ANYTHING - ascii_only - excluded  # one character of a bucket excluded leaves the others of its sort


def _plain(operation: str, argument: object) -> Alphabet:
    if operation == "LITERAL" and isinstance(argument, int):
        return frozenset({_bucket(argument)})
    if operation == "NOT_LITERAL" and isinstance(argument, int):
        return ANYTHING - ({argument} - _BUCKETS)
    if operation == "RANGE" and isinstance(argument, tuple):
        low, high = argument
        beyond = _BUCKETS if high > _LAST_ASCII else frozenset()
        return frozenset(range(low, min(high, _LAST_ASCII) + 1)) | beyond
    if operation == "CATEGORY":
        return _category(str(argument))
    return ANYTHING if operation == "ANY" else frozenset()


def _bucket(code: int) -> int:
    character = chr(code)
    if code <= _LAST_ASCII:
        return code
    if character.isspace():
        return _SPACE
    if character.isdecimal():
        return _DIGIT
    return _WORD if character.isalnum() else _OTHER


@cache
def _category(name: str) -> Alphabet:
    """`CATEGORY_NOT_DIGIT` and its like."""
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
    escape = re.compile(rf"\{letter.upper() if '_NOT_' in name else letter}")
    return frozenset(code for code in ANYTHING if escape.match(chr(code)))


def union(sets: Iterable[Alphabet]) -> Alphabet:
    """All letters of some alphabets."""
    return frozenset().union(*sets)
