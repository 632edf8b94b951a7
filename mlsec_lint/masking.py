"""Shows code and messages without the secrets in them: kind, length and a vendor's public prefix, nothing else."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mlsec_lint.findings import Frame, Span
from mlsec_lint.record import dataclass

# The shortest piece of a secret that is hidden where the whole of it does not stand: a literal that goes on over several lines,
# or that is put together from parts.
_PIECE = 4
# A word of code up to this length may share letters with a secret (`password = "password1"`).
_WORD = re.compile("[A-Za-z_]{1,24}")


def mask(value: str, prefix: str = "") -> str:
    """`sk-ant-… (108 characters)`: the public prefix, where the value has it, and the length of the whole value."""
    shown = prefix if prefix and value.startswith(prefix) and len(value) > len(prefix) else ""
    plural = "" if len(value) == 1 else "s"
    return f"{shown}… ({len(value)} character{plural})"


_LENGTH = re.compile(r"… \(\d+ characters?\)")


def without_lengths(masked: str) -> str:
    """The text with nothing left of its secrets, not even how long they are."""
    return _LENGTH.sub("…", masked)


def mask_line(line: str, secrets: Sequence[str], prefixes: Sequence[str] = ()) -> str:
    """Return the line of code with every secret masked, as written, escaped or cut into pieces.

    `prefixes` are the vendors' public prefixes that may stay. Pieces of fewer than four characters stay too, and so do
    words of the code itself, outside quotes, that happen to be part of a secret.
    """
    return "".join(shown for _, _, shown in _parts(line, _plan(tuple(secrets), tuple(prefixes)), code=True))


def mask_texts(texts: Sequence[str], secrets: Sequence[str], prefixes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return messages with every secret masked wherever it stands, also where it looks like a common word.

    Of its pieces plain words stay: a message about `torch.load` says so, whatever the file's passwords have in common with it.
    """
    plan = _plan(tuple(secrets), tuple(prefixes))
    return tuple("".join(shown for _, _, shown in _parts(text, plan, code=False)) for text in texts)


def mask_frame(frame: Frame, secrets: Sequence[str], prefixes: Sequence[str] = ()) -> Frame:
    """Return the frame with its lines masked as `mask_line` does, its marked stretch moved to where it now stands."""
    if not secrets:
        return frame
    plan = _plan(tuple(secrets), tuple(prefixes))
    lines = tuple("".join(shown for _, _, shown in _parts(line, plan, code=True)) for line in frame.lines)
    span = frame.span
    start = _moved(frame, plan, span.start_line, span.start_column, end=False)
    end = _moved(frame, plan, span.end_line, span.end_column, end=True)
    return replace(frame, lines=lines, span=Span(span.start_line, start, span.end_line, end))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What to look for in a line."""

    masks: Mapping[str, str]
    """Every written form of every secret, and what is shown for it."""
    lengths: Mapping[str, Sequence[int]]
    """For the first `_PIECE` characters of forms (all of shorter ones) how long those are, longest first.

    A regular expression of thousands of secrets would try them all at every character.
    """
    pieces: frozenset[str]
    """Every run of `_PIECE` characters of the forms, public prefixes aside."""
    lines: bool
    """Does a secret go over several lines, so that a line without quotes may lie inside it?"""


@functools.lru_cache(maxsize=64)
def _plan(secrets: tuple[str, ...], prefixes: tuple[str, ...]) -> _Plan:
    masks: dict[str, str] = {}
    pieces: set[str] = set()
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        prefix = max(filter(secret.startswith, prefixes), key=len, default="")
        for form in (*_forms(secret), _hexadecimal(secret)):
            masks.setdefault(form, mask(secret, prefix))
        for form in _forms(secret.removeprefix(prefix)):
            pieces.update(form[index : index + _PIECE] for index in range(len(form) - _PIECE + 1))
    lengths: dict[str, set[int]] = {}
    for form in masks:
        lengths.setdefault(form[:_PIECE], set()).add(len(form))
    longest_first = {head: sorted(known, reverse=True) for head, known in lengths.items()}
    return _Plan(masks, longest_first, frozenset(pieces), any("\n" in secret for secret in secrets))


def _forms(value: str) -> Iterator[str]:
    """How the value may be written in source text, in JSON (notebooks) and in messages."""
    yield value
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield value.encode("unicode_escape").decode("ascii")
    yield repr(value.encode("utf-8", "surrogatepass"))[2:-1]
    yield value.replace("\\", "\\\\").replace("'", "\\'")
    yield value.replace("\\", "\\\\").replace('"', '\\"')


def _hexadecimal(value: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))


@functools.lru_cache(maxsize=256)
def _parts(line: str, plan: _Plan, *, code: bool) -> tuple[tuple[int, int, str], ...]:
    """Cut the line into stretches (start, stop) and what is shown for each; once, however many findings share the line."""
    return tuple(_cut(line, plan, code=code))


def _cut(line: str, plan: _Plan, *, code: bool) -> Iterator[tuple[int, int, str]]:
    position = 0
    for begin, end, shown in _hidden(line, plan):
        if _is_word_of_code(line, begin, end, plan) if code else shown == "…" and _WORD.fullmatch(line, begin, end):
            continue
        yield position, begin, line[position:begin]
        yield begin, end, shown
        position = end
    yield position, len(line), line[position:]


def _hidden(line: str, plan: _Plan) -> Iterator[tuple[int, int, str]]:
    """Find what must not be shown: whole secrets, and between them pieces of some."""
    position = 0
    for begin, end in _whole(line, plan):
        yield from _runs(line, position, begin, plan.pieces)
        yield begin, end, plan.masks[line[begin:end]]
        position = end
    yield from _runs(line, position, len(line), plan.pieces)


def _whole(line: str, plan: _Plan) -> Iterator[tuple[int, int]]:
    """Find the stretches that are whole secrets, the longest at each place."""
    position = 0
    for index in range(len(line) if plan.masks else 0):
        if index < position:
            continue
        heads = (line[index : index + size] for size in range(_PIECE, 0, -1))
        lengths = (length for head in heads for length in plan.lengths.get(head, ()))
        found = next((index + length for length in lengths if line[index : index + length] in plan.masks), 0)
        if found:
            yield index, found
            position = found


def _runs(line: str, start: int, stop: int, pieces: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Find the longest stretches that are made of pieces."""
    begin = end = -1
    for index in range(start, stop - _PIECE + 1):
        if line[index : index + _PIECE] not in pieces:
            continue
        if index > end:
            if begin >= 0:
                yield begin, end, "…"
            begin = index
        end = index + _PIECE
    if begin >= 0:
        yield begin, end, "…"


def _is_word_of_code(line: str, begin: int, end: int, plan: _Plan) -> bool:
    """Say whether the stretch is a plain word outside quotes, such as (part of) a variable's name."""
    if not _WORD.fullmatch(line, begin, end):
        return False
    before, rest = line[:begin], line[end:]
    quoted = any(quote in before and quote in rest and before.count(quote) % 2 for quote in "'\"") or _is_open(before)
    inside_lines = plan.lines and not any(quote in line for quote in "'\"")
    return not quoted and not inside_lines


def _is_open(text: str) -> bool:
    """Whether a string that starts in the text has not ended in it."""
    quote = ""
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = bool(quote)
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return bool(quote)


def _moved(frame: Frame, plan: _Plan, number: int, column: int, *, end: bool) -> int:
    """Say where a column of a frame's line stands after masking; one inside a mask goes to that side of it."""
    index = number - frame.first_line
    if not 0 <= index < len(frame.lines):
        return column
    shift = 0
    for start, stop, shown in _parts(frame.lines[index], plan, code=True):
        if column - 1 < stop and column - 1 > start and shown != frame.lines[index][start:stop]:
            return start + shift + 1 + (len(shown) if end else 0)
        if column - 1 < stop:
            break
        shift += len(shown) - (stop - start)
    return column + shift
