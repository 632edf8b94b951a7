"""Bandit itself, run as it is shipped, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mlsec_lint.bandit.checks import run_checks
from mlsec_lint.bandit.plugins import load_builtins
from mlsec_lint.bandit.settings import DEFAULTS, BanditSettings
from mlsec_lint.sources.reading import read
from mlsec_lint.sources.source import SourceFile

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "bandit").glob("*.py"))

Key = tuple[str, str, int, str, str]
"""File, test id, line, severity, confidence: what must agree."""


def bandit_findings(files: Sequence[Path], *options: str) -> Counter[Key]:
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    report = json.loads(done.stdout)
    assert not report["errors"], report["errors"]
    return Counter(
        (
            str(Path(result["filename"])),
            result["test_id"],
            result["line_number"],
            result["issue_severity"],
            result["issue_confidence"],
        )
        for result in report["results"]
    )


def our_findings(files: Sequence[Path], settings: BanditSettings = DEFAULTS) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for file in files:
        source = read(file, str(file))
        assert isinstance(source, SourceFile), source
        result = run_checks(source.text, source.path, load_builtins().ids, settings)
        found.update(
            (str(file), finding.test, finding.line, finding.severity.name, finding.confidence.name)
            for finding in result.findings
        )
    return found
