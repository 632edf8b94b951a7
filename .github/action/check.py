"""One analysis: SARIF and JSON into files, annotations or text into the log, the summary onto the run's page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from inputs import Inputs
from runner import add_summary, say, set_output
from upload import reason_to_skip

DONE = (0, 1, 2)
"""The exit codes of mlsec-lint; with any other it did not end on its own."""
UNFINISHED = 2


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that one analysis writes."""

    sarif: Path
    json: Path
    page: Path
    """The summary of the run, in Markdown."""


def output_files(inputs: Inputs) -> Outputs:
    """Where they go."""
    folder = Path(tempfile.mkdtemp(prefix="mlsec-lint-", dir=os.environ.get("RUNNER_TEMP")))
    sarif = Path(inputs.sarif_file or folder / "mlsec-lint.sarif").absolute()
    return Outputs(sarif, folder / "mlsec-lint.json", folder / "summary.md")


def command(inputs: Inputs, outputs: Outputs) -> list[str]:
    """The command line. `-I`: nothing in the scanned repository is ever imported."""
    options = ["--profile", inputs.profile]
    files = {"sarif": outputs.sarif, "json": outputs.json, "markdown": outputs.page}
    options += [word for form, file in files.items() for word in ("--output", f"{form}={file}")]
    options += ["--format", "github" if inputs.annotations else "full"]
    options += ["--exit-zero"] if inputs.fail_on == "never" else ["--fail-on", inputs.fail_on]
    options += ["--allow-unfinished"] if inputs.allow_unfinished else []
    options += ["--select", ",".join(inputs.select)] if inputs.select else []
    options += ["--ignore", ",".join(inputs.ignore)] if inputs.ignore else []
    options += ["--config", inputs.config] if inputs.config else []
    return [sys.executable, "-I", "-X", "utf8", "-m", "mlsec_lint", "check", *options, "--", *inputs.paths]


def run(inputs: Inputs, outputs: Outputs) -> int:
    """The exit code of the analysis. Text is printed with workflow commands switched off: it shows scanned code."""
    token = f"mlsec-lint-{uuid.uuid4()}"
    if not inputs.annotations:
        print(f"::stop-commands::{token}", flush=True)
    code = subprocess.run(command(inputs, outputs), check=False).returncode
    if not inputs.annotations:
        print(f"\n::{token}::", flush=True)
    return code if code in DONE else UNFINISHED


def check(inputs: Inputs) -> None:
    """Run the analysis and tell the later steps what came out; how the job ends is the last step's business."""
    outputs = output_files(inputs)
    code = run(inputs, outputs)
    if not all(file.is_file() for file in (outputs.sarif, outputs.json, outputs.page)):
        say("error", "mlsec-lint stopped before it could write its results; its own message stands above")
        set_output("exit-code", str(UNFINISHED))
        return
    set_output("exit-code", str(code))
    report = json.loads(outputs.json.read_text(encoding="utf-8"))
    add_summary(outputs.page.read_text(encoding="utf-8"))
    set_output("findings", str(len(report["findings"])))
    set_output("sarif-file", str(outputs.sarif))
    set_output("upload", "true" if may_upload(inputs) else "false")


def may_upload(inputs: Inputs) -> bool:
    """Whether the next step is to upload; says why not where the workflow would expect it."""
    if inputs.upload != "auto":
        return inputs.upload == "always"
    if reason := reason_to_skip(os.environ):
        say("notice", f"results are not uploaded to code scanning: {reason}. Findings still decide how the job ends.")
    return not reason
