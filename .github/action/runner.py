"""How an action speaks to the runner: https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def escape(message: str) -> str:
    """The message as the data of a workflow command, on one line."""
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def say(level: str, message: str) -> None:
    """Show a message on the run's page; `level` is `notice`, `warning` or `error`."""
    print(f"::{level} title=mlsec-lint::{escape(message)}", flush=True)


def set_output(name: str, value: str) -> None:
    """Give the step an output. The delimiter is random, so that no value can end it and start another output."""
    delimiter = f"end-{uuid.uuid4()}"
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def add_summary(markdown: str) -> None:
    """Add to the run's summary page, where the runner offers one."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(markdown)
