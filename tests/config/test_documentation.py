from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mlsec_lint.config.keys import EXTEND, KEYS, field_name
from mlsec_lint.config.settings import FORMATS, Settings
from mlsec_lint.report.formats import Format

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_every_key_is_documented_and_nothing_else() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_page_and_editors_say_the_same_of_a_key(key: str) -> None:
    (said,) = re.findall(rf"^\| `{key}` \|.*\| (.*) \|$", PAGE, re.MULTILINE)
    assert said == KEYS[key].says


def test_every_key_fills_a_setting_and_the_rest_are_the_command_lines_own() -> None:
    names = {field_name(key) for key in KEYS if key != EXTEND}
    assert {field.name for field in fields(Settings)} - names == {"base", "ignores", "origins"}


def test_the_formats_are_those_that_reports_know() -> None:
    assert set(FORMATS) == {form.value for form in Format}
