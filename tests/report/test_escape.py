from __future__ import annotations

import html
import unicodedata
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.report import escape

# Everything that controls instead of showing: Unicode's control, format, surrogate and line-break characters.
FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
TEXT = st.text(st.characters(exclude_categories=[]))
HOSTILE = st.lists(
    st.sampled_from(
        ["##[add-mask]", "##vso[x]", "::error::", "\n", "\r", "%0A", "\x1b[2J", "\u202e", "](", "{0}", "`", "<b>", "a"]
    )
).map("".join)


@given(TEXT | HOSTILE)
def test_visible_controls_nothing(text: str) -> None:
    shown = escape.visible(text)
    assert not any(unicodedata.category(character) in FORBIDDEN or character in BIDI for character in shown)
    assert "##[" not in shown
    assert "##vso[" not in shown
    shown.encode("utf-8")


@given(TEXT | HOSTILE)
def test_visible_lines_keeps_line_feeds_and_tabs_only(text: str) -> None:
    shown = escape.visible_lines(text)
    assert not any(
        unicodedata.category(character) in FORBIDDEN for character in shown.replace("\n", "").replace("\t", "")
    )
    assert shown.count("\n") == text.count("\n")


@given(HOSTILE | TEXT)
def test_visible_characters_join_to_what_visible_shows(line: str) -> None:
    shown = escape.visible_characters(line)
    assert len(shown) == len(line)
    assert "".join(escape.visible_characters(line.replace("\t", ""))) == escape.visible(line.replace("\t", ""))
    assert "##[" not in "".join(shown)


@given(HOSTILE | TEXT)
def test_a_line_is_no_command_and_else_as_it_was(line: str) -> None:
    shown = escape.without_command(line)
    assert not shown.strip().startswith("::")
    assert shown.replace(":\\x3a", "::", 1) == line or shown == line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::b", ":\\x3aerror::b"),
        (" \t::add-mask::c", " \t:\\x3aadd-mask::c"),
        ("two::colons", "two::colons"),
        (": :", ": :"),
    ],
)
def test_what_may_be_a_command_of_githubs_runner(line: str, shown: str) -> None:
    assert escape.without_command(line) == shown
    assert escape.may_command(line) == (shown != line)
    assert not escape.may_command(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢 👍", "plain é 漢 👍"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\u202eb\u200bc\ufeff", "a\\u202eb\\u200bc\\ufeff"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b1m", "\\x9b1m"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("##[group]", "#\\x23[group]"),
        ("## [heading]", "## [heading]"),
    ],
)
def test_visible_writes_escapes(text: str, shown: str) -> None:
    assert escape.visible(text) == shown


@given(TEXT | HOSTILE)
def test_workflow_text_stays_in_its_place_and_comes_back(text: str) -> None:
    data, value = escape.workflow_data(text), escape.workflow_property(text)
    assert not set(data) & set("\r\n")
    assert not set(value) & set("\r\n:,")
    # What actions/runner does, in its order.
    back = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    assert back == text
    back = value.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    assert back == text


@given(TEXT | HOSTILE)
def test_sarif_text_has_no_placeholder_and_no_link(text: str) -> None:
    shown = escape.sarif_text(text)
    bare = shown.replace("{{", "").replace("}}", "")
    assert "{" not in bare
    assert "}" not in bare
    assert "](" not in shown.replace("\\]", "")


def test_sarif_text_leaves_brackets_alone_that_are_no_link() -> None:
    assert escape.sarif_text("x[0] and [y]") == "x[0] and [y]"
    assert escape.sarif_text("[x](1)") == "\\[x\\](1)"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: not text.startswith("/")))
def test_uri_is_a_reference_that_decodes_to_the_path(path: str) -> None:
    reference = escape.uri(path)
    if not reference.startswith("file:"):
        assert urlsplit(reference).path == reference
        assert unquote_to_bytes(reference).decode() == path
    assert reference.isascii()
    assert reference.isprintable()


@pytest.mark.parametrize(
    ("path", "reference"),
    [
        ("src/sub dir/a b.py", "src/sub%20dir/a%20b.py"),
        ("a#?%:[é].py", "a%23%3F%25%3A%5B%C3%A9%5D.py"),
        ("b\udcff.py", "b%FF.py"),
        ("b\ud800.py", "b%ED%A0%80.py"),
        ("/abs/a b.py", "file:///abs/a%20b.py"),
        ("C:\\x\\a b.py", "file:///C:/x/a%20b.py"),
        ("C:/x.py", "file:///C:/x.py"),
        ("../up.py", "../up.py"),
        ("a\\b.py", "a%5Cb.py"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_uri_percent_encodes(path: str, reference: str) -> None:
    assert escape.uri(path) == reference


def test_code_cannot_leave_its_block() -> None:
    block = escape.code_block("x = '''\n```\n[y](z)\n'''\n")
    assert block == "````python\nx = '''\n```\n[y](z)\n'''\n````"


def test_prose_keeps_markdown_but_no_html() -> None:
    shown = escape.markdown_prose("use `List<int>`, not <img src=x>, see *here*")
    assert shown == "use `List<int>`, not &lt;img src=x>, see *here*"
    assert html.unescape(shown) == "use `List<int>`, not <img src=x>, see *here*"
