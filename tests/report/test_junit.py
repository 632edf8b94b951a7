from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.findings import Report
from mlsec_lint.report import junit
from mlsec_lint.report.formats import Format, render
from tests.report.samples import CELL, EMPTY, EVERYTHING, FLOW, LOAD, PROBLEMS, RULES, many

# jenkinsci/xunit-plugin, junit-10.xsd: the attributes and children of each element, required ones with an exclamation mark.
SCHEMA: Mapping[str, tuple[str, str]] = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": (
        "name! tests! failures! errors! group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    "testcase": ("name! time classname group", "skipped error failure system-out system-err"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "skipped": ("type message", ""),
    "system-out": ("", ""),
}


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(render(report, RULES, Format.JUNIT).encode())


def outcomes(report: Report) -> list[tuple[str | None, str | None, str]]:
    return [
        (case.get("classname"), case.get("name"), case[0].tag if len(case) else "passed")
        for case in parsed(report).iter("testcase")
    ]


@pytest.mark.parametrize("report", [EMPTY, EVERYTHING, many(3)], ids=["empty", "everything", "many"])
def test_output_has_the_shape_of_the_strictest_reader(report: Report) -> None:
    for element in parsed(report).iter():
        attributes, children = SCHEMA[element.tag]
        assert set(element.keys()) <= set(attributes.replace("!", "").split())
        assert set(element.keys()) >= {name[:-1] for name in attributes.split() if name.endswith("!")}
        assert {child.tag for child in element} <= set(children.split())


def test_counts_are_those_of_the_cases() -> None:
    root = parsed(EVERYTHING)
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element.tag != "testsuites" or tag != "skipped":
                assert element.get(attribute) == str(sum(case.find(tag) is not None for case in cases))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("10", "5", "4")


def test_findings_fail_suppressed_ones_are_skipped_and_problems_are_errors() -> None:
    load = "MLS103 unsafe-torch-load in Service.load"
    assert outcomes(replace(EVERYTHING, findings=(FLOW, LOAD), problems=PROBLEMS[:1])) == [
        ("old.py", "not analysed: syntax", "error"),
        ("src/llm.py", "MLS501 untrusted-text-in-instructions", "failure"),
        ("src/serve.py", load, "failure"),
        ("src/serve.py", f"{load} (2)", "skipped"),
    ]
    skipped = parsed(EVERYTHING).find(".//skipped")
    assert skipped is not None
    assert skipped.get("message") == "suppressed: ours"


def test_what_the_baseline_knows_is_skipped() -> None:
    report = replace(EMPTY, baseline="known.json", baselined=(FLOW,))
    assert ("src/llm.py", "MLS501 untrusted-text-in-instructions", "skipped") in outcomes(report)
    skipped = parsed(report).find(".//skipped")
    assert skipped is not None
    assert (skipped.get("type"), skipped.get("message")) == ("baselined", "in the baseline known.json")


def test_nothing_found_is_a_test_that_passes() -> None:
    assert outcomes(EMPTY) == [("mlsec-lint", "everything was analysed", "passed")]
    assert ("mlsec-lint", "everything was analysed", "passed") not in outcomes(EVERYTHING)


def test_names_are_unique_and_know_no_lines() -> None:
    names = [(suite, name) for suite, name, _ in outcomes(many(600))]
    assert len(set(names)) == len(names)
    assert ("src/package/module_001.py", "MLS103 unsafe-torch-load in Service.load (2)") in names


def test_the_text_is_what_people_read_in_a_terminal() -> None:
    failure = parsed(Report("/p", (FLOW,))).find(".//failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("medium", FLOW.message)
    shown = render(Report("/p", (FLOW,)), RULES, Format.FULL)
    assert shown.startswith(failure.text or "nothing")


def test_cells_are_named() -> None:
    failure = parsed(Report("/p", (CELL,))).find(".//failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("cell 3, line 1: ")


def test_the_summary_says_what_is_not_shown() -> None:
    text = parsed(EVERYTHING).findtext(".//system-out") or ""
    assert "Not shown: 4 with --min-severity info, 10 with --profile strict." in text
    assert "1 finding suppressed by comments" in text


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_makes_a_document(text: str) -> None:
    hostile = replace(LOAD, message=text, qualname=text, remedy=text, reasons=(text,))
    document = render(Report("/p", (hostile,)), RULES, Format.JUNIT)
    failure = ET.fromstring(document.encode()).find(".//failure")
    assert failure is not None
    assert len(failure) == 0
    assert (failure.get("message") or "").isprintable() or not text.isascii()


def test_hostile_text_stays_in_its_element() -> None:
    text = render(EVERYTHING, RULES, Format.JUNIT)
    assert all(line.isprintable() for line in text.splitlines())
    assert "##[" not in text
    assert not any(line.lstrip().startswith("::error") for line in text.splitlines())


def test_a_file_is_never_larger_than_gitlab_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = render(many(300), RULES, Format.JUNIT)
    monkeypatch.setattr(junit, "MOST_TEXT", 10_000)
    cut = render(many(300), RULES, Format.JUNIT)
    assert len(cut) < len(whole) / 2
    root = ET.fromstring(cut.encode())
    assert len(list(root.iter("failure"))) == 300
    assert sum(len((failure.text or "").encode()) for failure in root.iter("failure")) < 11_000


def test_25000_findings_stay_within_what_is_read() -> None:
    start = time.process_time()
    text = render(many(25_000), RULES, Format.JUNIT)
    # 1.5 s on two shared cores; the bound is wide so that only a change of the order of growth fails it.
    assert time.process_time() - start < 60
    assert len(text.encode()) < 30_000_000


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(EVERYTHING, RULES, Format.JUNIT) == render(EVERYTHING, RULES, Format.JUNIT)
