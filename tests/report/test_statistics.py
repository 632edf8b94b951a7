from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mlsec_lint.findings import Report, Severity
from mlsec_lint.report.formats import Format, render
from mlsec_lint.report.frequencies import frequencies
from mlsec_lint.report.options import Options
from tests.report.samples import BANDIT, CELL, EMPTY, EVERYTHING, FLOW, LOAD, PROBLEMS, RULES, many

NUMBERS = Options(statistics=True)


@pytest.mark.parametrize("form", [Format.FULL, Format.CONCISE])
def test_text_has_the_most_frequent_first_and_names_what_was_not_analysed(form: Format) -> None:
    report = Report("/p", (FLOW, BANDIT, LOAD, CELL, *many(10).findings), problems=PROBLEMS[:1], checked=4, lines=90)
    assert (
        render(report, RULES, form, NUMBERS)
        == """\
12  MLS103  high    unsafe-torch-load (11 can be fixed)
 1  B602    low     subprocess_popen_with_shell_equals_true
 1  MLS501  medium  untrusted-text-in-instructions
old.py:3:1: error[syntax] line 3: Missing parentheses in call to 'print'
14 findings in 14 files: 6 high, 4 medium, 4 low. --fix --unsafe-fixes fixes 11 of them.
Checked 4 files (90 lines of Python), 1 not (wholly) analysed.
"""
    )


def test_nothing_found_is_only_the_summary() -> None:
    assert render(EMPTY, RULES, Format.FULL, NUMBERS) == "No findings.\nChecked 0 files (0 lines of Python).\n"


def test_json_has_numbers_in_place_of_findings() -> None:
    found = json.loads(render(EVERYTHING, RULES, Format.JSON, NUMBERS))
    whole = json.loads(render(EVERYTHING, RULES, Format.JSON))
    assert set(found) == {"version", "tool", "statistics", "problems", "summary"}
    assert {name: found[name] for name in found if name != "statistics"} == {
        name: whole[name] for name in found if name != "statistics"
    }
    assert found["statistics"][0] == {
        "rule": "MLS103",
        "name": "unsafe-torch-load",
        "severity": "high",
        "findings": 3,
        "files": 3,
        "fixes": 2,
    }
    assert sum(total["findings"] for total in found["statistics"]) == len(whole["findings"])


def test_the_severity_is_the_worst() -> None:
    lower = replace(LOAD, severity=Severity.LOW)
    (total,) = frequencies(Report("/p", (lower, LOAD, lower)), RULES)
    assert (total.severity, total.findings, total.files, total.fixes) == (Severity.HIGH, 3, 1, 3)
