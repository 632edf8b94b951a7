"""What a notebook stores beside its code: outputs, attachments, metadata. Kept as stretches of the file, read when asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mlsec_lint.findings import Span
from mlsec_lint.record import dataclass
from mlsec_lint.sources.json_walk import JsonWalk
from mlsec_lint.sources.lines import place_of

MOST_STORED = 5_000
"""Texts of one cell's outputs that are looked at; an output is two or three as a rule."""

_BINARY = re.compile(r"(?:image/(?!svg)|audio/|video/|font/)|application/(?:pdf|octet-stream|zip|x-tar|vnd\.ms-|wasm)")
_BINARY_KEYS = frozenset(
    {"png", "jpeg", "jpg", "gif", "pdf", "output_type", "execution_count", "name", "stream", "ename"}
)
# Version 3 has no `data`: its outputs name a kind where version 4 has a media type.
_OLD_TYPES = {
    "html": "text/html",
    "svg": "image/svg+xml",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
}
_BETWEEN_STRINGS = re.compile(r'"[ \t\r\n]*,[ \t\r\n]*"')
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PAIRED, _QUOTE = "\x00\x00", " \x01"
_PLAIN = {"\\n": " \n", "\\r": " \r", "\\t": " \t", "\\/": " /", "\\b": "  ", "\\f": "  "}


@dataclass(frozen=True, slots=True)
class StoredText:
    """One JSON value of the file that holds text which is no code."""

    part: str
    """`output`, `attachment` or `metadata`."""
    start: int
    """Offset of the value in the file, in code points; `end` is the one behind it."""
    end: int
    mime: str = "text/plain"
    output: int | None = None
    """The index of the output in its cell."""
    cell: int | None = None
    """The index of the cell; None for what belongs to the notebook as a whole."""

    def text(self, raw: str) -> str:
        """The value with its escapes undone: every character stands where it stands in the file, blanks fill the gaps."""
        value = raw[self.start : self.end]
        is_text = value[:1] in {'"', "["} and not self.mime.endswith("json")
        value = value.replace("\\\\", _PAIRED).replace('\\"', _QUOTE)
        if is_text:
            value = _BETWEEN_STRINGS.sub(lambda found: " " * len(found[0]), value).replace('"', " ")
        for escape, plain in _PLAIN.items():
            value = value.replace(escape, plain)
        if "\\u" in value:
            value = _UNICODE_ESCAPE.sub(_character, value)
        if "\x1b" in value:
            value = _COLOUR.sub(lambda found: " " * len(found[0]), value)
        return value.replace(_PAIRED, " \\").replace(_QUOTE, ' "')

    def on_disk(self, raw: str, start: int, end: int) -> Span:
        """The place in the file of a stretch of `text`."""
        return Span(*place_of(raw, self.start + start), *place_of(raw, self.start + end))

    def inside(self, raw: str, start: int, end: int) -> Span:
        """The place of a stretch in the text as its reader sees it, joined from the strings that it is made of."""
        first = place_of(*self._shown(raw, self.start + start))
        last = place_of(*self._shown(raw, self.start + end))
        return Span(*first, *max(first, last))

    def _shown(self, raw: str, until: int) -> tuple[str, int]:
        """What a reader sees before an offset of the file, and how much that is."""
        parts = []
        for found in _STRING.finditer(raw, self.start, self.end):
            if found.start() >= until:
                break
            parts.append(_decoded(found[0] if found.end() <= until else f'{raw[found.start() : until]}"'))
        text = "".join(parts)
        return text, len(text)


def _character(escape: re.Match[str]) -> str:
    """The character of an escape behind blanks; of control characters those that lay text out."""
    character = chr(int(escape[1], 16))
    return "     " + (character if character >= " " or character in "\n\r\t\x1b" else " ")


def _decoded(string: str) -> str:
    try:
        return str(json.loads(string, strict=False))
    except ValueError:  # cut inside an escape
        return ""


def read_outputs(walk: JsonWalk) -> Iterator[StoredText]:
    """The texts of the list of outputs that comes next; whatever it is, it is passed over."""
    if walk.next() != "[":
        walk.skip()
        return
    left = MOST_STORED
    for index in walk.items():
        left -= 1
        if walk.next() != "{" or left < 0:
            walk.skip()
            continue
        for key in walk.members():
            if key == "data" and walk.next() == "{":
                yield from _data(walk, index)
            elif key in _BINARY_KEYS:
                walk.skip()
            else:
                yield read_stored(walk, "metadata" if key == "metadata" else "output", _OLD_TYPES.get(key, ""), index)


def read_stored(walk: JsonWalk, part: str, mime: str = "", output: int | None = None) -> StoredText:
    """The value that comes next."""
    usual = "application/json" if walk.next() == "{" else "text/plain"
    start = walk.offset
    walk.skip()
    return StoredText(part, start, walk.offset, mime or usual, output)


def read_attachments(walk: JsonWalk) -> Iterator[StoredText]:
    """The texts among the files that a Markdown cell holds; images are none."""
    if walk.next() != "{":
        walk.skip()
        return
    for _ in walk.members():
        if walk.next() == "{":
            for mime in walk.members():
                if _BINARY.match(mime):
                    walk.skip()
                else:
                    yield read_stored(walk, "attachment", mime)
        else:
            walk.skip()


def _data(walk: JsonWalk, index: int) -> Iterator[StoredText]:
    for mime in walk.members():
        if _BINARY.match(mime):
            walk.skip()
        else:
            yield read_stored(walk, "output", mime, index)
