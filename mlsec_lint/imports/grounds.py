"""What a result rests on beside the checked file: what other modules were asked, and what they answered.

A result holds as long as the answers are the same, whatever else changes in those modules.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from mlsec_lint.record import dataclass

_SIZE = 16
"""Bytes of a digest: two answers with one digest are not found by searching."""

_LEVEL = 1
"""Higher ones take three times as long for a tenth less."""

_LARGEST = 50_000_000
"""Bytes of questions about all modules together, written down."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question to a module and the digest of its answer; one object for each question."""

    file: str
    """Absolute."""
    question: str
    answer: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What something rests on that is remembered: each part by itself, or what that rests on in turn."""

    parts: tuple[Part, ...]


Part: TypeAlias = Asked | Grounds

NOTHING = Grounds(())

Questions: TypeAlias = Mapping[str, bytes]
"""The questions to one module with the digests of their answers."""


class Inquiry:
    """Notes what other modules are asked while something is found out."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], Asked] = {}
        self._parts: dict[Part, None] = {}

    def note(self, file: str, question: str, answer: Callable[[], str]) -> None:
        """A module (its absolute file) was asked something; `answer` is called for the first time only."""
        key = (file, question)
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = Asked(file, question, _digest(answer()))
        self._parts[asked] = None

    def add(self, grounds: Grounds) -> None:
        """Something is used that rests on these."""
        if grounds.parts:
            self._parts[grounds] = None

    def reset(self) -> None:
        """Begin with a file: nothing was asked for it."""
        self._parts = {}

    def begin(self) -> dict[Part, None]:
        """Begin to find out something that will be remembered; gives what `end` has to be given."""
        outer, self._parts = self._parts, {}
        return outer

    def end(self, outer: dict[Part, None]) -> Grounds:
        """What all since `begin` rests on; whatever was being found out around it does not rest on it yet."""
        found, self._parts = self._parts, outer
        return together(found)

    def files(self) -> dict[str, Questions]:
        """All that was asked since `reset`, by file, in order."""
        asked, layer = set[Asked](), set(self._parts)
        seen = set(layer)
        while layer:
            asked |= {part for part in layer if part.__class__ is Asked}
            layer = {inner for part in layer if part.__class__ is Grounds for inner in part.parts} - seen
            seen |= layer
        found: dict[str, dict[str, bytes]] = {}
        for item in asked:
            found.setdefault(item.file, {})[item.question] = item.answer
        return dict(sorted(found.items()))


def together(parts: Iterable[Part]) -> Grounds:
    """Grounds of some parts."""
    known = tuple(dict.fromkeys(parts))
    if len(known) == 1 and isinstance(known[0], Grounds):
        return known[0]
    return Grounds(known) if known else NOTHING


def answered(questions: Questions) -> str:
    """One digest of questions and their answers."""
    names = sorted(questions)
    said = hashlib.blake2b(json.dumps(names).encode("ascii"), digest_size=_SIZE)
    said.update(b"".join([questions[name] for name in names]))
    return said.hexdigest()


def asked_anew(questions: Iterable[str], answer: Callable[[str], str]) -> str:
    """What `answered` says for the answers of now."""
    return answered({question: _digest(answer(question)) for question in questions})


def written(files: Iterable[Questions]) -> str:
    """The questions to some modules, in order, each with the digest of the answers; text that can be kept."""
    rows = [[answered(questions), *sorted(questions)] for questions in files]
    packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode("ascii"), _LEVEL)
    return base64.b64encode(packed).decode("ascii")


def read(text: str) -> Sequence[tuple[str, Sequence[str]]]:
    """What `written` wrote: for each module the digest and the questions. Raises ValueError for anything else."""
    try:
        unpacking = zlib.decompressobj()
        rows = json.loads(unpacking.decompress(base64.b64decode(text, validate=True), _LARGEST))
        return [(_text(digest), [_text(question) for question in questions]) for digest, *questions in rows]
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise ValueError("no questions to modules") from error


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(said)
    return said


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()
