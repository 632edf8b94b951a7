"""A copy of this repository as git knows it, so that tests may build and install without writing into it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def copy_checkout(target: Path) -> Path:
    """Copy every file that git tracks or would track; in an unpacked source distribution, every file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    if not names:
        shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".venv*", "build", "dist", "*.egg-info"))
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    return target
