"""Each rule that says how a finding is mended, on its own fixtures: what has a fix is gone, and nothing else has changed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.findings import Finding, Report, Safety
from mlsec_lint.fixes.rounds import Outcome, mend
from mlsec_lint.run.pinning import pinned
from tests.test_fixtures import Module, modules

MENDING = {rule.id for rule in load_catalogue().pack.rules if rule.fix is not None}
MODULES = [module for module in modules() if module.rule in MENDING and module.name.endswith(".py")]
BOTH = frozenset(Safety)


def report_of(module: Module, folder: Path, text: str) -> Report:
    result = module.check(folder, text)
    findings = tuple(pinned(item, folder) for item in module.shown(result))
    return Report(root=str(folder), findings=findings, problems=result.problems)


@pytest.fixture(autouse=True)
def every_model_was_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlsec_lint.project.hub_cache.commit_of", lambda _folder, _pin: "0123456789" * 4)


def mended(module: Module, folder: Path, text: str) -> Outcome:
    def recheck(contents: Mapping[str, bytes]) -> Report:
        (data,) = contents.values()
        return report_of(module, folder, data.decode())

    return mend(report_of(module, folder, text), BOTH, lambda _: text.encode(), recheck)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path.stem + "/" + module.name)
def test_what_has_a_fix_is_fixed_once_and_for_all(module: Module, tmp_path: Path) -> None:
    before = report_of(module, tmp_path, module.text)
    outcome = mended(module, tmp_path, module.text)
    assert outcome.refused == {}
    assert [item for item in outcome.report.findings if item.fix is not None] == []
    if not outcome.files:
        assert [item for item in before.findings if item.fix is not None] == []
        return
    (file,) = outcome.files
    after = file.after.decode()
    fixable = {item.rule for item in before.findings if item.fix is not None}
    later = {rule for item in before.findings for rule in item.also}
    assert fixable <= {item.rule for item in file.fixed} <= fixable | later
    assert mended(module, tmp_path, after).files == ()
    touched = {
        line
        for item in (*before.findings, *file.fixed)
        if item.fix is not None
        for edit in item.fix.edits
        for line in range(edit.span.start_line, edit.span.end_line + 1)
    }
    matcher = difflib.SequenceMatcher(None, module.text.split("\n"), after.split("\n"), autojunk=False)
    for kind, first, last, *_ in matcher.get_opcodes():
        assert kind == "equal" or set(range(first + 1, last + 1)) <= touched or kind == "insert"


@pytest.mark.parametrize("rule", sorted(MENDING))
def test_every_rule_with_a_fix_mends_something_in_its_fixtures(rule: str, tmp_path: Path) -> None:
    found = [module for module in MODULES if module.rule == rule]
    assert any(item.rule == rule for module in found for item in fixed_in(module, tmp_path))


def fixed_in(module: Module, folder: Path) -> tuple[Finding, ...]:
    return tuple(item for file in mended(module, folder, module.text).files for item in file.fixed)
