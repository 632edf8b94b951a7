"""Walking JSON text from front to back with the offset of every string, and without building what is not wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null|NaN|-?Infinity")
_STRUCTURE = re.compile(r'["{}\[\]]')
_STRINGS = json.JSONDecoder()


class MalformedJsonError(ValueError):
    """The text is no JSON; `offset` (in code points) says from where on."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class JsonWalk:
    """A place in JSON text that only moves forward.

    Whoever asks for members or items must take each value (`string`, `members`, `items`, `skip`) before the next.
    Skipped values are not checked beyond their brackets and strings, and may be nested to any depth.
    All methods raise `MalformedJsonError`.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def next(self) -> str:
        """The first character of what comes next, which tells its type; empty at the end of the text."""
        space = _SPACE.match(self._text, self._at)
        if space:
            self._at = space.end()
        return self._text[self._at : self._at + 1]

    @property
    def offset(self) -> int:
        """Where the walk is, in code points."""
        return self._at

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next, duplicates included."""
        self._expect("{")
        if self._take("}"):
            return
        while True:
            key, _ = self.string()
            self._expect(":")
            yield key
            if self._take("}"):
                return
            self._expect(",")

    def items(self) -> Iterator[int]:
        """The indexes of the array that comes next."""
        self._expect("[")
        if self._take("]"):
            return
        index = 0
        while True:
            yield index
            if self._take("]"):
                return
            self._expect(",")
            index += 1

    def string(self) -> tuple[str, int]:
        """The string that comes next, and the offset of the first character behind its opening quote."""
        if self.next() != '"':
            raise MalformedJsonError("a string should stand here", self._at)
        start = self._at
        try:
            value: str
            value, self._at = _STRINGS.raw_decode(self._text, start)
        except json.JSONDecodeError as error:
            raise MalformedJsonError("this string is broken", error.pos) from None
        return value, start + 1

    def optional_string(self) -> str | None:
        """The value that comes next if it is a string."""
        if self.next() == '"':
            return self.string()[0]
        self.skip()
        return None

    def skip(self) -> None:
        """Pass over the value that comes next."""
        opening = self.next()
        if opening == '"':
            self.string()
        elif opening in {"{", "["}:
            self._skip_nested()
        elif scalar := _SCALAR.match(self._text, self._at):
            self._at = scalar.end()
        else:
            raise MalformedJsonError("a value should stand here", self._at)

    def end(self) -> None:
        """Nothing but white space may follow."""
        if self.next():
            raise MalformedJsonError("the text should end here", self._at)

    def _skip_nested(self) -> None:
        depth = 0
        while token := _STRUCTURE.search(self._text, self._at):
            if token[0] == '"':
                self._at = token.start()
                self.string()
                continue
            self._at = token.end()
            depth += 1 if token[0] in "{[" else -1
            if depth == 0:
                return
        raise MalformedJsonError("the text ends inside a value", len(self._text))

    def _take(self, character: str) -> bool:
        if self.next() != character:
            return False
        self._at += 1
        return True

    def _expect(self, character: str) -> None:
        if not self._take(character):
            raise MalformedJsonError(f"`{character}` should stand here", self._at)
