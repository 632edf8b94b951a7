"""Bandit's excluded paths as gitignore patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.migration.patterns import pattern_of
from mlsec_lint.sources.patterns import Patterns


@pytest.mark.parametrize(
    ("excluded", "pattern"),
    [
        ("tests", "tests"),
        (" tests ", "tests"),
        ("./tests", "/tests"),
        ("./tests/unit/", "/tests/unit"),
        ("/tests/", "tests/"),
        ("/tests", "tests"),
        ("tests/*", "tests/"),
        ("tests/**", "tests/"),
        ("*/migrations/*", "migrations/"),
        ("**/migrations/**", "migrations/"),
        ("src/tests", "**/src/tests"),
        ("*_test.py", "*_test.py"),
        ("*/test_*.py", "test_*.py"),
        ("", ""),
        ("*", ""),
        ("./", ""),
        ("/", ""),
        ("../outside", ""),
        ("a[bc]", ""),
        ("!a", ""),
        ("C:\\tests", ""),
        ("a\nb", ""),
    ],
)
def test_a_path_becomes_a_pattern_or_nothing(excluded: str, pattern: str) -> None:
    assert pattern_of(excluded) == pattern


@pytest.mark.parametrize(
    ("excluded", "path"),
    [
        ("tests", "src/tests/a.py"),
        ("/tests/", "src/tests/a.py"),
        ("./tests", "tests/a.py"),
        ("*/migrations/*", "app/migrations/0001.py"),
        ("src/tests", "pkg/src/tests/a.py"),
        ("*_test.py", "src/a_test.py"),
    ],
)
def test_what_bandit_leaves_out_is_left_out(excluded: str, path: str) -> None:
    patterns = Patterns([pattern_of(excluded)])
    parts = path.split("/")
    folders = ["/".join(parts[: index + 1]) for index in range(len(parts) - 1)]
    assert patterns.decide(path, folder=False) or any(patterns.decide(folder, folder=True) for folder in folders)


@given(st.text(st.sampled_from("ab./*?![]\\ \n#é"), max_size=12))
def test_no_text_becomes_a_pattern_that_leaves_everything_out(text: str) -> None:
    pattern = pattern_of(text)
    assert pattern == pattern.strip()
    assert not pattern or not Patterns([pattern]).decide("main/zzz.q", folder=False) or set(text) & set("?*")
