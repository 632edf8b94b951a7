"""The commits of models and datasets that this machine has used, as the cache of the Hugging Face Hub notes them.

Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. Files are read as data; nothing is asked of a network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from mlsec_lint.findings import Pin

_COMMIT = re.compile(r"[0-9a-f]{40}")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?", re.ASCII)
_REFERENCE = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_KINDS = frozenset({"models", "datasets", "spaces"})
_MOST = 41
"""Bytes of a commit, and one that may end its line."""


def hub_folder(environment: Mapping[str, str]) -> Path:
    """Where the cache lies, as the library finds it; there may be none."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if environment.get(name):
            return Path(os.path.expandvars(environment[name])).expanduser()
    home = environment.get("HF_HOME")
    if not home:
        home = f"{environment.get('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    return Path(os.path.expandvars(home)).expanduser() / "hub"


def commit_of(folder: Path, pin: Pin) -> str:
    """The commit that a branch or tag stood for when this machine fetched it last; empty when it never has."""
    if pin.kind not in _KINDS or not (_NAME.fullmatch(pin.name) and _REFERENCE.fullmatch(pin.reference)):
        return ""
    file = folder / f"{pin.kind}--{pin.name.replace('/', '--')}" / "refs" / pin.reference
    if not file.is_file():
        return ""
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST + 1)
    except OSError:
        return ""
    commit = text.decode("ascii", "replace").removesuffix("\n")
    return commit if _COMMIT.fullmatch(commit) else ""
