"""Measures linters on labelled code: recall on what is bad, false alarms on look-alikes, published vulnerabilities.

    python benchmarks/accuracy.py bench.tsv cve.tsv --checkouts DIR --misses

Downloads the packages that the tables name into a cache (needs the package index), unpacks them, never builds or runs
anything in them, and runs each linter that is installed on the labelled files with the package as its project.
mlsec-lint follows values across files, so it checks their callers as well: a package of less than 60,000 lines as a
whole, of a larger one the labelled files and at most 40 that import them. What it says about those others is dropped.
`--alone` gives it the labelled files only, as a hook does; of their callers it looks into up to ten itself.
Rows of repositories need `--checkouts`, Semgrep needs `--semgrep-rules`; what was not run is listed with the reason.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TypeVar

from linters import Manner
from outcome import examine
from packages import Places
from rows import Sink, Site, TableError, read_sinks, read_sites
from scoring import LINTERS
from tables import render

Row = TypeVar("Row", Site, Sink)


def main() -> int:
    """Read the tables, run the linters, print."""
    options = _options()
    try:
        sites = read_sites(options.bench)
        sinks = read_sinks(options.cve) if options.cve else []
    except TableError as error:
        print(error, file=sys.stderr)
        return 2
    outcome = examine(
        _wanted(sites, options.family, options.needs),
        _wanted(sinks, options.family, options.needs),
        options.tools,
        Places(options.cache, options.checkouts),
        Manner(options.semgrep_rules, options.alone),
    )
    print(render(outcome, options.format, options.misses))
    return 0


def _wanted(rows: list[Row], families: list[str] | None, needs: list[str] | None) -> list[Row]:
    return [row for row in rows if (not families or row.family in families) and (not needs or row.needs in needs)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, metavar="BENCH.TSV", help="labelled sites")
    parser.add_argument("cve", type=Path, nargs="?", metavar="CVE.TSV", help="sinks of published vulnerabilities")
    parser.add_argument("--needs", type=_words, metavar="A,B", help="only rows that need this: call,const,local-taint")
    parser.add_argument("--family", type=_words, metavar="A,B", help="only rows of these families")
    parser.add_argument("--checkouts", type=_folder, metavar="DIR", help="repositories: OWNER/NAME@COMMIT12/")
    parser.add_argument("--semgrep-rules", type=_folder, metavar="DIR", help="rules for Semgrep")
    parser.add_argument("--tools", type=_linters, metavar="A,B", default=list(LINTERS), help=f"of {', '.join(LINTERS)}")
    parser.add_argument("--alone", action="store_true", help="give mlsec-lint the labelled files only, as a hook does")
    cache = Path(tempfile.gettempdir(), "mlsec-lint-benchmark")
    parser.add_argument("--cache", type=Path, metavar="DIR", default=cache, help="unpacked packages: NAME-VERSION/")
    parser.add_argument("--misses", action="store_true", help="list every miss and every alarm")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text")
    return parser.parse_args()


def _words(text: str) -> list[str]:
    return text.split(",")


def _linters(text: str) -> list[str]:
    if unknown := set(_words(text)) - set(LINTERS):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose from {', '.join(LINTERS)}")
    return _words(text)


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return Path(text)


if __name__ == "__main__":
    sys.exit(main())
