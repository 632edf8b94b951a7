"""A page of the documentation as a program: its blocks of shell commands, one after the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>not run|exit|run): (?P<said>[^>]*?) -->\n)?```(?:sh|bash|console)\n(?P<code>.*?)^```$"
    r"(?:\n+<!-- output -->\n```text\n(?P<output>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)
GAP = "[…]"


class Block(NamedTuple):
    """Some commands, and what becomes of them."""

    code: str
    exits: frozenset[int]
    """The exit codes that the page allows."""
    output: tuple[str, ...]
    """Lines that are printed, in this order."""
    reason: str
    """Why they are not run; empty if they are."""


def blocks(page: Path) -> list[Block]:
    """The commands of a page in order.

    A comment before a block says `exit: 1` for the code that it ends with (0 or 1, if nothing is said), or `not run:` with
    the reason. `run:` names a block that a test of its own runs. Text behind `<!-- output -->` is a part of what it prints.
    """
    return [_block(found) for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))]


def _block(found: re.Match[str]) -> Block:
    mark, said = found["mark"], found["said"] or ""
    exits = frozenset({int(said)}) if mark == "exit" else frozenset({0, 1})
    reason = {"not run": said, "run": "a test of its own runs it"}.get(mark or "", "")
    lines = tuple(line.rstrip() for line in (found["output"] or "").splitlines())
    return Block(found["code"], exits, tuple(line for line in lines if line and line != GAP), reason)


def script(page: list[Block]) -> str:
    """One shell program; after each block a line with its number and exit code."""
    return "\n".join(
        f"{block.code}\nprintf '\\n<<%d %d>>\\n' {number} $?" for number, block in enumerate(page) if not block.reason
    )


def results(output: str) -> dict[int, tuple[str, int]]:
    """By number of the block what it printed, and its exit code."""
    parts = re.split(r"\n<<(\d+) (\d+)>>\n", output)
    return {
        int(number): (printed, int(code))
        for printed, number, code in zip(parts[::3], parts[1::3], parts[2::3], strict=False)
    }
