"""A hook of mkdocs: on the site, links that leave `docs/` lead to the repository instead."""

from __future__ import annotations

import posixpath
import re
from typing import Protocol

REPOSITORY = "https://github.com/mlsec-lint/mlsec-lint"
_LINK = re.compile(r"\]\((?P<target>\.\./[^)\s]*)\)")


class _File(Protocol):
    src_uri: str


class _Page(Protocol):
    file: _File


def on_page_markdown(markdown: str, page: _Page, **_given: object) -> str:
    """The text of a page with its links as the site needs them; mkdocs calls this."""
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri))

    def instead(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, found["target"].rstrip("/")))
        if target == "docs" or target.startswith("docs/"):
            return found[0]
        kind = "blob" if posixpath.splitext(target)[1] or target == "LICENSE" else "tree"
        return f"]({REPOSITORY}/{kind}/main/{target})"

    return _LINK.sub(instead, markdown)
