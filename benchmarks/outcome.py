"""What did each linter say about each labelled row? Finds the packages, runs the linters, judges."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from linters import LinterError, Manner, Results, missing, run
from packages import NotHereError, Places
from rows import Package, Place, Sink, Site
from scoring import SinkVerdict, Verdict, judge, on_sink


@dataclass(slots=True)
class Outcome:
    """All that the reports are made of."""

    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    """Linter → one for each site that was run."""
    sinks: dict[str, list[SinkVerdict]] = field(default_factory=dict)
    not_run: list[tuple[str, str]] = field(default_factory=list)
    """Row or linter, and why."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Linter, and what it could not analyse."""
    seconds: dict[str, float] = field(default_factory=dict)


def examine(
    sites: Sequence[Site], sinks: Sequence[Sink], linters: Iterable[str], places: Places, manner: Manner
) -> Outcome:
    """Run the linters on every file with a row; what cannot be run is in `not_run`."""
    outcome = Outcome()
    wanted = [(site.id, site.place) for site in sites]
    for sink in sinks:
        wanted += [(sink.id, place) for place in (sink.vulnerable, sink.fixed) if place is not None]
    files = Files(places)
    for id_, place in wanted:
        if reason := files.add(place):
            outcome.not_run.append((f"{id_} {place}", reason))
    for linter in linters:
        if reason := missing(linter, manner):
            outcome.not_run.append((linter, reason))
            continue
        start = time.perf_counter()
        try:
            results = run(linter, files.projects, manner)
        except LinterError as error:
            outcome.not_run.append((linter, str(error)))
            continue
        outcome.seconds[linter] = time.perf_counter() - start
        outcome.problems += [(linter, problem) for problem in results.problems]
        outcome.verdicts[linter] = [
            judge(linter, site, results.findings[file]) for site in sites if (file := files.of(site.place))
        ]
        outcome.sinks[linter] = [_sink_verdict(linter, sink, files, results) for sink in sinks]
    return outcome


class Files:
    """The files in which rows lie."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._roots: dict[Package, Path | str] = {}
        self._projects: defaultdict[Path, set[Path]] = defaultdict(set)

    @property
    def projects(self) -> Mapping[Path, set[Path]]:
        """Root → the files to check in it; both resolved."""
        return self._projects

    def add(self, place: Place) -> str:
        """Find a row's file; why it is not there, or the empty string."""
        root = self._root(place.package)
        if isinstance(root, str):
            return root
        file = self.of(place)
        if file is None:
            return f"{place.file} is not in the package"
        self._projects[root].add(file)
        return ""

    def of(self, place: Place) -> Path | None:
        """The file of a row; None if it is not there."""
        root = self._root(place.package)
        if isinstance(root, str):
            return None
        file = (root / place.file).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None

    def _root(self, package: Package) -> Path | str:
        if package not in self._roots:
            print(f"looking for {package}", file=sys.stderr)
            try:
                self._roots[package] = self._places.find(package).resolve()
            except NotHereError as error:
                self._roots[package] = str(error)
        return self._roots[package]


def _sink_verdict(linter: str, sink: Sink, files: Files, results: Results) -> SinkVerdict:
    before, after = (
        on_sink(linter, sink, place, results.findings[file])
        if place is not None and (file := files.of(place))
        else None
        for place in (sink.vulnerable, sink.fixed)
    )
    return SinkVerdict(sink, before, after)
