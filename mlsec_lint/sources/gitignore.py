"""What git would leave out of a work tree, as far as the tree itself says so."""

from __future__ import annotations

import os
from pathlib import Path

from mlsec_lint.sources.git_index import git_directory, shared_directory, tracked_files
from mlsec_lint.sources.patterns import Patterns
from mlsec_lint.sources.reading import read_bytes

_LARGEST = 1_000_000


class GitIgnore:
    """The `.gitignore` files of a tree and of the repository around it, each read when first needed."""

    def __init__(self, root: Path) -> None:
        self._top = _repository_of(root)
        self._highest = self._top or root
        self._patterns: dict[Path, Patterns | None] = {}
        self._tracked: frozenset[str] | None = None
        self._tracked_folders: frozenset[str] = frozenset()
        self.notes: list[str] = []

    def ignores(self, path: Path, folder: bool, lowest: Path | None = None) -> bool:
        """Whether a pattern matches and git tracks neither the file nor anything in the folder.

        With `lowest`, only the patterns in that folder and below it count.
        """
        return self._matches(path, folder, lowest or self._highest) and not self.tracks(path, folder)

    def tracks(self, path: Path, folder: bool) -> bool:
        """Whether git tracks the file, or some file in the folder."""
        if self._top is None or not path.is_relative_to(self._top):
            return False
        shown = path.relative_to(self._top).as_posix()
        tracked = self._tracked_paths(self._top)
        return shown in (self._tracked_folders if folder else tracked)

    def _matches(self, path: Path, folder: bool, highest: Path) -> bool:
        for base in path.parents:
            if not base.is_relative_to(highest):
                break
            patterns = self._patterns_in(base)
            decided = patterns.decide(path.relative_to(base).as_posix(), folder) if patterns else None
            if decided is not None:
                return decided
        return False

    def _patterns_in(self, folder: Path) -> Patterns | None:
        if folder not in self._patterns:
            lines = _lines(folder / ".gitignore")
            if folder == self._top:
                lines = _exclude_lines(folder) + lines
            patterns = self._patterns[folder] = Patterns(lines) if lines else None
            if patterns and patterns.refused:
                self.notes.append(f"{patterns.refused} unusable patterns of a .gitignore file match nothing")
        return self._patterns[folder]

    def _tracked_paths(self, top: Path) -> frozenset[str]:
        if self._tracked is None:
            try:
                self._tracked = tracked_files(top)
            except (OSError, ValueError):
                self._tracked = frozenset()
                self.notes.append("the index of git cannot be read: tracked files that .gitignore names are left out")
            self._tracked_folders = frozenset(_folders(self._tracked))
        return self._tracked


def _repository_of(root: Path) -> Path | None:
    return next((folder for folder in (root, *root.parents) if os.path.lexists(folder / ".git")), None)


def _exclude_lines(top: Path) -> list[str]:
    try:
        return _lines(shared_directory(git_directory(top)) / "info" / "exclude")
    except (OSError, ValueError):
        return []


def _lines(path: Path) -> list[str]:
    """The lines of a pattern file; none if it cannot be read, or is a link (which git does not follow either)."""
    try:
        if path.is_symlink():
            return []
        return read_bytes(path, _LARGEST)[:_LARGEST].decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return []


def _folders(paths: frozenset[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders
