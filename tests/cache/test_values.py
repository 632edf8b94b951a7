"""Results as JSON and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from mlsec_lint.cache.values import NotThatType, from_json, to_json
from mlsec_lint.findings import FileResult, Finding, Problem

_RESULTS = some.builds(
    FileResult,
    path=some.text(),
    findings=some.lists(some.from_type(Finding), max_size=2).map(tuple),
    problems=some.lists(some.from_type(Problem), max_size=2).map(tuple),
    lines=some.integers(0),
    until=some.dates().map(str),
    notes=some.lists(some.text(), max_size=2).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # strategies are found out while the first is made
@given(_RESULTS)
def test_what_is_written_is_read_again(result: FileResult) -> None:
    assert from_json(FileResult, json.loads(json.dumps(to_json(result)))) == result


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"path": 1},
        {"path": "a.py", "lines": "1"},
        {"path": "a.py", "lines": True},
        {"path": "a.py", "other": 1},
        {"path": "a.py", "findings": {}},
        {"path": "a.py", "findings": [{"rule": "MLS103"}]},
        {"path": "a.py", "problems": [{"kind": "syntax", "path": "a.py", "message": "x", "location": {}}]},
    ],
)
def test_what_nobody_of_ours_wrote_is_refused(data: object) -> None:
    with pytest.raises(NotThatType):
        from_json(FileResult, data)


def test_it_is_readable() -> None:
    assert to_json(FileResult("a.py", lines=3)) == {"path": "a.py", "lines": 3}
