"""The published schemas say what the loader does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from mlsec_lint.catalogue.load import bundled_directory
from mlsec_lint.catalogue.schema import as_text, model_schema, rule_schema
from tests.catalogue.packs import RULE, rule, with_match

DOCS = Path(__file__).parents[2] / "docs"
RULES = Draft202012Validator(rule_schema())
MODELS = Draft202012Validator(model_schema())

WRONG = [
    rule("where =", "wher ="),
    rule('"high"', '"hihg"'),
    rule('severity = "high"', ""),
    rule('"MLS103"', '"103"'),
    rule('summary = "a', 'cwe = ["502"]\nsummary = "a'),
    with_match('[[match.call]]\napi = "a.b"\nwhere = { x = { absent = true, is = "secret" } }'),
    with_match('[[match.call]]\napi = "a.b"\nwhen = { torch = "2.6" }'),
    with_match('[[match.call]]\napi = "a.b"\nmaybe = "nevr"'),
    with_match('[[match.literal]]\nname = "x"\ncontext = ["assignement"]\nvalue = 1'),
]


def test_the_published_files_are_up_to_date() -> None:
    assert (DOCS / "rule.schema.json").read_text(encoding="utf-8") == as_text(rule_schema())
    assert (DOCS / "model.schema.json").read_text(encoding="utf-8") == as_text(model_schema())


def test_they_are_schemas() -> None:
    for name in ("rule", "model"):
        Draft202012Validator.check_schema(json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8")))


def test_every_bundled_file_is_valid() -> None:
    files = list(bundled_directory().glob("*/*.toml"))
    assert files
    for path in files:
        validator = MODELS if path.parent.name == "models" else RULES
        values = tomli.loads(path.read_text(encoding="utf-8"))
        assert [f"{path.name}: {error.message}" for error in validator.iter_errors(values)] == []


def test_the_sample_is_valid() -> None:
    assert RULES.is_valid(tomli.loads(RULE))


@pytest.mark.parametrize("text", WRONG)
def test_mistakes_are_invalid(text: str) -> None:
    assert not RULES.is_valid(tomli.loads(text))


def test_a_mistake_in_a_model_is_invalid() -> None:
    assert MODELS.is_valid(tomli.loads('[[source]]\nkind = "request"\napi = "a.b"'))
    assert not MODELS.is_valid(tomli.loads('[[source]]\nkind = "request"'))
