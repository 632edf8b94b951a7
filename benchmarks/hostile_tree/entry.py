"""One hostile input: what it is called, why it is hostile, and how it is written to disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Content: TypeAlias = "str | bytes | Callable[[], str | bytes]"
"""Of a file; a function for what is large, so that listing the entries costs nothing."""

PROOF = """
import sys
import torch


def where(name, value=None):
    return name


PROVEN = torch.load(sys.argv[1], weights_only=False)
"""
"""The end of a hostile file: its finding proves that what stands before it was survived."""

NEIGHBOUR = "import sys\nimport torch\n\nmodel = torch.load(sys.argv[1], weights_only=False)\n"
IMPORTER = """import torch
import hostile
from hostile import *
from hostile import where


def load(name):
    return torch.load(where(name, hostile.value), weights_only=False)
"""
NEIGHBOURS: Mapping[str, str] = {"neighbour.py": NEIGHBOUR, "importer.py": IMPORTER}
"""Files with one finding each beside every hostile one; the second imports it, so that it is read a second way."""

RULE = "MLS103"
"""The rule of all these findings."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """An input; it gets a folder of its own, with the neighbours in it."""

    name: str
    why: str
    files: Mapping[str, Content] = field(default_factory=dict)
    """By path below the folder; each must be analysed, or named as a problem."""
    plant: Callable[[Path], None] | None = None
    """Makes what is no regular file, or must be written in a way of its own."""
    beside: Mapping[str, Content] = field(default_factory=dict)
    """Further files, which nobody expects to be checked."""
    heavy: bool = False
    """Takes more than some seconds: for the report only."""
    options: tuple[str, ...] = ()
    """How it has to be run by itself."""
    way: str = "python -m"
    """How the linter is started: the way that has the least protection, but for what no program can protect from."""

    def write(self, folder: Path) -> None:
        """Make the folder with everything in it."""
        folder.mkdir(parents=True)
        for name, text in NEIGHBOURS.items():
            (folder / name).write_text(text, encoding="utf-8")
        for name, content in {**self.beside, **self.files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(_bytes(content))
        if self.plant is not None:
            self.plant(folder)


def module(name: str, why: str, text: Content, *, heavy: bool = False, proof: bool = True) -> Hostile:
    """A hostile Python file, `hostile.py`, with a finding at its end unless nothing after it could be read."""

    def content() -> str | bytes:
        found = text() if callable(text) else text
        if not proof:
            return found
        return found + PROOF if isinstance(found, str) else found + PROOF.encode()

    return Hostile(name, why, {"hostile.py": content}, heavy=heavy)


def _bytes(content: Content) -> bytes:
    found = content() if callable(content) else content
    return found if isinstance(found, bytes) else found.encode("utf-8", "surrogatepass")
