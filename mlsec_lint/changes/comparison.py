"""The files of a run beside what git stores of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from mlsec_lint.changes.error import GitError
from mlsec_lint.changes.git import LARGEST_BLOB, Git
from mlsec_lint.changes.lines import WHOLE, ChangedLines, carried, changed, lines_of, matched
from mlsec_lint.sources.git_index import work_tree
from mlsec_lint.sources.reading import read_bytes

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")
_CHUNK = 1_000_000
_CANDIDATES = 50
"""Files that are gone, among which the earlier name of a new one is looked for."""

_MOST_LINES = 2_000_000
"""Lines of such files in all; a new file whose turn comes after that counts as changed."""

_ALIKE = 0.5
"""The share of its lines that a renamed file has kept, as git counts it by default."""

ReadBlob = Callable[[str], "bytes | None"]


class Comparison:
    """Answers which lines of a file have changed since a commit; with `staged`, which of them are to be committed."""

    def __init__(self, git: Git, base: str, said: str, *, staged: bool) -> None:
        """`base` is the id of the commit, empty for none; `said` names it for people."""
        self.said = said
        self.staged = staged
        self.partly = 0
        """How many staged files have changes that are not staged."""
        self.foreign = 0
        """How many files lie in repositories of their own."""
        self._lines_left = _MOST_LINES
        self._git = git
        self._top = Path(os.path.realpath(git.top))
        self._before = git.tree(base) if base else {}
        self._index = git.index() if staged else {}
        self._own: dict[Path, bool] = {self._top: True}

    def of(self, file: Path, data: bytes | None, read: ReadBlob) -> ChangedLines | None:
        """The changed lines of a file, whose content may be given; None when nothing of it has changed.

        What cannot be compared counts as changed as a whole. Raises GitError.
        """
        real = Path(os.path.realpath(file))
        if not real.is_relative_to(self._top):
            return None if self.staged else WHOLE
        if not self._is_own(real.parent):
            self.foreign += 1
            return None
        path = real.relative_to(self._top).as_posix()
        if self.staged:
            return self._staged(path, real, data, read)
        before = self._before.get(path)
        if before is not None and before == _content_id(real, data, len(before)):
            return None
        content = _content(real, data)
        if content is None:
            return WHOLE
        return self._since(path, before, content, read)

    def _staged(self, path: str, real: Path, data: bytes | None, read: ReadBlob) -> ChangedLines | None:
        staged, before = self._index.get(path), self._before.get(path)
        if staged is None or staged == before:
            return None
        blob, content = read(staged) if staged else None, _content(real, data)
        if blob is None or content is None:
            return WHOLE
        lines = self._since(path, before, blob, read)
        pairs, now = list(matched(lines_of(blob), lines_of(content))), lines_of(content)
        if len(pairs) == len(now) == len(lines_of(blob)) or lines is None:
            return lines
        self.partly += 1
        return carried(lines, pairs)

    def _since(self, path: str, before: str | None, content: bytes, read: ReadBlob) -> ChangedLines | None:
        """The lines of a content that the commit does not have, under this name or the one that the file had."""
        now = lines_of(content)
        if before is None:
            return self._renamed(path, content, read)
        old = read(before)
        if old is None:
            return WHOLE
        if pointer := _POINTER.match(old):
            return None if pointer[1].decode() == hashlib.sha256(content).hexdigest() else WHOLE
        lines = changed(lines_of(old), now)
        return lines if lines.numbers or len(lines_of(old)) != len(now) else None

    def _renamed(self, path: str, content: bytes, read: ReadBlob) -> ChangedLines | None:
        suffix, folder = Path(path).suffix, Path(path).parent.as_posix()
        own = next(iter(self._before.values()), "")
        name = _content_id(Path(path), content, len(own)) if own else ""
        alike = [gone for gone in self._gone if gone.endswith(suffix)]
        if any(self._before[gone] == name for gone in alike):
            return None

        def distance(gone: str) -> tuple[bool, int, str]:
            shared = len(os.path.commonpath((Path(gone).parent.as_posix(), folder)))
            return Path(gone).name != Path(path).name, -shared, gone

        now = lines_of(content)
        best = WHOLE
        kept = _ALIKE * len(now)
        for gone in sorted(alike, key=distance)[:_CANDIDATES]:
            old = read(self._before[gone])
            earlier = lines_of(old or b"")
            self._lines_left -= len(earlier) + len(now)
            if self._lines_left < 0:
                break
            if old is None or not _may_be_alike(earlier, now):
                continue
            lines = changed(earlier, now)
            same = len(now) - len(lines.numbers or ())
            if same >= kept and same >= _ALIKE * len(earlier) and (best is WHOLE or same > kept):
                best, kept = lines, same
        return best

    @cached_property
    def _gone(self) -> list[str]:
        """The files of the commit that are not there any more."""
        if self.staged:
            return [path for path in self._before if path not in self._index]
        return [path for path in self._before if not os.path.lexists(self._top / path)]

    def _is_own(self, folder: Path) -> bool:
        """Whether a folder belongs to the repository, not to one inside it."""
        if folder not in self._own:
            self._own[folder] = not os.path.lexists(folder / ".git") and self._is_own(folder.parent)
        return self._own[folder]


def comparison(root: Path, revision: str | None) -> tuple[Git, Comparison]:
    """The comparison that a run in `root` is asked for: with the merge base of a revision, or of the index with HEAD.

    Raises GitError.
    """
    top = work_tree(root)
    if top is None:
        step = "check without --diff-base and --staged, or name paths of one repository"
        raise GitError(f"{root} is in no work tree of a git repository; {step}")
    git = Git(top)
    if revision is None:
        return git, Comparison(git, _head(git), "HEAD", staged=True)
    base = git.merge_base(git.commit(revision), git.commit("HEAD"))
    return git, Comparison(git, base, f"{revision} (merge base {base[:12]})", staged=False)


def _head(git: Git) -> str:
    """The commit that is checked out; empty in a repository without commits."""
    try:
        return git.commit("HEAD")
    except GitError:
        branch = git.ask("symbolic-ref", "--quiet", "HEAD").decode("utf-8", "surrogateescape").strip()
        if git.ask("for-each-ref", branch):
            raise
        return ""


def _may_be_alike(old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether two texts have enough lines in common, in whatever order."""
    most = _ALIKE * max(len(old), len(new))
    return min(len(old), len(new)) >= most and (Counter(old) & Counter(new)).total() >= most


def _content_id(file: Path, data: bytes | None, length: int) -> str:
    """The id that git gives to a content, by the length of the repository's ids; empty if the file cannot be read."""
    digest = hashlib.sha1(usedforsecurity=False) if length == 40 else hashlib.sha256()  # noqa: PLR2004  # SHA-1 in hexadecimal
    if data is not None:
        digest.update(b"blob %d\0" % len(data) + data)
        return digest.hexdigest()
    try:
        with file.open("rb") as stream:
            digest.update(b"blob %d\0" % os.fstat(stream.fileno()).st_size)
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def _content(file: Path, data: bytes | None) -> bytes | None:
    """What a file holds; None if it cannot be read or is too large to compare."""
    if data is not None:
        return data
    try:
        found = read_bytes(file, LARGEST_BLOB)
    except (OSError, ValueError):
        return None
    return found if len(found) <= LARGEST_BLOB else None
