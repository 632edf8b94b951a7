"""Runs the engine over mutated Python files and notebooks, and keeps every input that it does not take well.

    python benchmarks/fuzz.py --minutes 30 --seed 1 --out failures fixtures path/to/package …

An input is kept when the check of it raises, takes more than 20 seconds, differs from itself when it is repeated, cannot
be written in some format, or finds less through the funnel than without. A process of its own does the work, so that an
input that kills it is kept as well. With hypothesmith installed (`pip install -e .[fuzz]`), every tenth input is a
program of its making. The same seed over the same files gives the same inputs.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mutations import ON_TEXTS, notebook

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.engine import EngineOptions, check_source
from mlsec_lint.findings import FileResult, Problem, Report
from mlsec_lint.project.project import project_of
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from mlsec_lint.run.checking import Rules
from mlsec_lint.run.deep_stack import DeepStack
from mlsec_lint.run.task import Task
from mlsec_lint.sources.reading import read_text

LIMIT = 20.0
"""Seconds of processor time that an input may take."""

PATIENCE = 90.0
"""Seconds by the clock, on a machine that has other work."""

REPEATED, WHOLE, WRITTEN = 4, 6, 10
"""One input of so many is checked again, is checked without the funnel, is written in all formats."""

LARGEST = 40_000
"""Characters of a file that are mutated."""

_OURS = ("internal", "crash", "memory", "timeout")
"""Kinds of problems that say something about us, not about the input."""


_BANDITS = "Bandit's "
"""So begins what we say of a check of Bandit's that fails there as well: `extractall(members=f.getmembers())`, for one."""


class Checker:
    """Checks inputs as a run does, each as a project of its own."""

    def __init__(self) -> None:
        self._catalogue = load_catalogue().select(select=("ALL",))
        self._rules = Rules([self._catalogue])
        self.counts: Counter[str] = Counter()
        self._spent = 0.0

    def complaint(self, data: bytes, name: str, number: int) -> str:
        """What is wrong with how an input is taken; empty if nothing is."""
        first = self._check(data, name, EngineOptions())
        self.counts["executions"] += 1
        self.counts["parsed" if first.lines else "refused"] += 1
        self.counts["findings"] += len(first.findings)
        for problem in first.problems:
            if problem.kind in _OURS and not problem.message.startswith(_BANDITS):
                return f"{problem.kind}: {problem.message}"
        if self._spent > LIMIT:
            return f"slow: {self._spent:.0f} seconds"
        if number % REPEATED == 0 and self._again(data, name, EngineOptions()) != first:
            return "differs: two checks do not agree"
        if number % WHOLE == 0 and (lost := self._lost(data, name, first)):
            return f"lost: the funnel loses or adds {lost}"
        return self._unwritten(first) if number % WRITTEN == 0 else ""

    def _check(self, data: bytes, name: str, options: EngineOptions) -> FileResult:
        stack = DeepStack(partial(self._examined, data=data, options=options))
        try:
            return stack.check(Task(name, name), PATIENCE)
        finally:
            stack.close()

    def _again(self, data: bytes, name: str, options: EngineOptions) -> FileResult:
        self.counts["executions"] += 1
        return self._check(data, name, options)

    def _examined(self, task: Task, data: bytes, options: EngineOptions) -> FileResult:
        started = time.thread_time()
        try:
            source = read_text(data, task.shown)
            if isinstance(source, Problem):
                return FileResult(task.shown, problems=(source,))
            project = project_of(Path("/nowhere") / task.path, Path("/nowhere"))
            return check_source(source, project, self._catalogue, options)
        finally:
            self._spent = time.thread_time() - started

    def _lost(self, data: bytes, name: str, first: FileResult) -> str:
        whole = self._again(data, name, EngineOptions(whole=True))
        if whole.problems != first.problems:  # a bound on steps is met sooner when more is looked at
            return ""
        differing = set(whole.findings) ^ set(first.findings)
        return ", ".join(sorted({f"{item.rule} in line {item.location.span.start_line}" for item in differing}))

    def _unwritten(self, result: FileResult) -> str:
        report = Report("/nowhere", result.findings, suppressed=result.suppressed, problems=result.problems)
        for form in Format:
            try:
                render(report, self._rules, form, Options()).encode("utf-8")
            except Exception as error:  # noqa: BLE001, PERF203  # whatever it is
                return f"unwritten: {form.value}: {type(error).__name__}: {error}"
        return ""


class Inputs:
    """Mutations of the files that were named, one after the other."""

    def __init__(self, files: list[Path], seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
        self._files = files
        self._made = _hypothesmith(self._chance)

    def next(self) -> tuple[str, bytes]:
        """The name and the bytes of the next input."""
        chance = self._chance
        if self._made is not None and not chance.randrange(10):
            return "made.py", self._made().encode("utf-8", "surrogatepass")
        text, other = self._text(), self._text()
        if not chance.randrange(5):
            name, mutated = "input.ipynb", notebook(text, other, chance)
        else:
            name, mutated = chance.choice(("input.py", "test_input.py")), text
            for _ in range(chance.choice((1, 1, 2))):
                if isinstance(mutated, str):
                    mutated = chance.choice(ON_TEXTS)(mutated, other, chance)
        return name, mutated if isinstance(mutated, bytes) else mutated.encode("utf-8", "surrogatepass")

    def _text(self) -> str:
        text = self._chance.choice(self._files).read_bytes().decode("utf-8", "replace")
        if len(text) <= LARGEST:
            return text
        start = text.rfind("\n", 0, self._chance.randrange(len(text) - LARGEST)) + 1
        return text[start : start + LARGEST]


def _hypothesmith(chance: random.Random) -> Callable[[], str] | None:
    """Programs made from Python's grammar; None where the library is not installed."""
    try:
        import hypothesis
        from hypothesmith import from_grammar
    except ImportError:
        return None
    made: list[str] = []

    def make() -> str:
        if not made:
            settings = hypothesis.settings(
                max_examples=50, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
            )
            collect = hypothesis.given(from_grammar())(lambda text: made.append(text))  # type: ignore[no-untyped-call]  # noqa: PLW0108  # it must be a function
            hypothesis.seed(chance.randrange(2**32))(settings(collect))()
        return made.pop()

    return make


def work(options: argparse.Namespace) -> None:
    """Check inputs until the time is over; a line of JSON for each that is kept, and one with the counts at the end."""
    files = sorted(file for path in options.paths for file in _files(path))
    inputs, checker = Inputs(files, options.seed), Checker()
    end = time.monotonic() + options.minutes * 60
    number = 0
    while time.monotonic() < end:
        name, data = inputs.next()
        (options.out / "current").write_bytes(data)
        (options.out / "current-name").write_text(name, encoding="utf-8")
        complaint = checker.complaint(data, name, number)
        if complaint:
            keep(options.out, f"{options.seed}-{number}", name, data, complaint)
            checker.counts[complaint.partition(":")[0]] += 1
        number += 1
        if number % 50 == 0:
            (options.out / f"counts-{options.seed}.json").write_text(json.dumps(checker.counts), encoding="utf-8")
    (options.out / f"counts-{options.seed}.json").write_text(json.dumps(checker.counts), encoding="utf-8")
    (options.out / "current").unlink()


def keep(folder: Path, label: str, name: str, data: bytes, complaint: str) -> None:
    """Write an input down with what is wrong."""
    (folder / f"{label}-{name}").write_bytes(data)
    with (folder / "complaints.txt").open("a", encoding="utf-8") as file:
        file.write(f"{label}-{name}: {complaint}\n")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for kind in ("*.py", "*.ipynb") for file in path.rglob(kind) if file.is_file()]


def main() -> int:
    """Start workers until the time is over, and say what they have seen; 1 if something was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("fuzz-failures"), help="where failing inputs are kept")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.worker:
        work(options)
        return 0
    return supervise(options)


def supervise(options: argparse.Namespace) -> int:
    """One worker after the other, each with the next seed: an input that kills one is kept."""
    began = time.monotonic()
    seed = options.seed
    while (left := options.minutes - (time.monotonic() - began) / 60) > 0:
        command = [sys.executable, __file__, "--worker", "--minutes", str(left), "--seed", str(seed)]
        done = subprocess.run([*command, "--out", options.out, *options.paths], check=False)  # noqa: S603  # ourselves
        current = options.out / "current"
        if done.returncode and not current.exists():
            return done.returncode  # it did not even start
        if done.returncode:
            name = (options.out / "current-name").read_text(encoding="utf-8")
            keep(options.out, f"{seed}-killed", name, current.read_bytes(), f"killed: {done.returncode}")
        seed += 1
    counts: Counter[str] = Counter()
    for file in options.out.glob("counts-*.json"):
        counts.update(json.loads(file.read_text(encoding="utf-8")))
    print(f"{(time.monotonic() - began) / 3600:.2f} hours:", *(f"{count:,} {name}" for name, count in counts.items()))
    complaints = options.out / "complaints.txt"
    return 1 if complaints.exists() else 0


if __name__ == "__main__":
    sys.exit(main())
