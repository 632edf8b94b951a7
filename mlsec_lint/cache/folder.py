"""Where the cache lies, and whether it may be used: nobody but its user may write there."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

NAME = "mlsec-lint"


class Unusable(Exception):
    """A folder that cannot hold the cache; the message says why."""


def default_folder() -> Path:
    """The user's cache directory, as the system names it. Raises Unusable for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError as error:
        raise Unusable("there is no home directory; name a folder with --cache-dir") from error
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / NAME / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / NAME
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else home / ".cache") / NAME  # noqa: PTH117  # the specification's word


def prepared(folder: Path) -> Path:
    """The folder, made for its user alone if it is not there. Raises Unusable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise Unusable(f"{folder}: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode):
        raise Unusable(f"{folder} is a link, not a folder")
    if sys.platform != "win32":
        if found.st_uid != os.geteuid():
            raise Unusable(f"{folder} belongs to somebody else")
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Unusable(f"others may write to {folder}; `chmod 700` it")
    return folder
