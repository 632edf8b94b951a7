"""A repository of the kind that the documentation speaks of, and a shell in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_EXAMPLE = ROOT / "fixtures" / "example-service"
_IGNORED = shutil.ignore_patterns("__pycache__", ".*")


def repository(folder: Path) -> Path:
    """A service with code in `src`, notebooks, pins and two commits; `origin/main` is the first of them."""
    shutil.copytree(_EXAMPLE / "service", folder / "src", ignore=_IGNORED)
    shutil.copytree(_EXAMPLE / "notebooks", folder / "notebooks", ignore=_IGNORED)
    shutil.copy(_EXAMPLE / "requirements.txt", folder)
    shell("git init -q -b main && git add . && git commit -qm 'A service'", folder)
    shell("git update-ref refs/remotes/origin/main HEAD", folder)
    (folder / "src" / "cache.py").write_text(
        "import pickle\n\n\ndef restore(path):\n    with open(path, 'rb') as file:\n        return pickle.load(file)\n",
        encoding="utf-8",
    )
    shell("git add . && git commit -qm 'Keep results'", folder)
    return folder


def shell(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run commands in a folder, with this version of the program on the path and a home of its own."""
    home = folder.parent / "home"
    programs = home / "bin"
    if not programs.is_dir():
        programs.mkdir(parents=True)
        _program(programs / "mlsec-lint", "-m mlsec_lint ")
        _program(programs / "python", "")
        _program(programs / "python3", "")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MLSEC_LINT", "GIT_", "GITHUB_"))}
    env |= {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "A Reader" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "reader@example.org" for who in ("AUTHOR", "COMMITTER")},
    }
    return subprocess.run(
        ["bash", "-c", code], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False, timeout=600
    )


def _program(file: Path, arguments: str) -> None:
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n', encoding="utf-8")
    file.chmod(0o755)
