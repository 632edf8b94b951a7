from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mlsec_lint.findings import Problem, Report
from mlsec_lint.report.descriptors import DOCS
from mlsec_lint.report.escape import markdown_code, markdown_text, visible
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.markdown import MOST_BYTES
from tests.report.samples import EMPTY, EVERYTHING, FLOW, HOSTILE_TEXT, LOAD, PROBLEMS, RULES, many

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TEXT = st.text(st.characters(exclude_categories=[])) | st.lists(
    st.sampled_from(
        ["`", "``", "\\", "<b>", "](", "[a]", "*", "_", "~~", "|", "\n", "&lt;", "!", "@me", "#1", "$", " ", "a"]
    )
).map("".join)


def page(report: Report) -> str:
    return render(report, RULES, Format.MARKDOWN)


def tokens(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def words(text: str) -> str:
    """What a reader sees."""
    return "".join(token.content for token in tokens(text) if token.type in {"text", "code_inline"})


def test_the_page() -> None:
    findings = (LOAD, replace(LOAD, location=replace(LOAD.location, path="src/other.py"), qualname=""), FLOW)
    assert (
        page(Report("/p", findings, problems=PROBLEMS[:1], checked=7, lines=90, hidden={"--profile strict": 2}))
        == f"""\
## mlsec-lint: 3 findings

- 3 findings in 3 files: 2 high, 1 medium. --fix --unsafe-fixes fixes 2 of them.
- Checked 7 files (90 lines of Python), 1 not (wholly) analysed.
- Not shown: 2 with --profile strict.

| severity | findings |
|---|--:|
| critical | 0 |
| high | 2 |
| medium | 1 |
| low | 0 |
| info | 0 |
| **not (wholly) analysed** | 1 file |

### Not analysed

- `old.py:3:1`: syntax: line 3: Missing parentheses in call to 'print' (Python 2?)

### High

**[MLS103]({DOCS}MLS103.md) unsafe-torch-load**: a checkpoint is unpickled, which runs its code

Pass `weights_only=True`, or store tensors as safetensors.

- `src/serve.py:12:13` in `Service.load`: `torch.load` unpickles: a crafted file runs code on load
- `src/other.py:12:13`: `torch.load` unpickles: a crafted file runs code on load

### Medium

**[MLS501]({DOCS}MLS501.md) untrusted-text-in-instructions**: untrusted text is part of the instructions

Send it as a message of its own.

- `src/llm.py:8:5`: `request.args` reaches the instructions (3 steps)
"""
    )


def test_nothing_found_is_said() -> None:
    assert page(EMPTY).startswith("## mlsec-lint: 0 findings\n\n- No findings.\n")
    assert "### " not in page(EMPTY)


def test_links_lead_to_our_own_pages_and_nothing_is_html() -> None:
    shown = page(EVERYTHING)
    found = list(tokens(shown))
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert len(links) == 3
    assert all(link.startswith(DOCS) for link in links)
    assert {token.type for token in found} & {"html_inline", "html_block", "image", "em_open", "s_open"} == set()
    assert all(line.isprintable() for line in shown.splitlines())
    assert "##[" not in shown


@given(TEXT)
def test_a_sentence_makes_no_link_and_no_html(text: str) -> None:
    found = {token.type for token in tokens(f"- a: {markdown_text(text)}")}
    assert found <= {
        *("bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "code_inline", "text_special"),
        *("paragraph_close", "list_item_close", "bullet_list_close"),
    }


@given(TEXT)
def test_code_is_shown_as_it_is(text: str) -> None:
    shown = visible(text)
    found = [token for token in tokens(f"a{markdown_code(text)}") if token.type == "code_inline"]
    assert [token.content for token in found] == ([shown] if shown else [])


@pytest.mark.parametrize(
    "text",
    ["see https://evil.example", "www.evil.example", "ask @me", "fixes #12", "!7", "$x$", "a:bomb:b", "x@evil.example"],
)
def test_what_platforms_make_of_plain_text_is_code(text: str) -> None:
    assert markdown_text(text) == f"`{text}`"


def test_words_stay_words() -> None:
    assert markdown_text("`torch.load` reads a < b & c_d, which [is] 3*4") == (
        "`torch.load` reads a \\< b &amp; c\\_d, which \\[is\\] 3\\*4"
    )


def test_the_page_is_never_too_large_and_says_what_it_leaves_out() -> None:
    broken = tuple(Problem("syntax", f"{'p' * 300}{number}.py", "no Python") for number in range(3_000))
    report = replace(many(25_000), problems=broken)
    shown = page(report)
    assert 0.9 * MOST_BYTES < len(shown.encode()) < MOST_BYTES + 1_000
    left = [int(number.replace(",", "")) for number in re.findall(r"\*\*([\d,]+) more (?:problem|finding)s", shown)]
    assert len(left) == 2
    assert left[0] == 3_000 - shown.count("no Python")
    assert left[1] == 25_000 - shown.count("- `src/package/module_")
    assert "| high | 8,334 |" in shown


def test_long_texts_are_cut() -> None:
    shown = page(Report("/p", (replace(LOAD, message=HOSTILE_TEXT * 500),)))
    assert "…" in words(shown)
    assert len(shown) < 5_000


def test_the_same_report_gives_the_same_bytes() -> None:
    assert page(EVERYTHING) == page(EVERYTHING)
