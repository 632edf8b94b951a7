"""What discovery leaves out, and on whose word."""

from __future__ import annotations

import os
from pathlib import Path

from mlsec_lint.record import dataclass
from mlsec_lint.sources.gitignore import GitIgnore
from mlsec_lint.sources.patterns import Patterns

DEFAULT_EXCLUDES = frozenset(
    {".bzr", ".direnv", ".eggs", ".git", ".hg", ".hypothesis", ".ipynb_checkpoints", ".jj", ".mypy_cache", ".nox"}
    | {".pants.d", ".pixi", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", "venv"}
    | {"__pycache__", "__pypackages__", "buck-out", "dist-packages", "node_modules", "site-packages"}
)
"""Names of folders that hold somebody else's code, or none."""

VERSION_CONTROL = frozenset({".bzr", ".git", ".hg", ".jj", ".svn"})
"""Those of them that belong to no project: that they are left out says nothing."""

BUILD_FOLDERS = frozenset({"_build", "build", "dist"})
"""Names of folders that hold build output, unless they are a Python package or git tracks something in them."""

_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")


@dataclass(frozen=True, slots=True)
class DiscoverySettings:
    """Where to look, and what to leave out."""

    root: Path
    """Patterns are relative to it, and symbolic links must not leave it."""
    exclude: tuple[str, ...] | None = None
    """Patterns in gitignore syntax that replace the default excludes; None: the default ones."""
    extend_exclude: tuple[str, ...] = ()
    """Further patterns."""
    respect_gitignore: bool = True
    force_exclude: bool = True
    """Excludes hold for files and folders that are named explicitly, too."""


class Exclusion:
    """Decides path by path; every answer is the reason, and an empty one means that the path stays in."""

    def __init__(self, root: Path, settings: DiscoverySettings) -> None:
        self._root = root
        self._defaults = settings.exclude is None
        self._patterns = Patterns([*(settings.exclude or ()), *settings.extend_exclude])
        self._git = GitIgnore(root)
        self._respect_gitignore = settings.respect_gitignore

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be read or used."""
        refused = self._patterns.refused
        own = (f"{refused} unusable patterns in `exclude` match nothing",) if refused else ()
        return own + tuple(dict.fromkeys(self._git.notes))

    def reason(self, path: Path, folder: bool, lowest: Path | None = None) -> str:
        """Why a path met on the way down is left out; `lowest` as in `GitIgnore.ignores`."""
        excluded = self.excluded(path, folder)
        if excluded or not self._respect_gitignore:
            return excluded
        return ".gitignore" if self._git.ignores(path, folder, lowest) else ""

    def excluded(self, path: Path, folder: bool) -> str:
        """The same without gitignore."""
        if self._defaults and folder and self._is_foreign(path):
            return "default excludes"
        if not self._patterns or not path.is_relative_to(self._root):
            return ""
        return "exclude" if self._patterns.decide(path.relative_to(self._root).as_posix(), folder) else ""

    def excluded_above(self, path: Path, folder: bool) -> str:
        """Why a path that is named explicitly is left out: its own or a parent's exclude, up to the root."""
        if not path.is_relative_to(self._root) or path == self._root:
            return ""
        between = [parent for parent in path.parents if parent != self._root and parent.is_relative_to(self._root)]
        reasons = (self.excluded(parent, folder=True) for parent in reversed(between))
        return next(filter(None, reasons), "") or self.excluded(path, folder)

    def ignored_above(self, path: Path) -> bool:
        """Whether gitignore would leave out a folder that is named explicitly, or one above it."""
        folders = [path, *(parent for parent in path.parents if parent.is_relative_to(self._root))]
        return self._respect_gitignore and any(self._git.ignores(folder, folder=True) for folder in folders)

    def _is_foreign(self, folder: Path) -> bool:
        if folder.name in DEFAULT_EXCLUDES:
            return True
        if folder.name in BUILD_FOLDERS:
            return not (folder / "__init__.py").exists() and not self._git.tracks(folder, folder=True)
        return any(os.path.lexists(folder / mark) for mark in _ENVIRONMENT_MARKS)
