"""What does a linter report on these files? Each is run as its users run it, without heeding suppressions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from context import checked_with


class LinterError(RuntimeError):
    """A linter that did not do its work; the text quotes the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One finding of any linter."""

    rule: str
    first_line: int
    """Where it starts; inside the cell in a notebook."""
    last_line: int
    message: str = ""
    cell: int | None = None
    """Counts from 0 over all cells."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the linters are run."""

    semgrep_rules: Path | None = None
    """Semgrep brings none."""
    alone: bool = False
    """Whether mlsec-lint sees the labelled files only, not what `context` adds."""


@dataclass(slots=True)
class Results:
    """What one linter reported."""

    findings: defaultdict[Path, list[Reported]] = field(default_factory=lambda: defaultdict(list))
    """By resolved path."""
    problems: list[str] = field(default_factory=list)
    """What it could not analyse."""


def missing(linter: str, manner: Manner) -> str:
    """Why a linter cannot be run here; empty if it can."""
    if linter == "semgrep" and manner.semgrep_rules is None:
        return "needs --semgrep-rules DIR"
    module = linter.replace("-", "_")
    present = shutil.which(linter) is not None or find_spec(module) is not None
    return "" if present else f"{linter} is not installed"


def run(linter: str, projects: Mapping[Path, Collection[Path]], manner: Manner) -> Results:
    """Run one over the labelled files of each project (root → files); raises `LinterError`.

    mlsec-lint follows values from file to file, so it is given their callers too; only the labelled files are heard.
    """
    results = Results()
    if linter == "mlsec-lint":
        wanted = frozenset(file for files in projects.values() for file in files)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for root, report in pool.map(partial(_mlsec_lint, alone=manner.alone), projects, projects.values()):
                _read_mlsec_lint(report, root, wanted, results)
        return results
    python = sorted({file for files in projects.values() for file in files})
    if linter == "bandit":
        _read_bandit(_json(_bandit([file for file in python if file.suffix != ".ipynb"])), results)
    elif linter == "ruff":
        _read_ruff(_json(_ruff(python)), results)
    else:
        _read_semgrep(_json(_semgrep(python, manner.semgrep_rules)), results)
    return results


def _mlsec_lint(root: Path, labelled: Collection[Path], alone: bool) -> tuple[Path, Mapping[str, object]]:
    """The project's own pins decide about versions, so each is a run of its own with its root as directory."""
    files = sorted(labelled) if alone else checked_with(root, labelled)
    options = [
        "--format",
        "json",
        "--profile",
        "default",
        "--no-ignores",
        "--no-force-exclude",
        "--no-cache",
        "--isolated",
        "-j",
        "1",
    ]
    paths = [str(file.relative_to(root)) for file in files]
    report = _json([sys.executable, "-m", "mlsec_lint", "check", *options, "--", *paths], root)
    if not isinstance(report, dict):
        raise LinterError(f"mlsec-lint gave no report in {root}")
    return root, report


def _bandit(files: Sequence[Path]) -> list[str]:
    # -x: by default Bandit leaves out every path in which ".git" or ".tox" stands; this name stands in none.
    options = ["-q", "-f", "json", "--ignore-nosec", "--exit-zero", "-x", "/nothing/is/excluded"]
    return [sys.executable, "-m", "bandit", *options, *map(str, files)]


def _ruff(files: Sequence[Path]) -> list[str]:
    options = ["--select", "S", "--preview", "--isolated", "--ignore-noqa", "--no-cache", "--exit-zero", "--quiet"]
    return [*_program("ruff"), "check", *options, "--output-format", "json", *map(str, files)]


def _semgrep(files: Sequence[Path], rules: Path | None) -> list[str]:
    options = ["scan", "--metrics=off", "--disable-version-check", "--disable-nosem", "--no-git-ignore", "--json", "-q"]
    return [*_program("semgrep"), *options, f"--config={rules}", *map(str, files)]


def _program(name: str) -> list[str]:
    """Beside this interpreter, or on the path."""
    beside = Path(sys.executable).with_name(name)
    return [str(beside) if beside.exists() else name]


def _json(command: Sequence[str], directory: Path | None = None) -> object:
    done = subprocess.run(command, capture_output=True, cwd=directory, check=False)  # noqa: S603 # no shell, our options
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        last = done.stderr.decode(errors="replace")[-500:]
        raise LinterError(f"{Path(command[0]).name} ended with {done.returncode} and no report: {last}") from error


def _items(report: object, key: str) -> Iterator[Mapping[str, object]]:
    """The objects of a list in a report."""
    found = report.get(key, []) if isinstance(report, dict) else report
    return (item for item in found if isinstance(item, dict)) if isinstance(found, list) else iter(())


def _read_mlsec_lint(report: Mapping[str, object], root: Path, wanted: Collection[Path], results: Results) -> None:
    for one in _items(report, "findings"):
        file = (root / str(one["path"])).resolve()
        if file not in wanted:
            continue
        cell, span = one["cell"], one["span"]
        if isinstance(cell, dict):
            found = Reported(str(one["rule"]), cell["line"], cell["end_line"], str(one["message"]), cell["index"])
        elif isinstance(span, dict):
            found = Reported(str(one["rule"]), span["start_line"], span["end_line"], str(one["message"]))
        else:
            continue
        results.findings[file].append(found)
    for one in _items(report, "problems"):
        if (root / str(one["path"])).resolve() in wanted:
            results.problems.append(f"{root / str(one['path'])}: {one['message']}")


def _read_bandit(report: object, results: Results) -> None:
    for one in _items(report, "results"):
        lines = one["line_range"] if isinstance(one["line_range"], list) else []
        line = int(str(one["line_number"]))
        found = Reported(str(one["test_id"]), line, max([line, *lines]), str(one["issue_text"]))
        results.findings[Path(str(one["filename"])).resolve()].append(found)
    results.problems += [f"{one['filename']}: {one['reason']}" for one in _items(report, "errors")]


def _read_ruff(report: object, results: Results) -> None:
    for one in _items(report, ""):
        start, end, cell = one["location"], one["end_location"], one["cell"]
        if not isinstance(start, dict) or not isinstance(end, dict) or not one["code"]:
            results.problems.append(f"{one['filename']}: {one['message']}")
            continue
        index = cell - 1 if isinstance(cell, int) else None
        found = Reported(str(one["code"]), start["row"], end["row"], str(one["message"]), index)
        results.findings[Path(str(one["filename"])).resolve()].append(found)


def _read_semgrep(report: object, results: Results) -> None:
    for one in _items(report, "results"):
        start, end = one["start"], one["end"]
        if isinstance(start, dict) and isinstance(end, dict):
            found = Reported(str(one["check_id"]).rpartition(".")[2], start["line"], end["line"])
            results.findings[Path(str(one["path"])).resolve()].append(found)
    results.problems += [str(one.get("message", "")) for one in _items(report, "errors")]
