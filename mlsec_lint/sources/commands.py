"""Commands: the shell lines and line magics of a notebook, cut into programs and words with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.record import dataclass
from mlsec_lint.sources.magics import Magic

LONGEST = 20_000
"""Characters of one magic that are read as commands."""

_TOKEN = re.compile(
    r"(?P<space>(?:[ \t\r]|\\\n)+)"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<operator>\|\||&&|\|&?|;;?|&(?!>)|\n|[()])"
    r"|(?P<word>(?:\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"|[<>]&|&>|[^\s\\'\"|&;()])+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_QUOTED = re.compile(r"\\(.)|'([^']*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_MAGIC = re.compile(r"(?P<sign>%%|!!|[%!])[ \t]*(?P<name>\w+)?")
# Magics whose rest, or whose body, is given to a shell; those that are programs themselves.
_SHELL_LINES = frozenset({"sx", "system", "sh", "bash"})
_SHELL_CELLS = frozenset({"bash", "sh", "sx", "system", "script", "shell"})
_PROGRAMS = frozenset({"pip", "pip3", "conda", "mamba", "micromamba", "uv"})
# What only starts the program that follows.
_STARTERS = frozenset({"sudo", "nohup", "time", "exec", "command", "env", "stdbuf", "yes", "xvfb-run"})
_PYTHON = re.compile(r"(?:\{\s*)?(?:\S*/)?(?:python[\d.]*|sys\.executable)(?:\s*\})?|\$\{?PYTHON\}?")
_VERSIONED = re.compile(r"(pip|python)[\d.]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, without its quotes; `start` and `end` are offsets into the text of the magic."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Command:
    """One program with its arguments, or one line magic (its program is written with `%`)."""

    magic: Magic
    words: tuple[Word, ...]
    program: str
    """Without its folder and version; `python -m pip` is `pip`, `uv pip` is `pip`."""
    arguments: tuple[Word, ...]
    text: str
    """Program and arguments with one blank between them."""
    assignments: tuple[Word, ...] = ()
    """What stands before it: `TOKEN=… wget`."""
    pipes_into: Command | None = None
    line: str = ""
    """The line or pipeline that it is part of, as written."""


def commands_of(magic: Magic) -> tuple[Command, ...]:
    """What a magic runs; nothing for help (`frame?`) and for cells that no shell runs."""
    found = _MAGIC.match(magic.text)
    if found is None:
        return () if magic.text.startswith("?") or magic.text.rstrip().endswith("?") else _shell(magic, 0)
    sign, name = found["sign"], found["name"] or ""
    if sign.startswith("!"):
        return _shell(magic, len(sign))
    body = magic.text.find("\n") + 1
    if sign == "%%" or (name in _SHELL_LINES and body):
        cell = (_line_magic(magic, found.end("sign"), sign, body - 1 if body else len(magic.text)),)
        return (*cell, *_shell(magic, body)) if body and name in _SHELL_CELLS else cell
    if name in _SHELL_LINES:
        return _shell(magic, found.end())
    if name in _PROGRAMS:
        return _shell(magic, found.start("name"))
    return (_line_magic(magic, found.end("sign"), sign, len(magic.text)),)


def _line_magic(magic: Magic, start: int, sign: str, end: int) -> Command:
    words = tuple(token for token in _tokens(magic.text[:end], start) if isinstance(token, Word))
    program = f"{sign}{words[0].text}" if words else sign
    return Command(magic, words, program, words[1:], _joined(program, words[1:]), line=magic.text[:end])


def _shell(magic: Magic, start: int) -> tuple[Command, ...]:
    """The commands of a piece of shell text, last first in each pipeline while they are made."""
    made: list[Command] = []
    pipeline: list[tuple[Word, ...]] = []
    words: list[Word] = []
    for token in (*_tokens(magic.text[:LONGEST], start), ";"):
        if isinstance(token, Word):
            words.append(token)
            continue
        if words:
            pipeline.append(tuple(words))
            words = []
        if token not in ("|", "|&"):
            made += _pipeline(magic, pipeline)
            pipeline = []
    return tuple(made)


def _pipeline(magic: Magic, pipeline: list[tuple[Word, ...]]) -> list[Command]:
    made: list[Command] = []
    line = magic.text[pipeline[0][0].start : pipeline[-1][-1].end] if pipeline else ""
    for words in reversed(pipeline):
        command = _command(magic, words, made[0] if made else None, line)
        if command is not None:
            made.insert(0, command)
    return made


def _command(magic: Magic, words: tuple[Word, ...], into: Command | None, line: str) -> Command | None:
    at = 0
    assignments = []
    while at < len(words) - 1 and (words[at].text in _STARTERS or _ASSIGNMENT.match(words[at].text)):
        if words[at].text not in _STARTERS:
            assignments.append(words[at])
        at += 1
        while words[at - 1].text == "sudo" and at < len(words) - 1 and words[at].text.startswith("-"):
            at += 1
    program = _bare(words[at].text)
    at += 1
    if program == "python" and len(words) > at + 1 and words[at].text == "-m":
        program = _bare(words[at + 1].text)
        at += 2
    if program == "uv" and len(words) > at and words[at].text == "pip":
        program = "pip"
        at += 1
    text = _joined(program, words[at:])
    return Command(magic, words, program, words[at:], text, tuple(assignments), into, line)


def _joined(program: str, arguments: tuple[Word, ...]) -> str:
    return " ".join((program, *(word.text for word in arguments)))


def _bare(word: str) -> str:
    """A program without its folder and version."""
    if _PYTHON.fullmatch(word):
        return "python"
    name = word.rsplit("/", 1)[-1]
    versioned = _VERSIONED.fullmatch(name)
    return versioned[1] if versioned else name


def _tokens(text: str, start: int) -> Iterator[Word | str]:
    """Words, and the operators between them."""
    for token in _TOKEN.finditer(text, start):
        if token.lastgroup == "word":
            yield Word(_QUOTED.sub(_unquoted, token[0]), token.start(), token.end())
        elif token.lastgroup == "operator":
            yield token[0]


def _unquoted(found: re.Match[str]) -> str:
    if found[3] is not None:
        return re.sub(r"\\([\"\\$`])", r"\1", found[3])
    return found[1] if found[1] is not None else found[2]
