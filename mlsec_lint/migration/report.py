"""Reads a baseline of Bandit's: the report that `bandit -f json` writes."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from mlsec_lint.bandit.settings_file import BanditSettingsError
from mlsec_lint.record import dataclass
from mlsec_lint.sources.reading import read_bytes, reason_of

LARGEST = 64_000_000
"""Bytes: some 50,000 results with their code."""


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A result that Bandit's baseline holds."""

    path: str
    """With forward slashes, from the folder of the project on."""
    test: str
    line: int


def read_report(file: Path, shown: str, folder: Path) -> tuple[tuple[Known, ...], int]:
    """The results for files below a folder (absolute), sorted, and how many others there are.

    Raises BanditSettingsError for a file that is no such report; `shown` is its name there.
    """
    results = _results(file, shown)
    known = [_known(item, shown, folder) for item in results]
    inside = sorted(item for item in known if item is not None)
    return tuple(inside), len(known) - len(inside)


def _results(file: Path, shown: str) -> list[object]:
    step = "make it with `bandit -f json -o FILE`"
    try:
        data = read_bytes(file, LARGEST)
    except (OSError, ValueError) as error:
        said = f"cannot be read ({reason_of(error)})"
        raise BanditSettingsError(shown, "", said, "check its name and rights") from error
    if len(data) > LARGEST:
        raise BanditSettingsError(shown, "", f"is larger than {LARGEST:,} bytes", step)
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BanditSettingsError(shown, "", "is no JSON", step) from None
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, list):
        raise BanditSettingsError(shown, "results", "is no list: this is no report of Bandit's", step)
    return results


def _known(item: object, shown: str, folder: Path) -> Known | None:
    """Raises BanditSettingsError; None for a result outside the folder."""
    found = item if isinstance(item, dict) else {}
    name, test, line = (found.get(key) for key in ("filename", "test_id", "line_number"))
    if not (isinstance(name, str) and name and "\0" not in name and isinstance(test, str) and type(line) is int):
        step = "make it with `bandit -f json -o FILE`"
        raise BanditSettingsError(shown, "results", "holds something that is no result of Bandit's", step)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute():
        if not path.is_relative_to(folder.as_posix()):
            return None
        path = path.relative_to(folder.as_posix())
    return None if ".." in path.parts else Known(path.as_posix(), test, line)
