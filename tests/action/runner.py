"""A runner for action.yml: runs its steps as GitHub's does, with stand-ins for the two actions of others that it uses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

Step: TypeAlias = Mapping[str, object]
REPOSITORY = "acme/models"


@dataclass(slots=True)
class Job:
    """One use of the action in a workflow, and what it left behind."""

    workspace: Path
    temp: Path
    inputs: Mapping[str, str]
    event: Mapping[str, object] = field(default_factory=dict)
    actor: str = "ann"
    upload_outcome: str = "success"
    """What code scanning does with an upload: `success` or `failure`."""
    install: bool = False
    """Run the step that installs; otherwise the Python of the tests, where mlsec-lint is installed, stands in."""

    steps: dict[str, dict[str, dict[str, str] | str]] = field(default_factory=dict)
    log: str = ""
    exit_code: int = 0
    uploaded: dict[str, str] | None = None

    def run(self) -> Job:
        """Run all steps, until one fails."""
        self.temp.mkdir(parents=True, exist_ok=True)
        for number, step in enumerate(ACTION["runs"]["steps"]):
            if self.exit_code == 0 and self.condition(str(step.get("if", "true"))):
                self.run_step(step, str(step.get("id", number)))
        return self

    def run_step(self, step: Step, name: str) -> None:
        if "run" in step and (name != "install" or self.install):
            self.run_script(step, name)
        elif str(step.get("uses", "")).startswith("github/codeql-action/upload-sarif@"):
            self.upload(step, name)
        else:
            python = {"python-path": sys.executable, "python": sys.executable}
            self.steps[name] = {"outputs": python, "outcome": "success"}

    def run_script(self, step: Step, name: str) -> None:
        assert step["shell"] == "bash"
        output = self.temp / f"output-{name}"
        output.touch()
        values = step.get("env", {})
        assert isinstance(values, dict)
        env = self.environment(output) | {key: self.expand(value) for key, value in values.items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", str(step["run"])]
        done = subprocess.run(command, cwd=self.workspace, env=env, capture_output=True, text=True, check=False)
        self.log += done.stdout + done.stderr
        self.exit_code = done.returncode
        outcome = "failure" if done.returncode else "success"
        self.steps[name] = {"outputs": outputs(output.read_text(encoding="utf-8")), "outcome": outcome}

    def upload(self, step: Step, name: str) -> None:
        values = step["with"]
        assert isinstance(values, dict)
        self.uploaded = {key: self.expand(value) for key, value in values.items()}
        self.steps[name] = {"outputs": {}, "outcome": self.upload_outcome}
        forgiven = self.expand(str(step["continue-on-error"])) == "true"
        self.exit_code = 1 if self.upload_outcome == "failure" and not forgiven else 0

    def environment(self, output: Path) -> dict[str, str]:
        """What a runner sets for a step; the rest, without which no program starts, comes from this process."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "INPUT_", "RUNNER_"))}
        event = self.temp / "event.json"
        event.write_text(json.dumps(self.event), encoding="utf-8")
        return kept | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_ACTOR": self.actor,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
        }

    def expand(self, text: str) -> str:
        """The text with its expressions replaced by their values."""
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: self.value(match[1]), text)

    def value(self, expression: str) -> str:
        """The value of `a.b.c` or of `a.b.c == 'text'`, the two forms that action.yml has."""
        name, compares, literal = expression.partition(" == ")
        if compares:
            return "true" if self.value(name) == literal.strip("'") else "false"
        context, *path = name.split(".")
        if context == "inputs":
            return self.inputs.get(path[0], str(ACTION["inputs"][path[0]]["default"]))
        assert context == "steps"
        step = self.steps.get(path[0], {})
        found = step.get(path[1], "")
        return found.get(path[2], "") if isinstance(found, dict) else found

    def condition(self, expression: str) -> bool:
        return expression == "true" or self.value(expression) == "true"

    def output(self, name: str) -> str:
        """An output of the whole action."""
        return self.expand(ACTION["outputs"][name]["value"])

    @property
    def summary(self) -> str:
        path = self.temp / "summary.md"
        return path.read_text(encoding="utf-8") if path.is_file() else ""


def outputs(text: str) -> dict[str, str]:
    """What a step wrote to GITHUB_OUTPUT, in the form with delimiters."""
    return {match[1]: match[3] for match in re.finditer(r"^(.+?)<<(.+)\n([\s\S]*?)\n\2$", text, re.MULTILINE)}


def pull_request(head: str | None) -> dict[str, object]:
    """The event of a pull request whose branch lies in a repository; None: one that is gone."""
    return {"pull_request": {"head": {"repo": {"full_name": head} if head else None}}}
