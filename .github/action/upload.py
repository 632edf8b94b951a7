"""Whether the results may go to code scanning: a run without the right to upload says so instead of failing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FORK = "the pull request comes from a fork, whose token cannot write security events"
DEPENDABOT = "Dependabot's runs have a token that cannot write security events"


def reason_to_skip(environ: Mapping[str, str]) -> str:
    """Why this run cannot upload, as half a sentence; empty where nothing speaks against it."""
    if environ.get("GITHUB_ACTOR") == "dependabot[bot]":
        return DEPENDABOT
    return FORK if from_fork(event(environ), environ.get("GITHUB_REPOSITORY", "")) else ""


def event(environ: Mapping[str, str]) -> dict[str, object]:
    """What triggered the run, as the runner wrote it down; empty when it did not."""
    path = environ.get("GITHUB_EVENT_PATH")
    if not path or not Path(path).is_file():
        return {}
    value = json.loads(Path(path).read_text(encoding="utf-8"))
    return value if isinstance(value, dict) else {}


def from_fork(payload: Mapping[str, object], repository: str) -> bool:
    """Whether the event is a pull request whose branch lies in another repository, or in one that is gone."""
    pull_request = payload.get("pull_request")
    if not isinstance(pull_request, dict):
        return False
    head = (pull_request.get("head") or {}).get("repo") or {}
    return head.get("full_name") != repository
