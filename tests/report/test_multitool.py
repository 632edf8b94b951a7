"""Microsoft's validator under the rules of SARIF and of GitHub code scanning; its schema check alone proves little.

`npm install @microsoft/sarif-multitool`, make the binary executable, and name it:
SARIF_MULTITOOL=node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.findings import Report
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.options import Options
from tests.report.samples import EMPTY, EVERYTHING, FLOW, LOAD, PROBLEMS, RULES, Rules, many

MULTITOOL = os.environ.get("SARIF_MULTITOOL", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MULTITOOL, reason="SARIF_MULTITOOL does not name the binary of @microsoft/sarif-multitool"),
]


def complaints(log: str, folder: Path) -> list[str]:
    """What the validator holds against a log, errors and warnings. Its exit code says nothing: it is 0 with errors too."""
    (folder / "log.sarif").write_text(log, encoding="utf-8")
    command = [MULTITOOL, "validate", "--rule-kind", "Sarif;Ghas", "--output", "out.sarif", "log.sarif"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert (folder / "out.sarif").exists(), done.stdout + done.stderr
    (run,) = json.loads((folder / "out.sarif").read_text(encoding="utf-8-sig"))["runs"]
    notes = [note for invocation in run["invocations"] for note in invocation.get("toolExecutionNotifications", ())]
    found = [f"{result.get('level', 'warning')} {result['ruleId']} {result['message']}" for result in run["results"]]
    return [text for text in found if not text.startswith("note ")] + [
        str(note) for note in notes if note.get("level") == "error"
    ]


@pytest.mark.parametrize(
    ("report", "rules"),
    [
        (EMPTY, Rules()),
        (EMPTY, RULES),
        (EVERYTHING, RULES),
        (replace(EVERYTHING, baseline="baseline.json", baselined=(LOAD, FLOW)), RULES),
        (Report("/project", problems=PROBLEMS), RULES),
        (many(200), RULES),
    ],
    ids=["nothing", "no-results", "everything", "baseline", "problems", "many"],
)
def test_no_errors_and_no_warnings(report: Report, rules: Rules, tmp_path: Path) -> None:
    options = Options(read_raw=lambda _path: "import torch\n" * 3_000)
    assert complaints(render(report, rules, Format.SARIF, options), tmp_path) == []


def test_no_errors_and_no_warnings_about_the_bundled_rules(tmp_path: Path) -> None:
    assert complaints(render(EMPTY, load_catalogue(), Format.SARIF), tmp_path) == []


def test_the_validator_does_complain(tmp_path: Path) -> None:
    broken = render(EVERYTHING, RULES, Format.SARIF).replace("src/serve.py", "src/ser ve.py")
    assert any(complaint.startswith("error SARIF1002") for complaint in complaints(broken, tmp_path))
