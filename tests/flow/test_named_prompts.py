from __future__ import annotations

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.catalogue.model import Source
from mlsec_lint.flow.named_prompts import KIND, NAMES, with_prompt
from mlsec_lint.flow.value import UNKNOWN, constant
from mlsec_lint.syntax.expression import Place

HERE = Place(0, 1)


def test_the_model_that_wakes_a_file_has_the_same_names() -> None:
    facts = load_catalogue().facts
    apis = {api for fact in facts if isinstance(fact, Source) and fact.kind == KIND for api in fact.api}
    assert apis == {f"?.{name}" for name in NAMES}


def test_a_text_under_such_a_name_is_a_prompt() -> None:
    (origin,) = with_prompt("SYSTEM_PROMPT", constant("You are a clerk."), HERE).origins
    assert (origin.kind, origin.label) == (KIND, "`SYSTEM_PROMPT`")


@pytest.mark.parametrize(
    ("name", "value"), [("PROMPT", constant("You are a clerk.")), ("SYSTEM_PROMPT", UNKNOWN), (1, constant("a text"))]
)
def test_nothing_else_is(name: object, value: object) -> None:
    assert with_prompt(name, value, HERE) is value  # type: ignore[arg-type]
