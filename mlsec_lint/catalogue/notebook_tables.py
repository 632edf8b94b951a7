"""The match tables about what a notebook has beside its Python."""

from __future__ import annotations

from typing import TypeAlias

from mlsec_lint.catalogue.model import Opinion, Test
from mlsec_lint.record import dataclass

_AS_THE_RULE_SAYS = Opinion()


@dataclass(frozen=True, slots=True)
class CommandMatch:
    """A command that a notebook runs: a shell line, a line magic, a line of a `%%bash` cell."""

    program: tuple[str, ...] = ()
    """What it starts with, magics with their sign: `git clone`, `%env`; empty: any."""
    matches: str = ""
    """A regular expression found in the program and its arguments, one blank between them."""
    unless: str = ""
    """The same, where it makes the command fine."""
    check: str = ""
    """The name of a Python predicate on commands (`match/command_predicates.py`)."""
    opinion: Opinion = _AS_THE_RULE_SAYS


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """Text that a notebook stores beside its Python: what was printed, what was written in words."""

    part: tuple[str, ...]
    """Where: `output`, `metadata`, `attachment`, `markdown`, `raw`, `foreign` (cells and lines that are no Python)."""
    format: tuple[str, ...] = ()
    """Names of `TextFormat` facts, or a prefix with `*`."""
    keyword: tuple[str, ...] = ()
    """Lower-case texts of which one must occur before `matches` is tried."""
    matches: str = ""
    """A regular expression; if it has a group `secret`, that is the place, and `value` is asked of it."""
    value: Test | None = None
    check: str = ""
    """The name of a Python predicate on texts (`match/stored_predicates.py`)."""
    mime: tuple[str, ...] = ()
    """Only outputs of these media types; empty: all that are text."""
    opinion: Opinion = _AS_THE_RULE_SAYS


NotebookMatch: TypeAlias = CommandMatch | StoredMatch
