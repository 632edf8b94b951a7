"""What makes two findings of different runs the same: GitHub's hash of the line, and our own identity.

`line_hashes` follows github/codeql-action, src/fingerprints.ts: the action warns about every value that differs from its own.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

from mlsec_lint.findings import Finding

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_LEAVING = pow(_BASE, _WINDOW, 1 << 64)
_END = 0xFFFF


def line_hashes(raw: str) -> list[str]:
    """Return the hash of each line of a file, in order: 16 hexadecimal digits at most, and which line with this hash it is.

    A line's hash is a polynomial over the 100 UTF-16 units from its first one on, spaces and tabs left out. The sums of
    all units up to a place are computed once; a window's hash is the difference of two of them.
    """
    units = _units(raw)
    sums = list(
        accumulate([*units, _END, *[0] * _WINDOW], lambda total, unit: (total * _BASE + unit) & _MASK, initial=0)
    )
    seen: Counter[str] = Counter()
    hashes = []
    for start in _line_starts(units):
        value = f"{(sums[start + _WINDOW] - sums[start] * _LEAVING) & _MASK:x}"
        seen[value] += 1
        hashes.append(f"{value}:{seen[value]}")
    return hashes


def _units(raw: str) -> array[int]:
    """Return the UTF-16 units that count: no spaces, no tabs, every line end a single line feed."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    units = array("H")
    units.frombytes(text.encode("utf-16", "surrogatepass")[2:])  # native byte order; the mark is cut off
    return units


def _line_starts(units: Sequence[int]) -> Iterable[int]:
    """Yield where the lines start; the end mark is the start of the last one when nothing else is."""
    yield 0
    yield from (index + 1 for index, unit in enumerate(units) if unit == 10)  # noqa: PLR2004  # a line feed


def identities(findings: Iterable[Finding]) -> list[str]:
    """Return a name for each finding that survives edits elsewhere in its file: 32 hexadecimal digits.

    Made of rule, path, marked code without its spacing, qualified name, and the how-manieth of these it is in the run.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for finding in findings:
        key = (finding.rule, finding.location.path, _code(finding), finding.qualname)
        seen[key] += 1
        names.append(identity(*key, str(seen[key])))
    return names


def identity(*parts: str) -> str:
    """Return a name made of some texts: 32 hexadecimal digits."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _code(finding: Finding) -> str:
    """The marked code, or the message where no code is shown."""
    text = finding.message if finding.frame is None else finding.frame.marked
    return " ".join(text.split())
