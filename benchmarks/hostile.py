"""Lets hostile inputs loose on mlsec-lint, and says what became of each.

    python benchmarks/hostile.py [WORD ...]
    python benchmarks/hostile.py --write FOLDER

Each input (those with a WORD in their names, or all) is written into a temporary folder with two harmless neighbours that
have a finding, and checked from inside that folder in every format at once; then all of them are checked as one tree, by
each way to start the linter, twice. Survived means: the hostile file was analysed (a finding at its end proves it) or named
as a problem, the neighbours' findings are there, nothing ran, nothing outside was touched, no output controls anything.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hostile_tree.entry import Hostile
from hostile_tree.judging import Verdict, dirt, judge, missing_in_formats, report_of
from hostile_tree.running import ISOLATED, Ran, Sandbox, State, programs
from hostile_tree.tree import ENTRIES, plant


@dataclass(slots=True)
class Totals:
    """The sums under the table."""

    tried: int = 0
    survived: int = 0
    lost: int = 0
    touched: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    dirt: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """One for each sum; what should not be is listed."""
        yield f"tried: {self.tried}"
        yield f"survived: {self.survived}"
        yield f"findings of neighbours lost: {self.lost}"
        for what, found in (
            ("files touched outside", self.touched),
            ("markers of code that ran", self.ran),
            ("control characters, commands, links in outputs", self.dirt),
        ):
            yield f"{what}: {len(found)}"
            yield from (f"    {item}" for item in found[:20])

    @property
    def good(self) -> bool:
        """Whether everything was survived."""
        return self.survived == self.tried and not (self.lost or self.touched or self.ran or self.dirt)


def alone(entry: Hostile, totals: Totals) -> str:
    """Check one entry from inside its folder; returns the line for the table."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        tree = plant(folder, [entry])
        box = Sandbox(folder)
        before = box.state()
        ran = box.run(programs().get(entry.way, ISOLATED), tree / entry.name, *entry.options)
        verdict = judge(entry, report_of(ran))
        faults = _count(totals, box, before, ran, [verdict])
        _make_removable(folder)
    marks = (
        ""
        if verdict.survived and not faults
        else "  FAILED " + "; ".join([*verdict.silent, *verdict.lost, *faults][:3])
    )
    return f"{entry.name:48} {verdict.outcome:32} {ran.seconds:6.1f} s {ran.largest / 1e6:6.0f} MB{marks}"


def together(entries: Sequence[Hostile], totals: Totals) -> Iterator[str]:
    """Check all entries as one tree, as somebody would who does not trust it; cold and warm."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        tree = plant(folder, entries)
        box = Sandbox(folder)
        before, first = box.state(), None
        for way, program in programs().items():
            for temperature in ("cold", "warm"):
                ran = box.run(
                    program, tree, "--isolated", "--no-ignores", *(["--no-cache"] if temperature == "cold" else [])
                )
                report = report_of(ran)
                verdicts = [judge(entry, report, f"{entry.name}/") for entry in entries]
                faults = _count(totals, box, before, ran, verdicts)
                first = first or ran.outputs
                same = "" if ran.outputs == first else "  FAILED other output than the first run"
                yield f"{f'all as one tree, {way}, {temperature}':81} {ran.seconds:6.1f} s {ran.largest / 1e6:6.0f} MB{same}{'; '.join(faults[:3])}"
        _make_removable(folder)


def _count(totals: Totals, box: Sandbox, before: State, ran: Ran, verdicts: Sequence[Verdict]) -> list[str]:
    """Add a run to the sums; returns what was wrong beside the verdicts."""
    touched, marked = box.touched(before), box.ran()
    dirty = dirt(ran)
    hung = ["hung"] if ran.status is None else [f"status {ran.status}"] if ran.status not in {1, 2} else []
    missing = missing_in_formats(verdicts, ran, prefix=len(verdicts) > 1)
    faults = [*hung, *missing, *dirty, *touched, *marked]
    totals.tried += len(verdicts)
    totals.survived += sum(verdict.survived for verdict in verdicts) if not faults else 0
    totals.lost += sum(len(verdict.lost) for verdict in verdicts)
    totals.touched += touched
    totals.ran += marked
    totals.dirt += dirty
    return faults


def _make_removable(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD", help="only inputs with one of these words in their names")
    parser.add_argument("--light", action="store_true", help="leave out those that take more than some seconds")
    parser.add_argument("--why", action="store_true", help="list the inputs with the reason of each, and end")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the tree into a new folder, and end")
    parser.add_argument("--no-together", action="store_true", help="do not check all as one tree")
    options = parser.parse_args()
    chosen = [entry for entry in ENTRIES if _is_meant(entry, options)]
    if options.why:
        print("\n".join(f"{entry.name}: {entry.why}" for entry in chosen))
        return 0
    if options.write:
        options.write.mkdir(parents=True)
        print(plant(options.write.resolve(), chosen))
        return 0
    totals = Totals()
    for entry in chosen:
        print(alone(entry, totals), flush=True)
    for line in () if options.no_together else together(chosen, totals):
        print(line, flush=True)
    print("\n".join(totals.lines()))
    return 0 if totals.good else 1


def _is_meant(entry: Hostile, options: argparse.Namespace) -> bool:
    words: Iterable[str] = options.words
    return (not words or any(word in entry.name for word in words)) and not (options.light and entry.heavy)


if __name__ == "__main__":
    sys.exit(main())
