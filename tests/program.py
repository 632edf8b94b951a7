"""The program as its users start it: in a process of its own, in somebody else's folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]

_CACHE = tempfile.TemporaryDirectory(prefix="mlsec-lint-")
"""For results of all runs of one process of the tests: starts are faster with one, and the user's own is not theirs."""

_OURS = ("MLSEC_", "FORCE_", "NO_", "SOURCE_DATE")
"""What variables that change a run begin with."""


def run(
    folder: Path,
    *arguments: str,
    program: Sequence[str] = (sys.executable, "-m", "mlsec_lint"),
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
) -> subprocess.CompletedProcess[str]:
    """What a start in a folder ends with; `environment` stands above the one of the tests."""
    cleaned = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env={**cleaned, "MLSEC_LINT_CACHE_DIR": _CACHE.name, **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
