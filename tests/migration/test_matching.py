"""Which findings a baseline of Bandit's speaks of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.bandit.settings_file import BanditSettingsError
from mlsec_lint.findings import Confidence, Finding, Location, Severity, Span
from mlsec_lint.migration.matching import findings_known
from mlsec_lint.migration.report import Known, read_report

REFINES = {"MLS101": ("B301", "B302"), "MLS103": ("B614",)}


def finding(path: str, rule: str, line: int) -> Finding:
    return Finding(rule, "m", Severity.HIGH, Confidence.HIGH, Location(path, Span(line, 1, line, 2)))


def test_a_result_means_the_finding_on_its_line_or_the_next_one_that_is_free() -> None:
    findings = [finding("a.py", "MLS101", line) for line in (3, 7, 9)]
    meant, left = findings_known([Known("a.py", "B301", 7)], findings, REFINES)
    assert ([item.location.span.start_line for item in meant], left) == ([7], [])
    meant, left = findings_known([Known("a.py", "B301", 7), Known("a.py", "B301", 100)], findings, REFINES)
    assert ([item.location.span.start_line for item in meant], left) == ([3, 7], [])


def test_file_and_check_must_be_the_same() -> None:
    findings = [finding("a.py", "B301", 1), finding("b.py", "MLS103", 1)]
    known = [Known("b.py", "B301", 1), Known("a.py", "B614", 1), Known("a.py", "B301", 1), Known("a.py", "B301", 2)]
    meant, left = findings_known(known, findings, REFINES)
    assert meant == findings[:1]
    assert sorted(left) == sorted([known[0], known[1], known[3]])


RESULTS = st.builds(
    Known, st.sampled_from(["a.py", "b.py"]), st.sampled_from(["B301", "B302", "B614"]), st.integers(1, 6)
)
FOUND = st.builds(finding, st.sampled_from(["a.py", "b.py"]), st.sampled_from(["MLS101", "B301"]), st.integers(1, 6))


@given(st.lists(RESULTS, max_size=12), st.lists(FOUND, max_size=12))
def test_no_finding_is_meant_twice_and_no_result_is_lost(known: list[Known], findings: list[Finding]) -> None:
    meant, left = findings_known(known, findings, REFINES)
    assert len(meant) + len(left) == len(known)
    assert len(meant) <= len(findings)


def test_paths_of_a_report_start_at_the_project(tmp_path: Path) -> None:
    names = ["./src/a.py", "src/a.py", f"{tmp_path.as_posix()}/src/a.py", "/elsewhere/a.py", "../a.py", "src\\a.py"]
    results = [{"filename": name, "test_id": "B301", "line_number": 1} for name in names]
    file = tmp_path / "baseline.json"
    file.write_text(json.dumps({"results": results}), encoding="utf-8")
    assert read_report(file, "baseline.json", tmp_path) == ((Known("src/a.py", "B301", 1),) * 4, 2)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"results": 1}', '{"results": [1]}', '{"results": [{"filename": "a.py"}]}', "[" * 100_000),
        *('{"results": [{"filename": "a\\u0000", "test_id": "B1", "line_number": 1}]}', "\xff"),
    ],
)
def test_what_is_no_report_of_bandits_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(BanditSettingsError, match=r"baseline\.json"):
        read_report(file, "baseline.json", tmp_path)
    with pytest.raises(BanditSettingsError, match="cannot be read"):
        read_report(tmp_path / "none.json", "none.json", tmp_path)
