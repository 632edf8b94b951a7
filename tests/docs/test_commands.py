"""Every command that the documentation shows is run, page by page, in a repository like a reader's."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.page import blocks, results, script
from tests.docs.sandbox import ROOT, repository, shell

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
WITH_COMMANDS = [page for page in PAGES if any(not block.reason for block in blocks(page))]
pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("bash") is None, reason="the commands are for POSIX shells"
)


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_commands_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    program = blocks(page)
    starts_from_nothing = page.name == "walkthrough.md"
    folder = tmp_path / "service"
    folder.mkdir()
    done = shell(script(program), folder if starts_from_nothing else repository(folder))
    ended = results(done.stdout)
    for number, block in enumerate(program):
        if block.reason:
            continue
        assert number in ended, f"{block.code}{done.stdout[-2000:]}{done.stderr[-2000:]}"
        printed, code = ended[number]
        assert code in block.exits, f"{block.code}ended with {code}:\n{printed}\n{done.stderr[-2000:]}"
        rest = iter([line.rstrip() for line in printed.splitlines()])
        missing = [line for line in block.output if line not in rest]  # in order: what was passed over is gone
        assert missing == [], f"{block.code}printed:\n{printed}"
    assert "Traceback" not in done.stderr


def test_what_is_not_run_has_a_reason() -> None:
    reasons = [block.reason for page in PAGES for block in blocks(page) if block.reason]
    assert all(len(reason) > len("network") for reason in reasons)


def test_a_block_that_fails_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\nfalse\n```\n<!-- exit: 2 -->\n```sh\n(exit 2)\n```\n\n<!-- output -->\n```text\nb\n```\n")
    program = blocks(page)
    assert [block.exits for block in program] == [{0, 1}, {2}]
    assert program[1].output == ("b",)
    assert results(shell(script(program), tmp_path).stdout) == {0: ("", 1), 1: ("", 2)}
