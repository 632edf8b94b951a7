"""The files of a project that import some of its files, found by their text alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from mlsec_lint.imports import dotted
from mlsec_lint.imports.finder import Finder
from mlsec_lint.sources.reading import read_bytes

MAX_HOPS = 3
"""Files that a story goes through before a checked one."""

MAX_TEXT = 60_000_000
"""Bytes of files whose imports are looked at; those nearest to the checked files come first."""

LARGEST = 1_000_000
"""Larger files are data or generated, and are passed over."""

MAX_IMPORTS = 2_000
"""Different paths that are looked up for one file."""

_IMPORT = re.compile(  # counts are bounded: no text makes this slow
    rb"^[ \t]{0,80}(?:from[ \t]{1,9}(\.{0,20})[ \t]{0,9}([\w.]{0,200})[ \t]{1,9}import[ \t]{0,9}(\([^)]{0,4000}\)|[^\n(]{0,4000})"
    rb"|import[ \t]{1,9}([^\n]{1,4000}))",
    re.MULTILINE,
)
_BOUND = re.compile(rb"([\w.]{1,200})(?:[ \t]{1,9}as[ \t]{1,9}\w{1,200})?")


class Importers:
    """Answers which files of a project import a file; each of them is read once."""

    def __init__(self, files: Sequence[Path], finder: Finder) -> None:
        """`files` are those of the project, absolute, the checked ones left out."""
        self._files, self._finder = files, finder
        self._paths: dict[Path, tuple[str, ...]] = {}

    def of(self, checked: Sequence[Path], most: int) -> list[Path]:
        """At most `most` files that import one of the checked ones, or a file that does; nearer ones first."""
        texts = self._read(checked)
        found: dict[Path, None] = {}
        wanted = list(checked)
        for _ in range(MAX_HOPS):
            targets = {os.path.realpath(file) for file in wanted}
            new = [file for file in texts if file not in found]
            wanted = [file for file in new if self._imports(file, texts[file], targets)]
            found.update(dict.fromkeys(wanted))
            if len(found) >= most or not wanted:
                break
        return list(found)[:most]

    def _read(self, checked: Sequence[Path]) -> dict[Path, bytes]:
        left = MAX_TEXT
        texts: dict[Path, bytes] = {}
        for file in sorted(self._files, key=lambda file: (-max(_shared(file, one) for one in checked), file)):
            try:
                text = read_bytes(file, LARGEST)
            except (OSError, ValueError):  # gone, unreadable, or no regular file
                continue
            if len(text) > LARGEST:
                continue
            texts[file] = text
            left -= len(text)
            if left < 0:
                break
        return texts

    def _imports(self, file: Path, text: bytes, targets: set[str]) -> bool:
        names = {_own_name(target) for target in targets}
        if not any(os.fsencode(name) in text for name in names):
            return False
        importer = str(file)
        for path in self._paths_in(file, text):
            for name in dotted.readings(path):
                _, last = dotted.split(name)
                if last and last not in names:  # dots alone have none
                    continue
                module = self._finder.find(name, importer)
                if module is not None and os.path.realpath(module) in targets:
                    return True
        return False

    def _paths_in(self, file: Path, text: bytes) -> tuple[str, ...]:
        """What a file imports, looked for once however many hops ask."""
        if file not in self._paths:
            self._paths[file] = tuple(islice(dict.fromkeys(_imported(text)), MAX_IMPORTS))
        return self._paths[file]


def _own_name(file: str) -> str:
    """The last part of the dotted path of a module."""
    path = Path(file)
    return path.parent.name if path.stem == "__init__" else path.stem


def _imported(text: bytes) -> Iterator[str]:
    """The dotted paths of what a file imports."""
    for dots, base, names, plain in _IMPORT.findall(text):
        if plain:
            yield from (match.group(1).decode(errors="replace") for match in _BOUND.finditer(plain))
            continue
        start = (dots + base).decode(errors="replace")
        joint = "" if not base else "."
        yield start
        yield from (f"{start}{joint}{match.group(1).decode(errors='replace')}" for match in _BOUND.finditer(names))


def _shared(one: Path, other: Path) -> int:
    """How many folders two files have in common."""
    return len(Path(os.path.commonpath((one.parent, other.parent))).parts)
