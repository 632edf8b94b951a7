"""Which sites are labelled? The rows of the two tables, as values."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

NOTHING = "-"
"""An empty field."""


class TableError(ValueError):
    """A table that is not one of ours; the text names file, row and field."""


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """What a row lies in."""

    name: str
    version: str
    dist: str
    """`wheel`, `sdist` or `git:owner/name@commit`."""

    @property
    def repository(self) -> tuple[str, str]:
        """`owner/name` and the commit; both empty for what an index holds."""
        repository, _, commit = self.dist.removeprefix("git:").partition("@")
        return (repository, commit) if self.dist.startswith("git:") else ("", "")

    def __str__(self) -> str:
        repository, commit = self.repository
        return f"{repository}@{commit[:12]}" if repository else f"{self.name}=={self.version} ({self.dist})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a linter should point, or should not."""

    package: Package
    file: str
    """Inside the unpacked package, with forward slashes."""
    line: int
    """Of the file; of the cell in a notebook."""
    also: tuple[int, ...] = ()
    """Other lines of the same site."""
    cell: int | None = None
    """Counts from 0 over all cells."""

    def __str__(self) -> str:
        cell = "" if self.cell is None else f" cell {self.cell}"
        return f"{self.package}: {self.file}{cell}:{self.line}"


@dataclass(frozen=True, slots=True)
class Site:
    """A row of `bench.tsv` that counts: bad, or a look-alike that is not."""

    id: str
    family: str
    bad: bool
    place: Place
    api: str
    needs: str
    """What an analysis needs to get it right: call, const, local-taint, interproc, crossfile."""
    reason: str


@dataclass(frozen=True, slots=True)
class Sink:
    """A row of `cve.tsv`: one place through which a published vulnerability was reached."""

    id: str
    family: str
    needs: str
    api: str
    vulnerable: Place
    fixed: Place | None
    """The same place in the version that has the fix; None where it is gone."""
    fixed_state: str
    reason: str
    onpoint: Mapping[str, frozenset[str]]
    """Linter → ids of its rules that are about this weakness."""


def read_sites(table: Path) -> list[Site]:
    """The rows that are `bad` or `ok`; raises `TableError`."""
    return [site for number, row in _rows(table) if (site := _site(table, number, row)) is not None]


def read_sinks(table: Path) -> list[Sink]:
    """All rows; raises `TableError`."""
    return [_sink(table, number, row) for number, row in _rows(table)]


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = table.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{table} cannot be read: {error}") from error
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return enumerate(rows, start=2)


def _site(table: Path, number: int, row: Mapping[str, str]) -> Site | None:
    try:
        if row["label"] == "debatable":
            return None
        package = Package(row["package"], row["version"], row["dist"])
        also = tuple(int(line) for line in row["also"].split(",") if line != NOTHING)
        cell = None if row["cell"] == NOTHING else int(row["cell"])
        place = Place(package, row["file"], int(row["line"]), also, cell)
        bad = {"bad": True, "ok": False}[row["label"]]
        return Site(row["id"], row["family"], bad, place, row["api"], row["needs"], row["reason"])
    except (KeyError, ValueError) as error:
        raise TableError(f"{table}, line {number}: {error!r} is missing or not understood") from error


def _sink(table: Path, number: int, row: Mapping[str, str]) -> Sink:
    try:
        vulnerable = Package(row["package"], row["vulnerable_version"], row["dist"])
        return Sink(
            id=row["cve"],
            family=row["family"],
            needs=row["needs"],
            api=row["sink"],
            vulnerable=Place(vulnerable, row["file"], int(row["line"])),
            fixed=_fixed(row),
            fixed_state=row["fixed_state"],
            reason="; ".join(text for text in (row["fix"], row["note"]) if text),
            onpoint={linter: _onpoint(row, linter) for linter in ("bandit", "ruff", "semgrep")},
        )
    except (KeyError, ValueError) as error:
        raise TableError(f"{table}, line {number}: {error!r} is missing or not understood") from error


def _fixed(row: Mapping[str, str]) -> Place | None:
    if row["fixed_line_or_gone"] == "gone":
        return None
    package = Package(row["package"], row["fixed_version"], row["dist"])
    return Place(package, row["fixed_file"], int(row["fixed_line_or_gone"]))


def _onpoint(row: Mapping[str, str], linter: str) -> frozenset[str]:
    """Ids on the vulnerable and the fixed line; Semgrep's without the name of the collection (`sg.`, `tob.`)."""
    ids = f"{row[f'{linter}_onpoint']},{row[f'{linter}_fixed_onpoint']}".split(",")
    prefixes = ("sg.", "tob.")
    return frozenset(one.removeprefix(prefixes[0]).removeprefix(prefixes[1]) for one in ids if one != NOTHING)
