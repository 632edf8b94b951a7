"""Measures how long mlsec-lint and other linters take for the same code, on this machine, one after the other.

    python benchmarks/speed.py --cache DIR --rounds 3

Downloads five packages (two million lines), reads them once so that the disk is warm, and runs every tool that is
installed in turn, round after round; prints medians, each as a multiple of mlsec-lint's time, peak memory, how time
grows with the code, and how long single files take. Semgrep needs --semgrep-rules and gets a tenth of the code.
`--only` picks tools, `--packages` other packages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from linters import LinterError, Manner, missing
from memory import PeakMemory
from packages import NotHereError, Places
from rows import Package

CORPUS = (
    "transformers==4.57.1",
    "mlflow==3.4.0",
    "langchain-community==0.3.30",
    "scikit-learn==1.7.2",
    "gradio==5.49.0",
)
_OURS = (
    sys.executable,
    "-m",
    "mlsec_lint",
    "check",
    "--isolated",
    "-q",
    "--exit-zero",
    "--allow-unfinished",
    "--format",
    "json",
)
_SMALL = "def double(values):\n    return [2 * value for value in values]\n"
_CONCERNED = "import torch\n\n\ndef load(path):\n    return torch.load(path, weights_only=False)\n"


@dataclass(frozen=True, slots=True)
class Run:
    """One way to run a tool over a folder."""

    name: str
    command: tuple[str, ...]
    """The folder comes last."""
    cold: bool = True
    """Whether what it kept of earlier runs is dropped first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took."""

    seconds: float
    peak: int | None
    """Bytes of the process tree, where that can be measured."""


def runs(cache: Path, only: Sequence[str]) -> list[Run]:
    """What is run over the whole corpus."""
    kept = (*_OURS, "--cache-dir", str(cache))
    found = [
        Run("mlsec-lint, nothing kept", kept),
        Run("mlsec-lint, nothing changed", kept, cold=False),
        Run("mlsec-lint, ML rules only", (*_OURS, "--no-cache", "--no-bandit")),
        Run("mlsec-lint, Bandit's checks only", (*_OURS, "--no-cache", "--select", "B")),
        *_others(),
    ]
    return [run for run in found if not only or any(word in run.name for word in only)]


def _others() -> Iterator[Run]:
    programs = {
        "bandit": ("-r", "-q", "-f", "json", "--exit-zero"),
        "ruff": ("check", "--select", "S", "--isolated", "--no-cache", "--exit-zero", "-q", "--output-format", "json"),
        "torchfix": (),
    }
    for name, options in programs.items():
        if path := shutil.which(name):
            yield Run(name, (path, *options))


def take(run: Run, folder: Path, cache: Path) -> Taken:
    """Run it once. Raises LinterError if it does not do its work."""
    if run.cold and str(cache) in run.command:
        shutil.rmtree(cache, ignore_errors=True)
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen([*run.command, str(folder)], stdout=subprocess.DEVNULL, stderr=errors)  # noqa: S603
        memory = PeakMemory(process.pid)
        code = process.wait()
        seconds, peak = time.perf_counter() - start, memory.stop()
        if code not in (0, 1):
            errors.seek(0)
            raise LinterError(f"{run.name} ended with {code}: {errors.read()[-300:].decode(errors='replace')}")
    return Taken(seconds, peak)


def compare(run_list: Sequence[Run], folder: Path, cache: Path, rounds: int) -> None:
    """All runs in turn, as many rounds; medians and multiples of the first."""
    taken: dict[str, list[Taken]] = {run.name: [] for run in run_list}
    for _ in range(rounds):
        for run in run_list:
            taken[run.name].append(take(run, folder, cache))
            print(f"  {run.name}: {taken[run.name][-1].seconds:.1f} s", file=sys.stderr)
    first = _median(taken[run_list[0].name])
    print(f"{'tool':36}{'seconds':>10}{'of the first':>14}{'peak memory':>14}")
    for name, several in taken.items():
        peaks = [one.peak for one in several if one.peak]
        memory = f"{max(peaks) / 1e6:.0f} MB" if peaks else "-"
        print(f"{name:36}{_median(several):>10.2f}{_median(several) / first:>14.2f}{memory:>14}")


def _median(several: Sequence[Taken]) -> float:
    return statistics.median(one.seconds for one in several)


def growth(files: Sequence[Path], cache: Path) -> None:
    """Lines a second on a sixteenth, a fourth and all of the code: folders of copies, so imports lead nowhere new."""
    print(f"\n{'files':>8}{'lines':>12}{'seconds':>10}{'lines a second':>16}")
    run = Run("mlsec-lint", (*_OURS, "--no-cache"))
    for part in (16, 4, 1):
        with tempfile.TemporaryDirectory() as name:
            lines = 0
            for index, file in enumerate(files[::part]):
                target = Path(name, f"{index // 200}", f"{index}_{file.name}")
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(file, target)
                lines += target.read_bytes().count(b"\n")
            seconds = take(run, Path(name), cache).seconds
            print(f"{len(files[::part]):>8,}{lines:>12,}{seconds:>10.1f}{lines / seconds:>16,.0f}")


def small(rounds: int) -> None:
    """Start-up, and one small file as a hook names it."""
    print(f"\n{'one process':44}{'seconds':>10}")
    with tempfile.TemporaryDirectory() as name:
        for title, text in (("a file that concerns no rule", _SMALL), ("a file with a finding", _CONCERNED)):
            file = Path(name, "module.py")
            file.write_text(text, encoding="utf-8")
            for kept in ("--no-cache", "--cache-dir"):
                options = (kept, str(Path(name, "cache"))) if kept == "--cache-dir" else (kept,)
                run = Run(title, (*_OURS, *options), cold=False)
                times = [take(run, file, Path(name)) for _ in range(rounds + 1)][1:]
                print(f"{title + (', checked before' if kept != '--no-cache' else ''):44}{_median(times):>10.2f}")
        version = Run("--version", (sys.executable, "-m", "mlsec_lint", "--version", "--"))
        times = [take(version, Path(name), Path(name)) for _ in range(rounds + 1)][1:]
        print(f"{'--version':44}{_median(times):>10.2f}")


def changed(folder: Path, cache: Path, rounds: int) -> None:
    """One file of a large project is changed between two runs."""
    run = Run("one file changed", (*_OURS, "--cache-dir", str(cache)), cold=False)
    files = sorted(folder.rglob("*.py"), key=lambda path: path.stat().st_size)
    middle = files[len(files) * 3 // 4]
    text = middle.read_bytes()
    times = []
    try:
        take(run, folder, cache)
        for number in range(rounds):
            middle.write_bytes(text + f"\n# {number} {time.time()}\n".encode())
            times.append(take(run, folder, cache))
    finally:
        middle.write_bytes(text)
    print(f"\none file changed ({middle.relative_to(folder)}, {len(files):,} files): {_median(times):.2f} s")


def main() -> int:
    """Measure and print."""
    options = _options()
    places = Places(options.cache)
    with tempfile.TemporaryDirectory() as name:
        corpus, cache = Path(name, "corpus"), Path(name, "kept")
        try:
            for package in options.packages:
                library, _, version = package.partition("==")
                shutil.copytree(places.find(Package(library, version, "wheel")), corpus / f"{library}-{version}")
        except NotHereError as error:
            print(error, file=sys.stderr)
            return 2
        files = sorted(corpus.rglob("*.py"))
        lines = sum(file.read_bytes().count(b"\n") for file in files)
        print(f"{len(files):,} files, {lines:,} lines, {os.cpu_count()} processors, {options.rounds} rounds\n")
        try:
            compare(runs(cache, options.only), corpus, cache, options.rounds)
            if not options.only:
                changed(corpus, cache, options.rounds)
                growth(files, cache)
                small(max(5, options.rounds))
        except LinterError as error:
            print(error, file=sys.stderr)
            return 2
        if options.semgrep_rules and not missing("semgrep", Manner(options.semgrep_rules)):
            _semgrep(files, options.semgrep_rules)
    return 0


def _semgrep(files: Sequence[Path], rules: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        for index, file in enumerate(files[::10]):
            shutil.copyfile(file, Path(name, f"{index}_{file.name}"))
        command = ("semgrep", "scan", "--metrics=off", "--disable-version-check", "-q", f"--config={rules}", "--json")
        print("\na tenth of the files")
        compare([Run("semgrep", command), Run("mlsec-lint", (*_OURS, "--no-cache"))], Path(name), Path(name, "kept"), 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir(), "mlsec-lint-packages"), help="unpacked packages"
    )
    parser.add_argument("--packages", nargs="+", default=CORPUS, metavar="NAME==VERSION")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="WORD", help="only runs with one of these words in their name"
    )
    parser.add_argument("--semgrep-rules", type=Path, metavar="DIR")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
