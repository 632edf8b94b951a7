"""What git would leave out of a work tree, as far as the tree itself says so."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from mlsec_lint.sources.git_index import git_directory, shared_directory, tracked_files, work_tree
from mlsec_lint.sources.patterns import Patterns
from mlsec_lint.sources.reading import read_bytes

_LARGEST = 1_000_000

Layers: TypeAlias = tuple[tuple[Path, Patterns], ...]


class GitIgnore:
    """The `.gitignore` files of a tree and of the repository around it, each read when first needed."""

    def __init__(self, root: Path) -> None:
        self._top = work_tree(root)
        self._highest = self._top or root
        self._layers: dict[Path, Layers] = {}
        self._tracked: frozenset[str] | None = None
        self._tracked_folders: frozenset[str] = frozenset()
        self.notes: list[str] = []

    def ignores(self, path: Path, folder: bool, lowest: Path | None = None) -> bool:
        """Whether a pattern matches and git tracks neither the file nor anything in the folder.

        With `lowest`, only the patterns in that folder and below it count.
        """
        return self._matches(path, folder, lowest) and not self.tracks(path, folder)

    def tracks(self, path: Path, folder: bool) -> bool:
        """Whether git tracks the file, or some file in the folder."""
        if self._top is None or not path.is_relative_to(self._top):
            return False
        shown = path.relative_to(self._top).as_posix()
        tracked = self._tracked_paths(self._top)
        return shown in (self._tracked_folders if folder else tracked)

    def _matches(self, path: Path, folder: bool, lowest: Path | None) -> bool:
        layers = self._layers_of(path.parent)
        if not layers:
            return False
        shown = path.as_posix()
        for base, patterns in layers:
            if lowest and not base.is_relative_to(lowest):
                break
            decided = patterns.decide(shown[len(base.as_posix().rstrip("/")) + 1 :], folder)
            if decided is not None:
                return decided
        return False

    def _layers_of(self, folder: Path) -> Layers:
        """The pattern lists that count in a folder, the nearest first."""
        unread: list[Path] = []
        while folder not in self._layers and folder not in {self._highest, folder.parent}:
            unread.append(folder)
            folder = folder.parent
        layers = self._layers[folder] if folder in self._layers else self._add_layer(folder, ())
        for below in reversed(unread):
            layers = self._add_layer(below, layers)
        return layers

    def _add_layer(self, folder: Path, above: Layers) -> Layers:
        own = self._patterns_in(folder)
        self._layers[folder] = layers = ((folder, own), *above) if own else above
        return layers

    def _patterns_in(self, folder: Path) -> Patterns | None:
        lines = _lines(folder / ".gitignore")
        if folder == self._top:
            lines = _exclude_lines(folder) + lines
        patterns = Patterns(lines) if lines else None
        if patterns and patterns.refused:
            self.notes.append(f"{patterns.refused} unusable patterns of a .gitignore file match nothing")
        return patterns

    def _tracked_paths(self, top: Path) -> frozenset[str]:
        if self._tracked is None:
            try:
                self._tracked = tracked_files(top)
            except (OSError, ValueError):
                self._tracked = frozenset()
                self.notes.append("the index of git cannot be read: tracked files that .gitignore names are left out")
            self._tracked_folders = frozenset(_folders(self._tracked))
        return self._tracked


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
