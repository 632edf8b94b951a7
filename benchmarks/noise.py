"""Counts what mlsec-lint reports on ordinary packages, and draws findings for a person to judge.

    python benchmarks/noise.py scikit-learn==1.7.2 path/to/unpacked/package --sample 30

Packages given as NAME==VERSION are downloaded as wheels into a cache. Prints findings by rule, how many there are for
1,000 lines, time and memory; `--sample` adds random findings with their code, the same for the same `--seed`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from memory import PeakMemory
from packages import NotHereError, Places
from rows import Package


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    root: Path
    report: dict[str, list[dict[str, object]]]
    """As `--format json` gives it."""
    summary: dict[str, int]
    seconds: float
    peak: int | None
    """Bytes of the whole process tree; None where that cannot be measured."""

    @property
    def rules(self) -> Counter[str]:
        """How many findings each rule has."""
        return Counter(str(finding["rule"]) for finding in self.report["findings"])


def measure(root: Path, options: Sequence[str]) -> Measured:
    """Run mlsec-lint over a folder; raises `RuntimeError` when it gives no report."""
    command = [
        sys.executable,
        "-m",
        "mlsec_lint",
        "check",
        "--format",
        "json",
        "--isolated",
        "--no-cache",
        *options,
        ".",
    ]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, cwd=root)  # noqa: S603 # no shell
        memory = PeakMemory(process.pid)
        output, _ = process.communicate()
        seconds = time.perf_counter() - start
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    try:
        report = json.loads(output)
    except ValueError as error:
        raise RuntimeError(f"mlsec-lint gave no report on {root}: {said[-500:]}") from error
    return Measured(root, report, report["summary"], seconds, memory.stop())


def show(runs: Sequence[Measured]) -> None:
    """Print one line for each package, then the rules."""
    for run in runs:
        problems = f", {len(run.report['problems'])} problems" if run.report["problems"] else ""
        memory = "-" if run.peak is None else f"{run.peak / 1e6:.0f} MB"
        print(
            f"{run.root.name}: {run.summary['checked']} files, {_rate(run.rules.total(), run.summary['lines'])}, "
            f"{run.seconds:.1f} s, {memory}{problems}"
        )
    lines = sum(run.summary["lines"] for run in runs)
    rules = Counter[str]()
    for run in runs:
        rules.update(run.rules)
    print(f"together: {_rate(rules.total(), lines)}, {sum(run.seconds for run in runs):.1f} s")
    for rule, count in rules.most_common():
        print(f"  {rule}  {count}")


def _rate(findings: int, lines: int) -> str:
    """Findings and their number for 1,000 and for 5,000 lines."""
    thousand = findings * 1000 / lines if lines else 0.0
    return f"{lines:,} lines, {findings} findings ({thousand:.3f} for 1,000 lines, {thousand * 5:.2f} for 5,000)"


def draw(runs: Iterable[Measured], number: int, seed: int) -> None:
    """Print random findings with their code."""
    every = [(run.root, finding) for run in runs for finding in run.report["findings"]]
    chosen = random.Random(seed).sample(every, min(number, len(every)))  # noqa: S311 # a sample, no secret
    for index, (root, finding) in enumerate(chosen, start=1):
        place, span = finding["path"], finding["span"]
        line = span["start_line"] if isinstance(span, dict) else "?"
        print(f"\n[{index}] {finding['rule']} {finding['severity']}/{finding['confidence']} {root.name}/{place}:{line}")
        print(f"    {finding['message']}")
        print("\n".join(_frame(finding["code"])))


def _frame(code: object) -> list[str]:
    """The lines of code with their numbers."""
    if not isinstance(code, dict):
        return []
    return [f"    {number:5} | {line}" for number, line in enumerate(code["lines"], start=code["first_line"])]


def _find(name: str, cache: Path) -> Path:
    """The folder of a target; raises `NotHereError`."""
    if Path(name).is_dir():
        return Path(name).resolve()
    library, equals, version = name.partition("==")
    if not equals:
        raise NotHereError(f"{name} is neither a folder nor NAME==VERSION")
    return Places(cache).find(Package(library, version, "wheel")).resolve()


def main() -> int:
    """Measure every target that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="NAME==VERSION or a folder")
    cache = Path(tempfile.gettempdir(), "mlsec-lint-benchmark")
    parser.add_argument("--cache", type=Path, metavar="DIR", default=cache, help="unpacked packages: NAME-VERSION/")
    parser.add_argument("--profile", choices=("default", "strict", "audit"), default="default")
    parser.add_argument("--select", metavar="RULES", help="only these rules, as mlsec-lint understands them")
    parser.add_argument("--no-ignores", action="store_true", help="count what comments suppress as well")
    parser.add_argument("--sample", type=int, metavar="N", default=0, help="print N random findings with their code")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    passed = ["--profile", options.profile]
    passed += ["--select", options.select] if options.select else []
    passed += ["--no-ignores"] if options.no_ignores else []
    try:
        runs = [measure(_find(target, options.cache), passed) for target in options.targets]
    except (NotHereError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    show(runs)
    draw(runs, options.sample, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
