"""Files under one configuration are one group; equal choices of rules are one catalogue."""

from __future__ import annotations

from pathlib import Path

from mlsec_lint.config.settings import Settings
from mlsec_lint.run.group import Groups


def test_a_thousand_folders_with_one_choice_of_rules_share_it(tmp_path: Path) -> None:
    groups = Groups(tmp_path, tmp_path)
    for number in range(3):
        groups.index(Settings(tmp_path / str(number), ignore=("MLS103",), timeout=number + 1))
    groups.index(Settings(tmp_path / "other", ignore=("MLS104",)))
    first, *others = (group.catalogue for group in groups.groups)
    assert [catalogue is first for catalogue in others] == [True, True, False]


def test_an_unknown_selector_is_told_for_each_file_that_has_it(tmp_path: Path) -> None:
    groups = Groups(tmp_path, tmp_path)
    for name in ("one", "two"):
        file = str(tmp_path / name / "mlsec-lint.toml")
        groups.index(Settings(tmp_path / name, ignore=("MLS99999",), origins={"ignore": file}))
    assert len({problem.path for problem in groups.problems}) == 2
    assert groups.groups[0].catalogue is groups.groups[1].catalogue
