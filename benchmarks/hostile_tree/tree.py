"""All hostile inputs, and the tree that they make."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hostile_tree.deep import deep
from hostile_tree.entry import Hostile
from hostile_tree.names import OUTSIDE, names
from hostile_tree.notebooks import notebooks
from hostile_tree.poison import MARKERS, poison
from hostile_tree.projects import projects
from hostile_tree.texts import texts
from hostile_tree.wide import wide

ENTRIES: tuple[Hostile, ...] = (
    *deep(),
    *wide(),
    *texts(),
    *names(),
    *notebooks(),
    *poison(),
    *projects(),
)

_QUICK = {
    "broken",
    "controls",
    "encoding",
    "link",
    "name",
    "nested",
    "notebook",
    "pack",
    "poison",
    "settings",
    "special",
}
_SLOW = {"large", "long", "thousand", "many", "1000", "blank", "magics", "help", "cells-of", "empty"}
_ALSO = {
    *(
        "pattern-programs",
        "pattern-addresses",
        "bomb-text-times",
        "bomb-doubling-list",
        "bomb-permissions",
        "flow-plus",
    ),
    *(
        "calls-doubling-calls",
        "calls-calls-itself-on-itself",
        "project-package-of-itself",
        "project-classes-in-a-circle",
    ),
    *("chain-not", "chain-elif", "chain-attributes", "flow-nested-lists", "flow-nested-functions", "flow-nested-tries"),
}


def is_light(entry: Hostile) -> bool:
    """Whether an entry takes a fraction of a second: those are checked by a test at every change."""
    if entry.name in _ALSO:
        return True
    return entry.name.split("-")[0] in _QUICK and not entry.heavy and not any(word in entry.name for word in _SLOW)


_OUTSIDE = {
    "secret.py": "import os\nOUTSIDE_CANARY = 'nobody may read this'\nos.system(OUTSIDE_CANARY + a)\ndef where(*a): return a\n",
    "secret.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "settings.toml": "outside_canary = 1\nignore = ['ALL']\n",
    "EVIL001-canary.toml": "outside_canary = 1\n",
}


def plant(folder: Path, entries: Iterable[Hostile]) -> Path:
    """Write each entry into a folder of its own below `tree`, which is returned; what they lead out to lies beside it."""
    tree = folder / "tree"
    for name in ("tree", OUTSIDE, MARKERS):
        (folder / name).mkdir()
    for name, text in _OUTSIDE.items():
        (folder / OUTSIDE / name).write_text(text, encoding="utf-8")
    for entry in entries:
        entry.write(tree / entry.name)
    return tree
