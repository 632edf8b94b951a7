"""Made packages in a cache, real linters, no network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from linters import Manner
from outcome import Outcome, examine
from packages import Places
from rows import Package, Place, Sink, Site
from tables import render

pytestmark = pytest.mark.slow

PACKAGE = Package("some", "1.0", "wheel")
FIXED = Package("some", "1.1", "wheel")
LOADS = "import pickle\n\n\ndef load(data):\n    return pickle.loads(data)  # nosec  # noqa\n"
CALLER = """from openai import OpenAI
from some.run import run

answer = OpenAI().chat.completions.create(model="m", messages=[{"role": "user", "content": "list files"}])
run(answer.choices[0].message.content)
"""
READS = "import json\n\n\ndef load(data):\n    return json.loads(data)\n"


def site(id_: str, place: Place, *, bad: bool) -> Site:
    return Site(id_, "unsafe-load", bad, place, "pickle.loads", "call", f"why {id_}")


def notebook(code: str) -> str:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
        {"cell_type": "code", "metadata": {}, "source": code, "outputs": [], "execution_count": None},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("cache")
    for package, code in ((PACKAGE, LOADS), (FIXED, READS)):
        folder = cache / f"{package.name}-{package.version}" / "some"
        folder.mkdir(parents=True)
        (folder / "load.py").write_text(code, encoding="utf-8")
        (folder / "demo.ipynb").write_text(notebook(code), encoding="utf-8")
    return cache


@pytest.fixture(scope="module")
def outcome(cache: Path) -> Outcome:
    elsewhere = Package("o/n", "012", "git:o/n@0123456789abcdef")
    sites = [
        site("UL-1", Place(PACKAGE, "some/load.py", 5), bad=True),
        site("UL-2", Place(PACKAGE, "some/load.py", 1), bad=True),
        site("UL-3", Place(PACKAGE, "some/load.py", 5), bad=False),
        site("UL-4", Place(FIXED, "some/load.py", 5), bad=False),
        site("UL-5", Place(PACKAGE, "some/demo.ipynb", 5, cell=1), bad=True),
        site("UL-6", Place(PACKAGE, "some/none.py", 5), bad=True),
        site("UL-7", Place(elsewhere, "some.py", 5), bad=True),
    ]
    onpoint = {"bandit": frozenset({"B301"}), "ruff": frozenset({"S301"}), "semgrep": frozenset[str]()}
    before, after = (Place(package, "some/load.py", 5) for package in (PACKAGE, FIXED))
    sinks = [
        Sink("CVE-1", "deserialization", "call", "pickle.loads", before, after, "replaced", "why", onpoint),
        Sink("CVE-2", "deserialization", "call", "pickle.loads", before, before, "guarded", "why", onpoint),
        Sink("CVE-3", "deserialization", "call", "pickle.loads", before, None, "gone", "why", onpoint),
    ]
    return examine(sites, sinks, ["mlsec-lint", "bandit", "ruff", "semgrep"], Places(cache), Manner())


def test_every_linter_is_judged_on_every_row_that_is_there(outcome: Outcome) -> None:
    said = {
        linter: [verdict.site.id for verdict in verdicts if verdict.by] for linter, verdicts in outcome.verdicts.items()
    }
    # UL-2 is the import: Ruff has a rule for that, which is about something else.
    assert said == {
        "mlsec-lint": ["UL-1", "UL-3", "UL-5"],
        "bandit": ["UL-1", "UL-3"],
        "ruff": ["UL-1", "UL-3", "UL-5"],
    }
    for verdicts in outcome.sinks.values():
        answers = [
            (bool(verdict.before), None if verdict.after is None else bool(verdict.after)) for verdict in verdicts
        ]
        assert answers == [(True, False), (True, True), (True, None)]


def test_what_was_not_run_is_named_with_the_reason(outcome: Outcome) -> None:
    assert outcome.not_run == [
        ("UL-6 some==1.0 (wheel): some/none.py:5", "some/none.py is not in the package"),
        ("UL-7 o/n@0123456789ab: some.py:5", "needs --checkouts DIR"),
        ("semgrep", "needs --semgrep-rules DIR"),
    ]


@pytest.mark.parametrize("alone", [False, True])
def test_callers_are_looked_into_but_only_labelled_files_count(alone: bool, tmp_path: Path) -> None:
    folder = tmp_path / "some-1.0" / "some"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "run.py").write_text("import os\n\n\ndef run(command):\n    os.system(command)\n", encoding="utf-8")
    (folder / "app.py").write_text(CALLER, encoding="utf-8")
    sites = [Site("LX-1", "llm-output-exec", True, Place(PACKAGE, "some/run.py", 5), "os.system", "crossfile", "why")]
    (verdict,) = examine(sites, [], ["mlsec-lint"], Places(tmp_path), Manner(alone=alone)).verdicts["mlsec-lint"]
    assert any(found.rule.startswith("MLS") for found in verdict.by)


def test_text(outcome: Outcome) -> None:
    lines = [" ".join(line.split()) for line in render(outcome, "text", misses=True).splitlines()]
    assert "unsafe-load mlsec-lint 2/3 0.67 1/2 0.67" in lines
    assert "unsafe-load bandit 1/3 0.33 1/2 0.50" in lines
    assert "all mlsec-lint 3/3 1.00 1/2 0.50" in lines
    missed = lines.index("mlsec-lint: missed")
    assert lines[missed + 2] == "UL-2 unsafe-load some==1.0 (wheel): some/load.py:1 call pickle.loads why UL-2"
    assert any(line.startswith("UL-3") and "MLS101 line 5" in line for line in lines)


def test_markdown_and_json_say_the_same(outcome: Outcome) -> None:
    assert "| unsafe-load | mlsec-lint | 2/3 | 0.67 | 1/2 | 0.67 |" in render(outcome, "markdown", misses=False)
    report = json.loads(render(outcome, "json", misses=False))
    figures = {(one["linter"], one["family"]): one for one in report["figures"]}
    assert figures["mlsec-lint", "all"]["hits"] == 2
    assert figures["mlsec-lint", "all"]["alarms"] == 1
    assert [one["fixed"] for one in report["vulnerabilities"] if one["linter"] == "ruff"] == [[], ["S301"], None]
