"""Fixes that write down a commit: completed where this machine has fetched the model, and else no fixes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mlsec_lint.findings import COMMIT_TO_COME, Finding, Fix


def pinned(finding: Finding, folder: Path | None) -> Finding:
    """The finding with a fix that can be applied, or without one.

    `folder` is the cache of the Hugging Face Hub; without, nothing is looked up, so that a report says the same on every
    machine.
    """
    fix = finding.fix
    if fix is None or fix.pin is None:
        return finding
    return replace(finding, fix=_completed(fix, folder))


def _completed(fix: Fix, folder: Path | None) -> Fix | None:
    if folder is None or fix.pin is None:
        return None
    from mlsec_lint.project.hub_cache import commit_of  # most runs fix nothing

    commit = commit_of(folder, fix.pin)
    if not commit:
        return None
    edits = tuple(replace(edit, text=edit.text.replace(COMMIT_TO_COME, commit)) for edit in fix.edits)
    return replace(fix, edits=edits, pin=None)
