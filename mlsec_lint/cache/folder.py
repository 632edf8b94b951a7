"""Where the cache lies, and whether it may be used: nobody but its user may write there."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

NAME = "mlsec-lint"


class Unusable(Exception):
    """A folder that cannot hold the cache; the message says why."""


def default_folder() -> Path:
    """The user's cache directory, as the system names it. Raises Unusable for a user without a home."""
    home = _home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / NAME / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / NAME
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else home / ".cache") / NAME  # noqa: PTH117  # the specification's word


def _home() -> Path:
    """The user's home directory. Raises Unusable where there is none: below a relative one may lie what is checked."""
    with contextlib.suppress(RuntimeError):
        home = Path.home()
        if home.is_absolute() and os.environ.get("HOME") != "":
            return home
    raise Unusable("there is no home directory; name a folder with --cache-dir")


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
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Unusable(f"{folder} cannot be written")
    return folder
