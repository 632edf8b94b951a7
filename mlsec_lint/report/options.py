"""What a caller may ask of a report besides its format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from mlsec_lint.record import dataclass

ReadRaw: TypeAlias = Callable[[str], "str | None"]
"""Gives the text of a file of the report as it lies on disk: UTF-8 with invalid bytes replaced, byte order mark and line
endings kept. None when it cannot be read (any more)."""


def _nothing(_path: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """How to write a report."""

    colour: bool = False
    """ANSI colours in `full` and `concise`."""
    summary: bool = True
    """The closing lines of `full`, `concise` and `github`; what could not be analysed is named in any case."""
    read_raw: ReadRaw = _nothing
    """For the line hashes of SARIF; without it there are none."""
    category: str = ""
    """SARIF `automationDetails.id`; the upload action fills in its own only where this is not given."""
    statistics: bool = False
    """In `full`, `concise` and `json`: how many findings each rule has, in place of the findings."""
