"""Bandit's `# nosec` comments: which lines silence which tests."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping

from mlsec_lint.bandit.plugins import load_builtins

NoSec = Mapping[int, frozenset[str]]
"""Line number → the ids that are silenced there; an empty set silences every test."""

_COMMENT = re.compile(r"#\s*nosec:?\s*([^#]+)?")
_WORDS = re.compile(r"(?:(B\d+|[a-z\d_]+),?)+", re.IGNORECASE)


def read_nosec(text: str) -> NoSec:
    """Find the `# nosec` comments of a module, read as Bandit 1.9 reads them.

    Of words joined by commas without a space only the last one counts, and a comment without a known test
    (`# nosec because …`) silences all tests: both surprise, and both are what Bandit does.
    """
    if not _COMMENT.search(text):
        return {}
    lines: dict[int, frozenset[str]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            comment = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if comment:
                lines[token.start[0]] = _tests(comment[1] or "")
    except (tokenize.TokenError, SyntaxError):
        pass  # as Bandit: what was read up to there counts
    return lines


def _tests(prose: str) -> frozenset[str]:
    words = [match[1] for match in _WORDS.finditer(prose)]
    if not words:
        return frozenset()
    builtins = load_builtins()
    known = {"B001": "B001", **builtins.names, **{test: test for test in builtins.ids}}
    return frozenset(known[word] for word in words if word in known)
