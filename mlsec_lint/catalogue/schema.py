"""The formats of rule and model files as JSON Schema (2020-12), for editors: made from the tables that the loader uses."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlsec_lint.catalogue.conditions import TEST_DEFINITION
from mlsec_lint.catalogue.facts import MODEL
from mlsec_lint.catalogue.rules import RULE
from mlsec_lint.catalogue.shapes import Schema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rule_schema() -> Schema:
    """What a rule file may say; `docs/rule.schema.json`."""
    return _document("A rule of mlsec-lint", RULE.schema())


def model_schema() -> Schema:
    """What a model file may say; `docs/model.schema.json`."""
    return _document("A model of mlsec-lint", MODEL.schema())


def as_text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _document(title: str, schema: Schema) -> Mapping[str, object]:
    return {"$schema": _DIALECT, "title": title, **schema, "$defs": {"test": TEST_DEFINITION}}
