"""Installs this very checkout of mlsec-lint, and its locked dependencies, into an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ACTION = Path(__file__).parent
CHECKOUT = ACTION.parents[1]
SOURCES = ("mlsec_lint", "rules", "pyproject.toml", "README.md", "LICENSE")


def install() -> Path:
    """The Python of the new environment."""
    folder = Path(tempfile.mkdtemp(prefix="mlsec-lint-", dir=os.environ.get("RUNNER_TEMP")))
    environment = folder / "venv"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip(python, folder, "--require-hashes", "--only-binary=:all:", "--requirement", str(ACTION / "requirements.txt"))
    pip(python, folder, "--no-deps", "--no-build-isolation", str(copy_sources(folder / "source")))
    return python


def copy_sources(target: Path) -> Path:
    """A copy to build from: building writes into its folder, and the checkout may be the scanned repository."""
    target.mkdir()
    for name in SOURCES:
        source = CHECKOUT / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, target / name)
    return target


def pip(python: Path, folder: Path, *arguments: str) -> None:
    """Run pip from a folder of ours, so that no file of the scanned repository is ever on its path."""
    command = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, cwd=folder)
