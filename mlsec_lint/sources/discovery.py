"""Named paths → the files to check, each once and in a fixed order, and a word on everything that is left out."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from mlsec_lint.findings import Problem
from mlsec_lint.record import dataclass
from mlsec_lint.sources.exclusion import VERSION_CONTROL, DiscoverySettings, Exclusion
from mlsec_lint.sources.reading import read_bytes

__all__ = ["Discovery", "DiscoverySettings", "discover", "shown_path"]

SUFFIXES = frozenset({".ipynb", ".py", ".pyi", ".pyw"})
_SHEBANG = re.compile(rb"#![^\r\n]*\b(?:python|pypy|ipython)[0-9.]*w?\b|#![^\r\n]*\buv run\b")
_SHEBANG_LENGTH = 256
_OPTION = {
    "default excludes": "`exclude = []` checks them",
    "exclude": "`--no-force-exclude` checks those that are named",
    ".gitignore": "`respect-gitignore = false` checks them",
    "symbolic link": "they leave the root, loop or lead nowhere",
}


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found under the named paths."""

    files: tuple[Path, ...] = ()
    """Absolute, sorted."""
    problems: tuple[Problem, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Files and folders (a folder counts once) by reason."""
    notes: tuple[str, ...] = ()
    """Sentences for people: what was left out, and which option changes that."""

    @property
    def excluded(self) -> int:
        """How many files and folders were left out."""
        return sum(self.left_out.values())


def discover(paths: Sequence[Path], settings: DiscoverySettings) -> Discovery:
    """Find the Python files, scripts and notebooks under `paths`; relative ones start at the working directory."""
    walk = _Walk(settings)
    for path in sorted(set(paths)):
        walk.named(path)
    walk.follow_links()
    notes = [
        f"{count} {'path is' if count == 1 else 'paths are'} left out ({reason}): {_OPTION[reason]}"
        for reason, count in sorted(walk.left_out.items())
    ]
    return Discovery(
        tuple(sorted(map(Path, walk.files.values()))),
        tuple(sorted(walk.problems, key=lambda problem: (problem.path, problem.kind))),
        dict(sorted(walk.left_out.items())),
        (*notes, *walk.exclusion.notes),
    )


def shown_path(path: Path, root: Path) -> str:
    """A path as reports show it: with forward slashes, relative to `root` where it lies below it."""
    text = os.fspath(path)
    real_root = os.path.realpath(root)
    if text.startswith(real_root + os.sep):  # asked for every file
        return text[len(real_root) + 1 :].replace(os.sep, "/")
    for base in (Path(real_root), root.absolute()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()


class _Walk:
    """The state of one discovery. Folders and files go by two paths: as shown, and with all links resolved."""

    def __init__(self, settings: DiscoverySettings) -> None:
        self._root = Path(os.path.realpath(settings.root))
        self._lexical_root = settings.root.absolute()
        self._settings = settings
        self._bases = [self._root]
        self._folders: set[Path] = set()
        self._links: list[tuple[Path, Path | None]] = []
        self.exclusion = Exclusion(self._root, settings)
        self.files: dict[Path, Path] = {}
        self.problems: list[Problem] = []
        self.left_out: Counter[str] = Counter()

    def named(self, path: Path) -> None:
        """Take a path that the user has named."""
        path = self._below_root(path)
        if not os.path.lexists(path):
            self._problem("missing", path, "there is no such file or folder", _did_you_mean(path))
            return
        real = Path(os.path.realpath(path))
        if not path.is_relative_to(self._root):
            self._bases.append(real)
        elif not real.is_relative_to(self._root):
            self._problem("unreadable", path, "this link leaves the root of the run", "name its target instead")
            return
        folder = real.is_dir()
        if self._settings.force_exclude and (reason := self.exclusion.excluded_above(path, folder)):
            self.left_out[reason] += 1
        elif folder:
            foreign = not path.is_relative_to(self._root) or self.exclusion.ignored_above(path)
            self._folder(path, real, path if foreign else None)
        elif real.is_file():
            self.files.setdefault(real, path)
        else:
            self._problem("unreadable", path, "this is no regular file", "name a file or a folder")

    def follow_links(self) -> None:
        """Take the links that were met, after everything that has a place of its own; they may lead to more links."""
        while self._links:
            links, self._links = sorted(self._links, key=lambda link: link[0]), []
            for path, lowest in links:
                self._link(path, lowest)

    def _below_root(self, path: Path) -> Path:
        """An absolute path, without `..` and with the root resolved."""
        absolute = Path(os.path.normpath(path.absolute()))
        if absolute.is_relative_to(self._lexical_root):
            return self._root / absolute.relative_to(self._lexical_root)
        return absolute

    def _folder(self, path: Path, real: Path, lowest: Path | None) -> None:
        waiting = [(path, real)]
        while waiting:
            path, real = waiting.pop()
            if real in self._folders:
                continue
            self._folders.add(real)
            for entry in self._entries(path):
                if entry.is_symlink():
                    self._links.append((path / entry.name, lowest))
                elif entry.is_dir(follow_symlinks=False):
                    if self._stays(path / entry.name, folder=True, lowest=lowest):
                        waiting.append((path / entry.name, real / entry.name))
                else:
                    self._file(path / entry.name, real / entry.name, entry.is_file(follow_symlinks=False), lowest)

    def _entries(self, path: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            said = f"this folder cannot be read: {error.strerror}"
            self._problem("unreadable", path, said, "check its permissions, or exclude it")
            return []

    def _file(self, path: Path, real: Path, regular: bool, lowest: Path | None) -> None:
        known = path.suffix.lower() in SUFFIXES
        if not known and (path.suffix or not regular):
            return
        if not known and (self.exclusion.reason(path, folder=False, lowest=lowest) or not self._is_script(path)):
            return
        if not self._stays(path, folder=False, lowest=lowest):
            return
        if regular:
            self.files.setdefault(real, path)
        else:
            self._problem("unreadable", path, "this is no regular file", "exclude it")

    def _is_script(self, path: Path) -> bool:
        """Whether a file without an ending starts with the name of a Python interpreter."""
        try:
            return bool(_SHEBANG.match(read_bytes(path, _SHEBANG_LENGTH)))
        except ValueError:  # it was replaced by a pipe in the meantime
            return False
        except OSError as error:
            self._problem("unreadable", path, f"this file cannot be read: {error.strerror}", "check its permissions")
            return False

    def _link(self, path: Path, lowest: Path | None) -> None:
        real = Path(os.path.realpath(path))
        inside = any(real.is_relative_to(base) for base in self._bases)
        folder = real.is_dir()
        if not inside or not real.exists() or path.is_relative_to(real):
            self.left_out["symbolic link"] += 1
        elif self._stays(path, folder=folder, lowest=lowest) and not self.exclusion.excluded_above(real, folder):
            if folder:
                self._folder(path, real, lowest)
            elif real not in self.files:
                self._file(path, real, real.is_file(), lowest)

    def _stays(self, path: Path, *, folder: bool, lowest: Path | None) -> bool:
        reason = self.exclusion.reason(path, folder=folder, lowest=lowest)
        if reason and not (folder and path.name in VERSION_CONTROL):
            self.left_out[reason] += 1
        return not reason

    def _problem(self, kind: str, path: Path, message: str, hint: str) -> None:
        self.problems.append(Problem(kind, shown_path(path, self._root), message, hint))


def _did_you_mean(path: Path) -> str:
    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except OSError:
        return "check the path; its folder does not exist either"
    import difflib

    close = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean `{close[0]}`?" if close else "check the path"
