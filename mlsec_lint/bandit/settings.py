"""Bandit's own configuration, read as data: `[tool.bandit]`, a `.bandit` file or the YAML file that `-c` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlsec_lint.record import dataclass

if TYPE_CHECKING:
    from mlsec_lint.bandit.plugins import Builtins, Config  # it takes 0.05 s to import, and few runs need it


@dataclass(frozen=True, slots=True)
class PluginOption:
    """One option of one plugin: `[tool.bandit.assert_used] skips = ["*_test.py"]`."""

    table: str
    name: str
    value: bool | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BanditSettings:
    """What a project tells Bandit."""

    tests: frozenset[str] = frozenset()
    """Only these ids; empty: all."""
    skips: frozenset[str] = frozenset()
    exclude_dirs: tuple[str, ...] = ()
    """Globs of paths, or parts of them."""
    options: tuple[PluginOption, ...] = ()

    def effective(self, tests: frozenset[str], builtins: Builtins) -> frozenset[str]:
        """Take from `tests` what the settings allow; `B001` stands for all blacklists."""
        denied = frozenset(entry.id for entries in builtins.denied.values() for entry in entries)
        wanted = _spread(self.tests, denied) if self.tests else tests
        return (tests & wanted) - _spread(self.skips, denied)

    def said(self) -> str:
        """All of it, in the same words for the same settings."""
        options = sorted(repr(option) for option in self.options)
        return repr((sorted(self.tests), sorted(self.skips), self.exclude_dirs, options))

    def options_of(self, table: str) -> Config:
        """The options that the project sets for a plugin; lists, as plugins ask for that type."""
        own = [option for option in self.options if option.table == table]
        return {option.name: list(value) if isinstance(value := option.value, tuple) else value for option in own}


DEFAULTS = BanditSettings()
"""A project that tells Bandit nothing."""


def _spread(tests: frozenset[str], denied: frozenset[str]) -> frozenset[str]:
    if "B001" not in tests:
        return tests
    return tests if tests & denied else tests | denied
