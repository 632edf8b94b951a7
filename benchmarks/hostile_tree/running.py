"""Running the linter as its users start it, in a place where everything that it touches can be seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hostile_tree.poison import MARKERS

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
STANDARD = "json"
"""The format that goes to standard output; the others go to files of the same run."""
ISOLATED = (sys.executable, "-I", "-m", "mlsec_lint")
PATIENCE = 900
"""Seconds after which a run counts as hung."""


def programs() -> Mapping[str, Sequence[str]]:
    """The ways to start the linter: as a module, and as the console script if it is installed."""
    ways: dict[str, Sequence[str]] = {"python -m": (sys.executable, "-m", "mlsec_lint")}
    script = shutil.which("mlsec-lint", path=str(Path(sys.executable).parent))
    return {**ways, "script": (script,)} if script else ways


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run said, in each format."""

    status: int | None
    """None: it hung, and was ended."""
    outputs: Mapping[str, bytes]
    errors: bytes
    seconds: float
    """Of processor time, its workers included."""
    largest: int
    """Bytes that the largest of its processes held at once."""


State = Mapping[str, tuple[object, ...]]
"""What lies in a sandbox, by path: mode, size, time of the last change, and number of each."""


class Sandbox:
    """A folder with the tree, the user's folders, and what must stay as it is."""

    def __init__(self, folder: Path, *, cache: bool = True) -> None:
        """`folder` holds the tree already; the rest is made."""
        self.folder = folder
        self.markers = folder / MARKERS
        self._written = folder / "written"
        for name in ("written", "home", "cache", "tmp"):
            (folder / name).mkdir()
        (folder / "cache").chmod(0o700)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("MLSEC_", "FORCE_", "GITHUB_"))
        }
        own = {"HOME": "home", "XDG_CACHE_HOME": "cache", "TMPDIR": "tmp"}
        self._environment = {**kept, **{name: str(folder / place) for name, place in own.items()}}
        if not cache:
            self._environment["MLSEC_LINT_NO_CACHE"] = "1"

    def run(self, program: Sequence[str], directory: Path, *options: str) -> Ran:
        """Check a directory from inside, in every format at once."""
        files = {form: self._written / form for form in FORMATS if form != STANDARD}
        targets = [f"--output={form}={file}" for form, file in files.items()]
        command = [*program, "check", f"--format={STANDARD}", *targets, *options]
        with (self._written / "stdout").open("wb") as output, (self._written / "stderr").open("wb") as errors:
            status, seconds, largest = _used(command, directory, self._environment, output.fileno(), errors.fileno())
        outputs = {form: file.read_bytes() for form, file in files.items() if file.exists()}
        outputs[STANDARD] = (self._written / "stdout").read_bytes()
        said = (self._written / "stderr").read_bytes()
        for file in self._written.iterdir():
            file.unlink()
        return Ran(status, outputs, said, seconds, largest)

    def state(self) -> State:
        """Everything in the sandbox but the user's cache and the outputs of runs, and when it was last changed."""
        found: dict[str, tuple[object, ...]] = {}
        waiting, ours = [self.folder], {str(self.folder / "cache"), str(self._written)}
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.path in ours:
                        continue
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = (status.st_mode, status.st_size, status.st_mtime_ns, status.st_ino)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
        return found

    def touched(self, before: State) -> list[str]:
        """The paths in the sandbox that are no longer as they were."""
        after = self.state()
        return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))

    def ran(self) -> list[str]:
        """The names of the markers that planted code leaves when something runs it."""
        return sorted(path.name for path in self.markers.iterdir())


def _used(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], output: int, errors: int
) -> tuple[int | None, float, int]:
    """Exit status, seconds of processor time and most bytes of a process and of those that it has waited for."""
    process = subprocess.Popen(  # noqa: S603  # the linter, without a shell
        command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
    )
    until = time.monotonic() + PATIENCE
    if sys.platform == "win32":
        return process.wait(), 0.0, 0
    hung = False
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            bytes_of = 1 if sys.platform == "darwin" else 1024
            code = None if hung else process.returncode
            return code, used.ru_utime + used.ru_stime, used.ru_maxrss * bytes_of
        if time.monotonic() > until and not hung:
            hung = True
            process.kill()
        time.sleep(_POLL)


_POLL = 0.02
