"""Asks git for what a repository stores: commits, trees, the index and blobs.

The repository is as untrusted as the rest of what is scanned, its configuration included. So git never looks at the files of the
work tree (which would run filters and monitors that the repository names), runs no hook, fetches nothing, takes no lock, and is
the program of an absolute folder of the search path. Its own refusal of repositories of other users stays in force.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mlsec_lint.changes.error import GitError, NoAnswerError
from mlsec_lint.sources.git_index import git_directory

_FIXED = (
    *("--no-pager", "--no-optional-locks", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}", "-c", "protocol.allow=never"),
)

SECONDS = 60.0
"""How long one question may take."""

LARGEST = 256_000_000
"""Bytes of an answer: a tree of two million files."""

LARGEST_BLOB = 20_000_000
"""Bytes of a file's earlier state; of a larger one all lines count as changed."""

_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_REVISION = re.compile(r"(?!-)[^\x00-\x20\x7f]{1,1000}")


class Git:
    """One repository with a work tree."""

    def __init__(self, top: Path, seconds: float = SECONDS) -> None:
        """`top` is where its `.git` lies. Raises GitError when there is no git."""
        self.top = top
        self._seconds = seconds
        self._program = _program()

    def ask(self, *arguments: str, index: Path | None = None) -> bytes:
        """The answer to a question. Raises GitError."""
        with self._started(arguments, index) as process, self._watched(process, arguments[0]):
            drained: list[bytes] = []
            errors = threading.Thread(target=lambda: drained.append(_drained(process.stderr)), daemon=True)
            errors.start()
            answer = _read(process.stdout, LARGEST + 1)
            if len(answer) > LARGEST:
                raise GitError(
                    f"git {arguments[0]} says more than {LARGEST:,} bytes about {self.top}; check single files"
                )
            code = process.wait()
            errors.join()
        if code:
            self._explain(b"".join(drained).decode("utf-8", "replace"), arguments[0])
        return answer

    def commit(self, revision: str) -> str:
        """The id of a commit. Raises GitError with what may be missing."""
        if not _REVISION.fullmatch(revision):
            raise GitError(
                "a revision is a name such as `main`, `origin/main` or `HEAD~1`, without blanks and no option"
            )
        try:
            found = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except NoAnswerError:
            raise GitError(f"there is no commit {_quoted(revision)} in {self.top}; {self._missing()}") from None
        return _object(found)

    def merge_base(self, one: str, other: str) -> str:
        """The id of the commit that two have in common. Raises GitError."""
        try:
            return _object(self.ask("merge-base", one, other))
        except NoAnswerError:
            raise GitError(
                f"{one[:12]} and {other[:12]} have no commit in common in {self.top}; {self._missing()}"
            ) from None

    def tree(self, commit: str) -> dict[str, str]:
        """The files of a commit: path → id of its content; neither links nor submodules."""
        entries = (
            entry.partition(b"\t") for entry in self.ask("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
        )
        return {os.fsdecode(path): said.split()[2].decode() for said, _, path in entries if said.startswith(b"100")}

    def index(self) -> dict[str, str]:
        """The files that are staged: path → id of their content; an empty id for those in conflict."""
        found: dict[str, str] = {}
        for entry in self.ask("ls-files", "--stage", "-z", "--full-name", index=self._index_file()).split(b"\0"):
            said, _, path = entry.partition(b"\t")
            if said.startswith(b"100"):
                _, name, stage = said.split()
                found[os.fsdecode(path)] = name.decode() if stage == b"0" else ""
        return found

    @contextmanager
    def blobs(self) -> Iterator[Callable[[str], bytes | None]]:
        """Gives the content of objects by their ids; None for one that is not there, or larger than `LARGEST_BLOB`."""
        with self._started(("cat-file", "--batch"), None) as process:

            def read(name: str) -> bytes | None:
                if process.stdin is None or process.stdout is None:
                    raise TypeError("the process has pipes")
                try:
                    with self._watched(process, "cat-file"):
                        process.stdin.write(f"{_object(name.encode())}\n".encode())
                        process.stdin.flush()
                        return _blob(process.stdout)
                except (OSError, ValueError) as error:
                    raise GitError(f"git cannot read what {self.top} stores; `git fsck` says what is broken") from error

            yield read

    @contextmanager
    def _started(self, arguments: tuple[str, ...], index: Path | None) -> Iterator[subprocess.Popen[bytes]]:
        command = [self._program, *_FIXED, *arguments]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        given, errors = (pipe, nothing) if arguments[0] == "cat-file" else (nothing, pipe)
        environment = _environment(self.top, index)
        process = subprocess.Popen(  # noqa: S603  # git itself, with arguments of ours and a revision that is no option
            command, cwd=self.top, env=environment, stdin=given, stdout=pipe, stderr=errors
        )
        try:
            yield process
        finally:
            process.kill()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    _close(stream)
            process.wait()

    @contextmanager
    def _watched(self, process: subprocess.Popen[bytes], question: str) -> Iterator[None]:
        """End a process that takes too long, with a word on it in the place of whatever that leads to."""
        timer = threading.Timer(self._seconds, process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            late = timer.finished.is_set()
            timer.cancel()
            if late:
                raise GitError(f"git {question} took longer than {self._seconds:g} s in {self.top}; check single files")

    def _explain(self, said: str, question: str) -> None:
        if "dubious ownership" in said:
            step = f"git config --global --add safe.directory '{self.top}'"
            raise GitError(f"git does not trust {self.top}, which belongs to another user; if you do: {step}")
        raise NoAnswerError(f"git {question} failed in {self.top}; `git status` there may say why")

    def _missing(self) -> str:
        if self.ask("rev-parse", "--is-shallow-repository").strip() == b"true":
            return "this is a shallow clone: fetch what is missing (`git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout)"
        return "check the name, or fetch it (`git fetch origin`)"

    def _index_file(self) -> Path | None:
        """The index that git has given a hook, if it is one of this repository: `git commit -a` has one of its own."""
        given = os.environ.get("GIT_INDEX_FILE")
        if not given:
            return None
        file = Path(os.path.realpath(self.top / given))
        return file if file.is_relative_to(os.path.realpath(git_directory(self.top))) else None


def _environment(top: Path, index: Path | None) -> Mapping[str, str]:
    """Ours without what leads git elsewhere: a hook has `GIT_DIR` and others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    said = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    said |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}  # git before 2.45 knows the second one only
    return {
        **kept,
        **said,
        "GIT_CEILING_DIRECTORIES": str(top.parent),
        **({"GIT_INDEX_FILE": str(index)} if index else {}),
    }


def _program() -> str:
    """Git, from an absolute folder of the search path: never from the working directory."""
    names = ("git.exe",) if os.name == "nt" else ("git",)
    for folder in os.get_exec_path():
        for name in names if Path(folder).is_absolute() else ():
            if os.access(Path(folder, name), os.X_OK) and Path(folder, name).is_file():
                return str(Path(folder, name))
    raise GitError("git was not found; install it, or check without --diff-base and --staged")


def _object(said: bytes) -> str:
    text = said.decode("ascii", "replace").strip()
    if not _OBJECT.fullmatch(text):
        raise GitError("git has answered with something that is no id of an object; `git status` may say why")
    return text


def _blob(stream: IO[bytes]) -> bytes | None:
    header = stream.readline(200).split()
    if len(header) != 3:  # noqa: PLR2004  # `<id> <type> <size>`, or `<id> missing`
        if header[1:] == [b"missing"]:
            return None
        raise ValueError
    size = int(header[2])
    data = _read(stream, min(size, LARGEST_BLOB + 1))
    left = size + 1 - len(data)  # a line feed follows
    while left:
        passed = stream.read(min(left, 1_000_000))
        if not passed:
            raise ValueError
        left -= len(passed)
    return data if size <= LARGEST_BLOB and header[1] == b"blob" else None


def _read(stream: IO[bytes] | None, most: int) -> bytes:
    return b"" if stream is None else stream.read(most)


def _drained(stream: IO[bytes] | None) -> bytes:
    """The beginning of a stream, read to its end."""
    start = _read(stream, 10_000)
    while stream is not None and stream.read(1_000_000):
        pass
    return start


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:  # its reader has gone
        return


def _quoted(revision: str) -> str:
    return f"'{revision}'" if len(revision) <= 100 else f"'{revision[:100]}…'"  # noqa: PLR2004  # for people
