"""A diff can be applied, and can do nothing to who reads it."""

from __future__ import annotations

from pathlib import Path

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.fixes.preview import diff
from mlsec_lint.fixes.rounds import Mended


def shown(before: str, after: str, path: str = "app.py") -> str:
    return "".join(diff(Mended(path, before.encode(), after.encode(), ()), load_catalogue()))


def test_lines_keep_their_ends() -> None:
    assert shown("a = 1\r\nb = 2", "a = 3\r\nb = 2").splitlines(keepends=True) == [
        *("--- a/app.py\n", "+++ b/app.py\n", "@@ -1,2 +1,2 @@\n"),
        *("-a = 1\r\n", "+a = 3\r\n", " b = 2\n", "\\ No newline at end of file\n"),
    ]


def test_nothing_in_it_controls_a_terminal_or_a_log() -> None:
    text = shown(
        'x = """\n::error::no\n\x1b[31m ##[group]\n"""\n', 'y = """\n::error::no\n\x1b[31m ##[group]\n"""\n', "a\x1b.py"
    )
    assert "\x1b" not in text
    assert "##[" not in text
    assert not any(line.strip().startswith("::") for line in text.splitlines())


def test_secrets_are_masked() -> None:
    code = 'client = connect(password="Tr0ub4dor-and-3-more", verify={})\n'
    text = shown(code.format(False), code.format(True))
    assert "Tr0ub4dor" not in text
    assert "verify=True" in text


def test_what_a_notebook_says_is_its_json(tmp_path: Path) -> None:
    before = '{"cells": [{"cell_type": "code", "source": ["a = 1\\n"]}], "metadata": {}}\n'
    after = before.replace("a = 1", "a = 2")
    (tmp_path / "a.ipynb").write_text(before, encoding="utf-8")
    assert '+{"cells": [{"cell_type": "code", "source": ["a = 2\\n"]}]' in shown(before, after, "a.ipynb")
