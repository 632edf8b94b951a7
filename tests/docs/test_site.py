"""The site has every page that the repository has."""

from __future__ import annotations

import re

from tests.docs.sandbox import ROOT


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"^ +- (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    docs = ROOT / "docs"
    pages = {page.relative_to(docs).as_posix() for page in docs.rglob("*.md")}
    assert listed == {page for page in pages if not re.fullmatch(r"rules/(?:MLS|B)\d+\.md", page)}
