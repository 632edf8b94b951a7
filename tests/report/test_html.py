from __future__ import annotations

import base64
import hashlib
import re
import time
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Finding, Frame, Problem, Report, Severity, Span, Suppressed
from mlsec_lint.report.descriptors import DOCS
from mlsec_lint.report.escape import visible
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.html import lists
from mlsec_lint.report.html.charts import chart
from tests.report.samples import (
    CELL,
    EMPTY,
    EVERYTHING,
    FLOW,
    HOSTILE_PATH,
    HOSTILE_TEXT,
    LOAD,
    PROBLEMS,
    RULES,
    TORCH,
    Rules,
    many,
)

VOID = {"meta", "input"}
FRAME = LOAD.frame or Frame(1, (), Span(1, 1, 1, 1))
OWN_LINKS = (
    DOCS,
    "https://cwe.mitre.org/",
    "https://genai.owasp.org/",
    "https://owasp.org/",
    "https://atlas.mitre.org/",
    "https://pytorch.org/",
    "#",
)
HOSTILE = st.text(st.characters(exclude_categories=[])) | st.lists(
    st.sampled_from(["<", ">", "&", '"', "'", "`", "</script>", "<!--", "-->", "]]>", "<b>", "&lt;", "\n", " on=", "a"])
).map("".join)


class Page(HTMLParser):
    """The page as a browser's parser sees it: elements with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.parts: Counter[str] = Counter()
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        self.parts[tag] += 1
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(attributes.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    @property
    def words(self) -> str:
        return " ".join(part for tag, parts in self.texts.items() for part in parts if tag not in {"style", "script"})


def page(report: Report, rules: Rules = RULES) -> Page:
    return Page(render(report, rules, Format.HTML))


def cards(found: Page) -> list[dict[str, str | None]]:
    return found.all("article")


def one(finding: Finding) -> Page:
    return page(Report("/p", (finding,), checked=1))


def test_a_finding_has_all_that_is_known_of_it() -> None:
    words = one(LOAD).words
    for part in (
        *(
            "MLS103",
            "unsafe-torch-load",
            "src/serve.py:12:13",
            "in Service.load",
            "unpickles: a crafted file runs code",
        ),
        *(
            "torch.load",
            "def load(path):",
            "return model",
            "Pass ",
            "weights_only=True",
            "pass weights_only=True (unsafe)",
        ),
        *("medium; nothing pins torch", "MLS207", "Whoever can swap the file", "The file is your own."),
        *("CWE-502", "LLM03:2025", "ML06:2023", "AML.T0011.000", "supply-chain"),
    ):
        assert part in words
    assert f"{DOCS}MLS103.md" in [attributes["href"] for attributes in one(LOAD).all("a")]
    assert TORCH.references[0] in [attributes["href"] for attributes in one(LOAD).all("a")]


def test_the_marked_code_is_marked() -> None:
    assert one(LOAD).texts["mark"] == ["torch.load"]
    assert one(CELL).texts["mark"] == ["torch.load"]
    assert "nb/train.ipynb:cell 3:1:5" in one(CELL).words


def test_a_trace_has_its_steps_with_code() -> None:
    found = one(FLOW)
    assert "3 steps through 2 files" in found.words
    assert len(found.all("ol")) == 1
    assert found.texts["mark"] == ["prompt", "request.args", "prompt"]
    for part in (
        "src/views.py:3:12",
        "a field of the request",
        "is spliced into instructions",
    ):
        assert part in found.words


def test_the_worst_come_first_and_can_be_filtered() -> None:
    shown = cards(page(EVERYTHING))
    levels = [Severity[str(card["data-severity"]).upper()] for card in shown]
    assert levels == sorted(levels, reverse=True)
    assert {str(card["data-family"]) for card in shown} == {"deserialization", "prompts", "injection"}
    assert {str(card["data-path"]) for card in shown} >= {"src/llm.py", visible(HOSTILE_PATH)}
    controls = {str(attributes.get("name")) for tag in ("input", "select") for attributes in page(EVERYTHING).all(tag)}
    assert controls == {"severity", "family", "rule", "path", "text"}


def test_links_to_findings_stay_valid_when_lines_move() -> None:
    moved = replace(LOAD, location=replace(LOAD.location, span=replace(LOAD.location.span, start_line=90, end_line=90)))
    assert cards(one(LOAD))[0]["id"] == cards(one(moved))[0]["id"]
    ids = [attributes["id"] for _, attributes in page(many(50)).elements if "id" in attributes]
    assert len(set(ids)) == len(ids)


def test_charts_count_and_can_be_heard() -> None:
    labels = [attributes["aria-label"] for attributes in page(EVERYTHING).all("svg")]
    assert labels == [
        "By severity: critical 0, high 3, medium 1, low 1, info 0",
        "By family: deserialization 3, injection 1, prompts 1",
        "By attack: supply-chain 3",
    ]
    assert len(page(EVERYTHING).all("rect")) == 9


def test_a_chart_of_many_names_adds_up() -> None:
    found = Page(chart("T", {f"a-very-long-name-number-{number}": 20 - number for number in range(15)}))
    assert len(found.all("rect")) == 10
    assert found.texts["text"][-2:] == ["6 more", str(sum(20 - number for number in range(9, 15)))]
    assert found.texts["title"][0] == "a-very-long-name-number-0"


def test_what_was_not_analysed_stands_at_the_top_and_is_named() -> None:
    report = replace(EMPTY, problems=PROBLEMS)
    assert "4 files could not be analysed" in page(report).words
    assert "Nothing was found" not in page(report).words
    for problem in PROBLEMS:
        assert problem.kind in page(report).words
    assert "old.py:3:1" in page(report).words
    interrupted = replace(EMPTY, checked=3, problems=(Problem("interrupted", "", "the run was interrupted"),))
    assert "Something could not be read" in page(interrupted).words


def test_only_a_run_that_checked_something_is_called_clean() -> None:
    assert "Nothing was found." in page(replace(EMPTY, checked=1)).words
    assert "Nothing new was found." in page(replace(EMPTY, checked=1, baseline="known.json", baselined=(LOAD,))).words
    assert "Nothing was found." not in page(EMPTY).words
    assert "No file was checked." in page(EMPTY).words
    assert page(EMPTY).all("form") == []


def test_counts_of_what_is_hidden_and_suppressed() -> None:
    words = page(EVERYTHING).words
    assert "Not shown: 4 with --min-severity info, 10 with --profile strict." in words
    assert "note: 2 files are ignored by git" in words
    assert "ours" in words
    without = Suppressed(LOAD, "", LOAD.location)
    assert "without a reason" in page(replace(EMPTY, suppressed=(without,))).words


def test_the_policy_allows_this_style_and_this_script_only() -> None:
    text = render(EVERYTHING, RULES, Format.HTML)
    (policy,) = Page(text).all("meta", **{"http-equiv": "Content-Security-Policy"})
    rules = dict(rule.split(" ", 1) for rule in str(policy["content"]).split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_nothing_is_loaded_and_nothing_runs_but_the_one_script() -> None:
    found = page(EVERYTHING)
    assert found.parts["script"] == found.parts["style"] == 1
    assert not {"img", "iframe", "link", "base", "object", "embed", "source", "image", "use"} & set(found.parts)
    for _, attributes in found.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in {"style", "src", "srcset", "action"}
        ]
    links = [str(attributes["href"]) for attributes in found.all("a")]
    assert [link for link in links if not link.startswith(OWN_LINKS)] == []
    code = "".join([*found.texts["script"], *found.texts["style"]])
    assert not re.search(r"https?:|url\(|@import|innerHTML|eval|fetch|document\.write", code)


def test_a_reference_that_is_no_address_is_no_link() -> None:
    rule = replace(TORCH, references=("javascript:alert(1)", "data:text/html,x", "http://a.example/"))
    found = page(Report("/p", (LOAD,)), Rules((rule,)))
    assert "javascript:alert(1)" in found.words
    assert {str(item["href"])[:4] for item in found.all("a")} <= {
        "http",
        "#f-8",
        *(f"#f-{digit:x}" for digit in range(16)),
    }


def test_hostile_text_is_shown_and_is_nothing_else() -> None:
    text = render(EVERYTHING, RULES, Format.HTML)
    assert visible(HOSTILE_TEXT) in Page(text).words
    assert visible(HOSTILE_PATH) in Page(text).words
    assert all(line.isprintable() for line in text.splitlines())
    assert "##[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


@given(HOSTILE)
def test_no_text_makes_an_element(text: str) -> None:
    hostile = replace(
        LOAD,
        message=text.replace("`", "'"),
        qualname=f"q{text}",
        remedy="",
        reasons=(text.replace("`", "'"),),
        location=replace(LOAD.location, path=f"p{text}"),
        frame=replace(FRAME, lines=(text, text, text)),
    )
    plain = replace(hostile, message="a", qualname="q", reasons=("a",), location=replace(LOAD.location, path="p"))
    found, expected = (one(finding).parts for finding in (hostile, plain))
    free = {"mark", "span"}  # as many as the code has marked stretches, and words between backticks
    assert {tag: n for tag, n in found.items() if tag not in free} == {
        tag: n for tag, n in expected.items() if tag not in free
    }


def test_25000_findings_make_a_page_that_opens_and_says_what_it_leaves_out() -> None:
    start = time.process_time()
    text = render(many(25_000), RULES, Format.HTML)
    # 1.5 s on two shared cores; the bound is wide so that only a change of the order of growth fails it.
    assert time.process_time() - start < 60
    assert len(text.encode()) < lists.MOST_BYTES + 1_000_000
    found = Page(text)
    assert len(cards(found)) == lists.MOST_FINDINGS
    assert {card["data-severity"] for card in cards(found)} == {"high"}
    assert "The 2,000 most severe of 25,000 findings are shown here" in found.words
    assert "By severity: critical 0, high 8,334, medium 8,333, low 8,333, info 0" in text


def test_long_lines_and_long_lists_are_cut() -> None:
    frame = replace(FRAME, lines=("x" * 100_000,) * 3)
    assert len(render(Report("/p", (replace(LOAD, frame=frame),)), RULES, Format.HTML)) < 40_000
    problems = tuple(Problem("syntax", f"{number}.py", "no Python") for number in range(1_500))
    assert "and 500 more" in page(replace(EMPTY, problems=problems)).words


def test_few_findings_of_many_bytes_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_BYTES", 20_000)
    found = page(many(100))
    assert 1 < len(cards(found)) < 20
    assert f"The {len(cards(found))} most severe of 100 findings are shown here" in found.words


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(EVERYTHING, RULES, Format.HTML) == render(EVERYTHING, RULES, Format.HTML)
