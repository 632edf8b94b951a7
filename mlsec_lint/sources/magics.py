"""What notebooks add to Python: magics, shell lines and help, found and replaced by neutral code of the same length."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Generator, Iterator

from mlsec_lint.findings import Span
from mlsec_lint.record import dataclass

# Cell magics whose body is run as Python in the kernel or in another one.
_PYTHON_CELLS = frozenset(
    {"capture", "debug", "ipytest", "memit", "px", "pyinstrument", "prun", "python", "python3", "scalene"}
    | {"snakeviz", "time", "timeit", "wandb"}
)
# Line magics whose argument is Python.
_PYTHON_LINES = frozenset({"lprun", "memit", "mprun", "prun", "snakeviz", "time", "timeit"})
_STATEMENT = re.compile(r"[ \t]*[%!?]")
_CELL_MAGIC = re.compile(r"%%([A-Za-z_]\w*)")
# Databricks gives a whole cell to a language with one percent sign.
_LANGUAGE_CELL = re.compile(r"\s*%(?:md|md-sandbox|sql|sh|scala|r|fs)\b")
_PYTHON_MAGIC = re.compile(r"(%%?([A-Za-z_]\w*)[ \t]+(?:-[A-Za-z]+(?:[ \t]*\d+)?[ \t]+)*)(?=\S)")
# Commands that the shell runs without a percent sign; the words after the blank would make it valid Python.
_AUTOMAGIC = re.compile(
    r"[ \t]*(?:pip3?|conda|mamba|micromamba|uv|cd|ls|ll|mkdir|rmdir|rm|cp|mv|cat|man|more|less|env|run|load|store)"
    r"[ \t]+(?!(?:in|is|and|or|not|if|else|for)\b)[\w./~\"'-]"
)
SHELL = "\u01c3"
"""What a shell line with Python in it calls in the virtual module: a letter that looks like the exclamation mark."""

_SHELL_LINE = re.compile(r"!|%(?:sx|system)\b")
_EXPANDED = re.compile(r"\{\{|\}\}|\{(?P<braced>[^{}\n]+)\}|\$\$|\$(?P<plain>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_TOKEN = re.compile(r"#[^\n]*|\"\"\"|'''|[\"'()\[\]{}?\n]|\\\n|(?<![=!<>+\-*/%&|^@:~])=[ \t]*(?:%(?=[A-Za-z_])|!(?!=))")
_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_STRING_END = {
    '"""': re.compile(r'\\.|"""', re.DOTALL),
    "'''": re.compile(r"\\.|'''", re.DOTALL),
    '"': re.compile(r'\\.|"|(?=\n)', re.DOTALL),
    "'": re.compile(r"\\.|'|(?=\n)", re.DOTALL),
}


@dataclass(frozen=True, slots=True)
class Magic:
    """One magic, shell or help line of a notebook, or a whole cell in another language."""

    cell: int
    """The index of its cell, from 0 over all cells."""
    line: int
    """Its first line in the cell, from 1."""
    text: str
    """As written, from `%`, `!` or the command on; continued lines and a foreign cell's body included."""
    span: Span
    """In the text of the source file, so that `locate` finds its place."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a cell that is no Python: offsets into the cell's text, and neutral code of the same shape."""

    start: int
    end: int
    neutral: str


def stretches(text: str) -> Iterator[Stretch]:
    """The parts of a cell that are no Python, in order; its lines must end in a newline character alone."""
    at = len(text) - len(text.lstrip())
    while found := _CELL_MAGIC.match(text, at):
        end = _line_end(text, at)
        if found[1] not in _PYTHON_CELLS:
            yield Stretch(at, len(text), blanked(text[at:]))
            return
        yield Stretch(at, end, _neutral_cell_magic(text[at:end]))
        at = len(text) - len(text[end:].lstrip())
    while at < len(text):
        stretch = _statement_at(text, at)
        if stretch:
            yield stretch
            at = stretch.end + 1
        else:
            at = yield from _logical_line(text, at)


def foreign(text: str) -> Stretch | None:
    """All of a cell, if it may be in another language; asked when it turns out to be no Python."""
    return Stretch(0, len(text), blanked(text)) if _LANGUAGE_CELL.match(text) else None


def neutralised(text: str, found: list[Stretch]) -> str:
    """The cell's text with its stretches replaced."""
    parts = []
    at = 0
    for stretch in found:
        parts += [text[at : stretch.start], stretch.neutral]
        at = stretch.end
    return "".join([*parts, text[at:]])


def blanked(text: str) -> str:
    """Text of the same shape that says nothing: comments, or where comments answer findings, statements with these."""
    if "mlsec" not in text:
        return re.sub(r"[^\n]", "#", text)
    return "\n".join(map(_blanked_line, text.split("\n")))


def _blanked_line(line: str) -> str:
    return line if line.startswith("#") or not line else _neutral_statement(line)


def fault(text: str) -> tuple[str, int, int] | None:
    """Why the text is no Python that may wait at its top level: message, line, column; None when it is."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<cell>", "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        return error.msg, error.lineno or 1, error.offset or 1
    except (ValueError, RecursionError, MemoryError) as error:
        return f"Python's own parser gives up ({type(error).__name__})", 1, 1
    return None


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _continued_end(text: str, at: int) -> int:
    """The end of the line at `at`, lines that a backslash continues included."""
    end = _line_end(text, at)
    while end < len(text) and text[end - 1] == "\\":
        end = _line_end(text, end + 1)
    return end


def _statement_at(text: str, at: int) -> Stretch | None:
    """The magic that starts at the logical line at `at`."""
    if _STATEMENT.match(text, at) or _is_automagic(text, at):
        end = _continued_end(text, at)
        at += len(text[at:end]) - len(text[at:end].lstrip(" \t"))
        return Stretch(at, end, _python_argument(text[at:end]) or _neutral_statement(text[at:end]))
    return None


def _is_automagic(text: str, at: int) -> bool:
    return bool(_AUTOMAGIC.match(text, at)) and fault(text[at : _line_end(text, at)].strip()) is not None


def _neutral_cell_magic(line: str) -> str:
    return _python_argument(line) or "#" + " " * (len(line) - 1)


def _neutral_statement(text: str) -> str:
    """`pass` and the comment on its line (it may suppress something), then empty lines."""
    if called := _shell_call(text):
        return called
    first, *rest = text.split("\n")
    comment = first.find(" #", len("pass"))
    code = "pass" if len(first) >= len("pass") else "0"
    kept = first[comment:] if comment > 0 else ""
    return "\n".join([code.ljust(len(first) - len(kept)) + kept, *(" " * len(line) for line in rest)])


def _shell_call(text: str) -> str | None:
    """`!ls {folder} $name` as a call with the Python that it takes in, each expression where it stands."""
    if not _SHELL_LINE.match(text):
        return None
    comment = re.search(r"(?<=\s)#[^\n]*\Z", text)
    end = comment.start() if comment else len(text)
    spans = [item.span(item.lastgroup) for item in _EXPANDED.finditer(text, 0, end) if item.lastgroup]
    taken = [span for span in spans if fault(f"({text[slice(*span)]})") is None]
    if not taken:
        return None
    call = [sign if sign == "\n" else " " for sign in text[:end]]
    call[:2] = SHELL, "("
    for number, (start, stop) in enumerate(taken):
        shift = stop == len(text)  # `$name` at the very end leaves no room for the bracket
        if number:
            call[start - shift - 1] = ","
        call[start - shift : stop - shift] = text[start:stop]
    last = min(taken[-1][1], len(text) - 1)
    call[last : last + 1] = ")"
    neutral = "".join(call) + text[end:]
    return neutral if len(neutral) == len(text) and fault(neutral) is None else None


def _python_argument(line: str) -> str | None:
    """`%time f()` as `pass ;f()`."""
    found = _PYTHON_MAGIC.match(line)
    if not found or found[2] not in _PYTHON_LINES or "\n" in line:
        return None
    neutral = "pass".ljust(found.end() - 1) + ";" + line[found.end() :]
    return neutral if fault(neutral) is None else None


def _logical_line(text: str, start: int) -> Generator[Stretch, None, int]:
    """The magics inside the logical line at `start`; returns where the next one starts."""
    depth = 0
    at = start
    while token := _TOKEN.search(text, at):
        at = token.end()
        shown = token[0]
        if shown in _STRING_END:
            at = _string_end(text, at, shown)
        elif shown in _DEPTH:
            depth += _DEPTH[shown]
        elif depth <= 0 and shown == "\n":
            return at
        elif depth <= 0 and shown[0] in "?=":
            stretch = _help(text, start) if shown == "?" else _assigned(text, at - 1)
            yield stretch
            return stretch.end + 1
    return len(text)


def _help(text: str, start: int) -> Stretch:
    """All of `frame.head?`."""
    end = _continued_end(text, start)
    start += len(text[start:end]) - len(text[start:end].lstrip(" \t"))
    return Stretch(start, end, _neutral_statement(text[start:end]))


def _assigned(text: str, start: int) -> Stretch:
    """The right side of `files = !ls`; a name that nothing is known of takes its place."""
    end = _continued_end(text, start)
    magic = text[start:end]
    found = _PYTHON_MAGIC.match(magic)
    if found and found[2] in _PYTHON_LINES and fault(magic[found.end() :]) is None:
        return Stretch(start, end, " " * found.end() + magic[found.end() :])
    if called := _shell_call(magic):
        return Stretch(start, end, called)
    first, *rest = magic.split("\n")
    return Stretch(start, end, "\n".join(["_".ljust(len(first)), *(" " * len(line) for line in rest)]))


def _string_end(text: str, at: int, quote: str) -> int:
    for found in _STRING_END[quote].finditer(text, at):
        if not found[0].startswith("\\"):
            return found.end()
    return len(text)
