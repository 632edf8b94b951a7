"""What is in the repository belongs in it: no traces of the machine that it was written on, no lost names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MACHINE = {
    "a home directory": r"/(?:home|Users)/(?!runner\b|user\b|me\b|you\b)[a-z][\w.-]*/",
    "the root account's home": "/root/",
    "a temporary folder with a name": r"/tmp/[a-z0-9_]{6,}/[a-z]",
    "a private address": r"\b(?:10\.\d{1,3}|192\.168)\.\d{1,3}\.\d{1,3}:\d{2,5}\b",
    "an editor's leftover": r"^(?:<<<<<<<|>>>>>>>) ",
}
# What looks like a machine and is data: paths in test inputs and in code that fixtures show.
DATA = ("fixtures/", "tests/data/", "tests/test_names.py", "LICENSE")


def tracked() -> list[Path]:
    """The files that git knows; in an unpacked source distribution there is no git, and nothing to check."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return []
    names = [name for name in listed.stdout.split("\0") if name and not name.startswith(DATA)]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


FILES = tracked()


@pytest.mark.skipif(not FILES, reason="not a git checkout")
@pytest.mark.parametrize("what", MACHINE)
def test_nothing_names_a_machine(what: str) -> None:
    pattern = re.compile(MACHINE[what], re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:120]}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.skipif(not FILES, reason="not a git checkout")
def test_no_generated_file_is_tracked() -> None:
    generated = re.compile(r"(\.pyc|\.egg-info|\.sarif|\.log)$|__pycache__|\.DS_Store")
    assert [path.name for path in FILES if generated.search(path.as_posix())] == []


@pytest.mark.parametrize(
    ("what", "text"), [("a home directory", "/home/ann/src/x.py"), ("a private address", "http://10.1.2.3:8080")]
)
def test_the_patterns_find_what_they_name(what: str, text: str) -> None:
    assert re.search(MACHINE[what], text)
