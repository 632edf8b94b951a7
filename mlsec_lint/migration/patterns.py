"""Bandit's excluded paths as gitignore patterns.

Bandit leaves out what a pattern matches by `fnmatch`, and any path that contains the text:
https://bandit.readthedocs.io/en/latest/config.html
"""

from __future__ import annotations

import re

_ODD = re.compile(r"[\\!#\[\]]|\s$|^\s")
"""Signs that gitignore reads otherwise than fnmatch, or that no path holds."""


def pattern_of(excluded: str) -> str:
    """The gitignore pattern for an excluded path; empty when there is none.

    `./tests` is the one at the top; `tests` and `/tests/` are those of this name anywhere; `*/migrations/*` is a folder
    anywhere, too.
    """
    text = excluded.strip()
    if not text or not text.isprintable() or _ODD.search(text) or ".." in text.split("/"):
        return ""
    if text.startswith("./"):
        return f"/{text[2:].strip('/')}" if text[2:].strip("/*") else ""
    for beginning in ("**/", "*/", "/"):
        text = text.removeprefix(beginning)
    text = re.sub(r"(?:/\*{0,2})$", "/", text)
    inner = text.strip("/")
    if not inner.strip("*"):
        return ""
    return f"**/{text}" if "/" in inner else text
