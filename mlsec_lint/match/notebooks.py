"""`[[match.command]]` and `[[match.stored]]`: what a notebook runs beside its Python, and what it stores beside its code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import lru_cache, partial

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.model import Rule, TextFormat
from mlsec_lint.catalogue.notebook_tables import CommandMatch, StoredMatch
from mlsec_lint.findings import Cell, Location, Span
from mlsec_lint.flow.conditions import judge_value
from mlsec_lint.flow.credentials import is_placeholder
from mlsec_lint.flow.event import Context
from mlsec_lint.flow.value import constant
from mlsec_lint.masking import mask
from mlsec_lint.match.command_predicates import COMMAND_PREDICATES, Around, Hit, passed_secret
from mlsec_lint.match.matched import Matched
from mlsec_lint.match.rule_index import RuleIndex
from mlsec_lint.match.stored_predicates import STORED_PREDICATES
from mlsec_lint.match.text_formats import secrets_in
from mlsec_lint.record import dataclass
from mlsec_lint.sources.cell import NotebookCell
from mlsec_lint.sources.commands import Command, commands_of
from mlsec_lint.sources.lines import place_of
from mlsec_lint.sources.magics import Magic
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.sources.stored import StoredText
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.words import words_of

MOST_OF_A_RULE = 10
"""Findings of one rule in one output: whoever clears it clears them all."""

_FOLLOWING = 300
_NOWHERE = (-1, -1)
_ANY = ("",)
_BLOB = re.compile(r"[A-Za-z0-9+/=]*")
_LONGEST_TOKEN = 400


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something of a notebook stands."""

    location: Location
    shown: Span | None = None
    """The same in the checked text, for the code to show; None where nothing may be shown."""
    statement: tuple[int, int] = _NOWHERE
    """The lines of the checked text on which a comment may answer it."""


@dataclass(slots=True)
class Evidence:
    """What the rules found in a notebook; the place of a match is the index of its spot."""

    matched: list[Matched] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    known: dict[Location, int] = field(default_factory=dict)

    def add(self, rule: Rule, match: CommandMatch | StoredMatch, spot: Spot, hit: Hit) -> None:
        """Takes note that a rule fits a spot."""
        index = self.known.setdefault(spot.location, len(self.spots))
        if index == len(self.spots):
            self.spots.append(spot)
        place = Place(-1, index)
        context = Context(place, "")
        self.matched.append(Matched(rule, match.opinion, place, context, words=hit.words, secrets=hit.secrets))


def match_notebook(source: SourceFile, rules: RuleIndex) -> Evidence:
    """Every command and every stored text of a notebook against every rule about such."""
    found = Evidence()
    if rules.commands:
        _match_commands(source, rules, found)
    if rules.stored:
        _match_stored(source, rules, found)
    return found


def command_secrets(magics: Sequence[Magic], catalogue: Catalogue) -> frozenset[str]:
    """The secrets that commands are given, whatever rules run: nothing that is shown may hold one."""
    around = Around((), "", [item for item in catalogue.facts if isinstance(item, TextFormat)])
    commands = (command for magic in magics for command in commands_of(magic))
    return frozenset(secret for item in commands for hit in passed_secret(item, around) for secret in hit.secrets)


def _match_commands(source: SourceFile, rules: RuleIndex, found: Evidence) -> None:
    commands = [command for magic in source.magics for command in commands_of(magic)]
    for number, command in enumerate(commands):
        around = Around(commands[number + 1 : number + 1 + _FOLLOWING], source.text, rules.formats)
        for rule, match in rules.commands:
            for hit in _hits(command, match, around):
                found.add(rule, match, _in_magic(source, command.magic, hit.start, hit.end), hit)


def _hits(command: Command, match: CommandMatch, around: Around) -> Iterator[Hit]:
    text = command.text
    if match.program and not any(text == program or text.startswith(f"{program} ") for program in match.program):
        return
    if match.matches and not _pattern(match.matches).search(text):
        return
    if match.unless and _pattern(match.unless).search(text):
        return
    if match.check:
        yield from COMMAND_PREDICATES[match.check](command, around)
    else:
        start = command.words[0].start - (1 if command.program.startswith("%") else 0)
        yield Hit(start, command.words[-1].end, {"name": command.program})


def _span(magic: Magic, start: int, end: int) -> Span:
    """The place of a stretch of a magic in the checked text."""
    lines = []
    for offset in (start, end):
        line, column = place_of(magic.text, offset)
        shift = magic.span.start_column - 1 if line == 1 else 0
        lines.append((magic.span.start_line + line - 1, column + shift))
    return Span(*lines[0], *lines[1])


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to search, and the way back to its place."""

    part: str
    text: str
    unit: tuple[str, int, int]
    """What is cleared in one go: one output, one cell."""
    place: Callable[[int, int], Spot]
    mime: str = "text/plain"


def _texts(source: SourceFile) -> Iterator[_Text]:
    lost = {item.location.cell.index for item in source.problems if item.location and item.location.cell}
    for cell in source.cells:
        part = {"code": "foreign", "raw": "raw"}.get(cell.kind, "markdown")
        if part != "foreign" or not cell.checked or cell.index in lost:
            yield _Text(part, cell.source, (part, cell.index, -1), partial(_in_cell, source, cell))
    for magic in source.magics:
        yield _Text("foreign", magic.text, ("foreign", magic.cell, -1), partial(_in_magic, source, magic))
    for stored in source.stored:
        unit = (stored.part, -1 if stored.cell is None else stored.cell, -1 if stored.output is None else stored.output)
        yield _Text(stored.part, stored.text(source.raw), unit, partial(_in_stored, source, stored), stored.mime)


def _in_cell(source: SourceFile, cell: NotebookCell, start: int, end: int) -> Spot:
    inside = Span(*place_of(cell.source, start), *place_of(cell.source, end))
    return Spot(Location(source.path, cell.on_disk(source.raw, inside), Cell(cell.index, cell.id, inside)))


def _in_magic(source: SourceFile, magic: Magic, start: int, end: int) -> Spot:
    span = _span(magic, start, end)
    return Spot(source.locate(span), span, (span.start_line, magic.span.end_line))


def _in_stored(source: SourceFile, stored: StoredText, start: int, end: int) -> Spot:
    span = stored.on_disk(source.raw, start, end)
    cell = None if stored.cell is None else source.cells[stored.cell]
    if cell is None or stored.output is None:
        return Spot(Location(source.path, span), statement=_lines_of(cell))
    place = Cell(cell.index, cell.id, stored.inside(source.raw, start, end), stored.output)
    return Spot(Location(source.path, span, place), statement=_lines_of(cell))


def _lines_of(cell: NotebookCell | None) -> tuple[int, int]:
    """The lines of a cell: a comment on any of them may answer for what it has left behind."""
    if cell is None or not cell.checked:
        return _NOWHERE
    return cell.first_line, cell.first_line + cell.line_count - 1


def _match_stored(source: SourceFile, rules: RuleIndex, found: Evidence) -> None:
    words, commands = words_of(source.text), frozenset(found.known)
    said: Counter[tuple[str, tuple[str, int, int], tuple[str, ...]]] = Counter()
    for text in _texts(source):
        lowered = text.text.lower()
        for rule, match in rules.stored:
            if text.part not in match.part or (match.mime and text.mime not in match.mime):
                continue
            for hit in _stored_hits(text, lowered, match, rules.formats, words):
                said[rule.id, text.unit, hit.secrets] += 1
                said[rule.id, text.unit, _ANY] += 1
                if said[rule.id, text.unit, _ANY] > MOST_OF_A_RULE:
                    break
                spot = text.place(hit.start, hit.end)
                if said[rule.id, text.unit, hit.secrets] == 1 and spot.location not in commands:
                    found.add(rule, match, spot, hit)


def _stored_hits(
    text: _Text, lowered: str, match: StoredMatch, formats: Sequence[TextFormat], words: frozenset[str]
) -> Iterator[Hit]:
    if match.check:
        for item in STORED_PREDICATES[match.check](text.text, text.mime, words):
            yield Hit(item.start, item.end, {"value": item.what})
    elif match.matches:
        if any(word in lowered for word in match.keyword):
            yield from _pattern_hits(text.text, match)
    else:
        chosen = [item for item in formats if any(_is_format(item.name, wanted) for wanted in match.format)]
        yield from _format_hits(text.text, lowered, chosen)


def _is_format(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


def _format_hits(text: str, lowered: str, formats: Sequence[TextFormat]) -> Iterator[Hit]:
    seen: set[str] = set()
    for item in formats:
        if not any(keyword in lowered for keyword in item.keyword):
            continue
        at = 0
        for secret in secrets_in(text, [item]):
            start = text.index(secret.text, at)
            at = end = start + len(secret.text)
            if secret.text not in seen and not _is_in_blob(text, start, end):
                seen.add(secret.text)
                words = {"name": item.name.removeprefix("key-"), "value": mask(secret.text, item.prefix)}
                yield Hit(start, end, words, (secret.text,))


def _pattern_hits(text: str, match: StoredMatch) -> Iterator[Hit]:
    seen: set[str] = set()
    for found in _pattern(match.matches).finditer(text):
        groups = found.groupdict()
        secret = groups.get("secret") or ""
        name = groups.get("name") or "value"
        if secret in seen and secret:
            continue
        seen.add(secret)
        if secret and (is_placeholder(secret) or _is_in_blob(text, *found.span("secret"))):
            continue
        if match.value is not None and judge_value(match.value, constant(secret), name).truth is not True:
            continue
        start, end = found.span("secret") if secret else found.span()
        yield Hit(start, end, {"name": name, "value": mask(secret)}, (secret,) if secret else ())


def _is_in_blob(text: str, start: int, end: int) -> bool:
    """Whether it is part of a long run of letters and digits: an encoded image holds every short text somewhere."""
    before = _BLOB.match(text[max(0, start - _LONGEST_TOKEN) : start][::-1])
    after = _BLOB.match(text, end, end + _LONGEST_TOKEN)
    around = len(before[0]) + len(after[0]) if before and after else 0
    return around >= _LONGEST_TOKEN


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
