"""The action's parts that need no runner."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.action.runner import ACTION, ROOT

sys.path.insert(0, str(ROOT / ".github" / "action"))
from runner import escape, set_output


@given(st.text())
def test_no_message_can_end_its_command(text: str) -> None:
    assert not set("\r\n") & set(escape(text))


def test_no_value_can_start_another_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    set_output("sarif-file", "a\nexit-code=0")
    name, value, *_ = (tmp_path / "output").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"sarif-file<<end-[0-9a-f-]{36}", name)
    assert value == "a"


def test_every_input_reaches_the_step_by_the_environment() -> None:
    (check,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "check"]
    by_environment = set(re.findall(r"inputs\.([\w-]+)", yaml.safe_dump(check["env"])))
    assert by_environment | {"category"} == set(ACTION["inputs"])
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_every_action_of_others_is_pinned_to_a_commit() -> None:
    files = [ROOT / "action.yml", *(ROOT / ".github" / "workflows").glob("*.yml")]
    uses = [line for file in files for line in re.findall(r"uses: .*", file.read_text(encoding="utf-8"))]
    assert [
        line for line in uses if not re.fullmatch(r"uses: (?:[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./ # .*)", line)
    ] == []
