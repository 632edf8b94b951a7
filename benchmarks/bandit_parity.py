"""Compares our run of Bandit's checks with Bandit itself, over directories of Python files.

    python benchmarks/bandit_parity.py --examples path/to/unpacked/package …

Prints for each directory the number of findings and the time of both, and every finding that only one of them has;
exits with 1 if there is one. Ours is the checks alone over the files that Bandit could read; with `--program` it is
`mlsec-lint check --select B` over the directory. `--examples` adds the examples of the installed Bandit's source distribution, which pip
downloads. `--count` prints how often each test reports.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mlsec_lint.bandit.checks import run_checks
from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.sources.reading import read
from mlsec_lint.sources.source import SourceFile

Key = tuple[str, str, int, str, str]
"""File, test id, line, severity, confidence."""


@dataclass(frozen=True)
class Outcome:
    """What one of the two found in a directory."""

    findings: Counter[Key]
    files: tuple[str, ...]
    """Those that it could analyse."""
    seconds: float
    """Of processor time, so that a busy machine does not count."""
    problems: tuple[str, ...] = ()


def bandit(directory: Path) -> Outcome:
    """Run Bandit as it is shipped."""
    before = os.times()
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 # fixed
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    report = json.loads(done.stdout)
    skipped = {error["filename"] for error in report["errors"]}
    found = Counter[Key](
        (one["filename"], one["test_id"], one["line_number"], one["issue_severity"], one["issue_confidence"])
        for one in report["results"]
    )
    files = tuple(sorted(report["metrics"].keys() - skipped - {"_totals"}))
    return Outcome(
        found, files, seconds, tuple(f"{error['filename']}: {error['reason']}" for error in report["errors"])
    )


def ours(files: tuple[str, ...]) -> Outcome:
    """Run the same tests over the same files, one process, parsing included."""
    tests = load_builtins().ids
    found: Counter[Key] = Counter()
    problems: list[str] = []
    start = time.process_time()
    for file in files:
        source = read(Path(file), file)
        if not isinstance(source, SourceFile):
            problems.append(f"{file}: {source.message}")
            continue
        result = run_checks(source.text, file, tests)
        problems += [f"{problem.path}: {problem.message}" for problem in result.problems]
        found.update((file, one.test, one.line, one.severity.name, one.confidence.name) for one in result.findings)
    return Outcome(found, files, time.process_time() - start, tuple(problems))


def program(directory: Path, files: tuple[str, ...]) -> Outcome:
    """Run the whole program with all of Bandit's checks and no rule of ours; its findings in these files."""
    before = os.times()
    options = ["--select", "B", "--isolated", "--no-force-exclude", "--no-cache", "--format", "json"]
    command = [sys.executable, "-m", "mlsec_lint", "check", *options, "."]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=directory, check=False)  # noqa: S603 # fixed
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    report, known = json.loads(done.stdout), set(files)
    found = Counter[Key](
        (
            f"{directory}/{one['path']}",
            one["rule"],
            one["span"]["start_line"],
            one["severity"].upper(),
            one["confidence"].upper(),
        )
        for one in (*report["findings"], *report["suppressed"])  # of comments that answer, Bandit knows its own only
        if f"{directory}/{one['path']}" in known  # nor does it read stubs and notebooks
    )
    problems = tuple(f"{one['path']}: {one['message']}" for one in report["problems"])
    return Outcome(found, (), seconds, problems)


@contextmanager
def examples() -> Iterator[Path]:
    """Bandit's own examples, from its source distribution, unpacked and never built by us."""
    with tempfile.TemporaryDirectory() as name:
        requirement = f"bandit=={version('bandit')}"
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            "bandit",
            "-d",
            name,
            requirement,
        ]
        subprocess.run(pip, check=True)  # noqa: S603 # fixed arguments
        with tarfile.open(next(Path(name).glob("bandit-*.tar.gz"))) as archive:
            members = [member for member in archive.getmembers() if "/examples/" in member.name and member.isfile()]
            archive.extractall(name, members, filter="data")
        yield next(Path(name).glob("bandit-*/examples"))


def compare(directory: Path, counts: Counter[str], *, whole: bool) -> int:
    """Print one directory's figures; the number of differences."""
    theirs = bandit(directory)
    mine = program(directory, theirs.files) if whole else ours(theirs.files)
    counts.update(key[1] for key in theirs.findings.elements())
    only = [("only Bandit", theirs.findings - mine.findings), ("only we", mine.findings - theirs.findings)]
    different = sum(sum(findings.values()) for _, findings in only)
    ratio = theirs.seconds / mine.seconds if mine.seconds else 0.0
    print(
        f"{directory.name}: {len(theirs.files)} files, Bandit {sum(theirs.findings.values())} findings in "
        f"{theirs.seconds:.1f} s, we {sum(mine.findings.values())} in {mine.seconds:.1f} s ({ratio:.1f} times as fast), "
        f"{different} differences"
    )
    for who, findings in only:
        for key in sorted(findings.elements()):
            print(f"  {who}: {key}")
    for problem in (*theirs.problems, *mine.problems):
        print(f"  problem: {problem}")
    return different


def main() -> int:
    """Compare every directory that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--examples", action="store_true", help="also Bandit's own examples")
    parser.add_argument("--count", action="store_true", help="print how often each test reports")
    parser.add_argument("--program", action="store_true", help="the whole program instead of the checks alone")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    different = sum(compare(directory, counts, whole=options.program) for directory in options.directories)
    if options.examples:
        with examples() as directory:
            different += compare(directory, counts, whole=options.program)
    if options.count:
        print(*(f"{test} {count}" for test, count in sorted(counts.items())), sep="\n")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
