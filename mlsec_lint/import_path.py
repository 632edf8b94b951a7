# ruff: noqa: PTH109, PTH119  # pathlib would be imported before the path is safe
"""Keeps modules that lie in the scanned tree from being imported instead of the real ones.

`python -m` and an empty entry of PYTHONPATH put the working directory on the import path. This is the first module that
the program and each worker process import, so it imports nothing that the interpreter has not loaded by then.
"""

import os
import sys


def leave_working_directory() -> None:
    """Drop the working directory from `sys.path`, unless it is where this very installation lies."""
    here = os.path.realpath(os.getcwd())
    sys.path[:] = [entry for entry in sys.path if entry and (not _is(entry, here) or _is_installation(here))]


def _is(entry: str, directory: str) -> bool:
    return os.path.realpath(entry) == directory


def _is_installation(directory: str) -> bool:
    """Whether a directory is the `site-packages` of the running interpreter's own environment."""
    named = os.path.basename(directory) in {"site-packages", "dist-packages"}
    return named and directory.startswith(os.path.realpath(sys.prefix) + os.sep)
