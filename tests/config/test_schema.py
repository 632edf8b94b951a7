"""The published schema of the configuration says what the program reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types

from mlsec_lint.catalogue.schema import as_text
from mlsec_lint.config.configuration import Configuration
from mlsec_lint.config.errors import WrongValueError
from mlsec_lint.config.keys import KEYS, read
from mlsec_lint.config.schema import config_schema
from mlsec_lint.sources.exclusion import BUILD_FOLDERS, DEFAULT_EXCLUDES
from tests.config.test_configuration import EVERYTHING

ROOT = Path(__file__).parents[2]
SCHEMA = config_schema(DEFAULT_EXCLUDES | BUILD_FOLDERS)
VALIDATOR = Draft7Validator(SCHEMA)

WRONG = """
selct = []
min_severity = "low"
profile = "strickt"
fail-on = "nevr"
bandit = "no"
select = "MLS1"
ignore = [1]
exclude = [""]
max-file-size = -1
max-memory = "2 gigs"
timeout = 0
assume = { torch = 2 }
per-file-ignores = { "a" = "B1" }
extend = ["a.toml"]
format = "sariff"
""".strip().splitlines()


def test_the_published_file_is_up_to_date() -> None:
    assert (ROOT / "docs" / "config.schema.json").read_text(encoding="utf-8") == as_text(SCHEMA)


def test_it_is_a_schema_with_a_word_on_every_key() -> None:
    Draft7Validator.check_schema(json.loads(as_text(SCHEMA)))
    properties = json.loads(as_text(SCHEMA))["properties"]
    assert properties.keys() == KEYS.keys()
    assert all(about["description"] for about in properties.values())
    assert [key for key, about in properties.items() if "](" in about["description"]] == []
    assert properties["timeout"]["default"] == 180
    assert properties["fail-on"]["default"] == "low"
    assert "node_modules" in properties["exclude"]["default"]


def test_what_the_program_reads_is_valid() -> None:
    assert [error.message for error in VALIDATOR.iter_errors(tomli.loads(EVERYTHING))] == []


@pytest.mark.parametrize("line", WRONG)
def test_what_the_program_refuses_is_not(line: str, tmp_path: Path) -> None:
    (tmp_path / "mlsec-lint.toml").write_text(line, encoding="utf-8")
    configuration = Configuration(tmp_path, {})
    configuration.of(tmp_path)
    assert len(configuration.mistakes) == 1
    assert not VALIDATOR.is_valid(tomli.loads(line))


def test_the_documented_examples_are_valid() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = text.partition("```toml\n[tool.mlsec-lint]\n")[2].partition("```")[0]
    assert example
    assert [error.message for error in VALIDATOR.iter_errors(tomli.loads(example))] == []


TEXT = st.text(max_size=4) | st.sampled_from(["low", "never", "strict", "json", "512 MB", "2GiB", " 7 kb ", "1.5"])
VALUES = st.recursive(
    TEXT | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(KEYS)), VALUES)
def test_an_editor_never_marks_what_the_program_takes(key: str, value: object) -> None:
    try:
        KEYS[key].read(value)
    except WrongValueError:
        assert len(read({key: value}, "x.toml")[1]) == 1
    else:
        assert VALIDATOR.is_valid({key: value})
