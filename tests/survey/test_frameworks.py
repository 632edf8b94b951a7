from __future__ import annotations

import re

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.catalogue.families import FAMILIES
from mlsec_lint.catalogue.model import AssignMatch, CallMatch
from mlsec_lint.survey.frameworks import ROLES, module_of, roles_of

CATALOGUE = load_catalogue()


def spoken_of() -> set[str]:
    """The top-level modules that rules and models name."""
    matches = [match for rule in CATALOGUE.pack.rules for match in rule.matches]
    paths = [path for match in matches if isinstance(match, CallMatch) for path in match.api]
    paths += [path for match in matches if isinstance(match, AssignMatch) for path in match.target]
    return {*CATALOGUE.libraries} | {path.split(".")[0].removesuffix("()") for path in paths}


def test_every_framework_is_one_that_rules_or_models_speak_of() -> None:
    assert {module for role in ROLES for module in role.modules} - spoken_of() == set()


def test_every_role_names_families_that_exist_and_all_of_them_are_named() -> None:
    named = {digit for role in ROLES for digit in re.findall(r"MLS(\d)", role.says)}
    assert named == {str(number) for number in range(1, len(FAMILIES))}  # MLS0 is about notebooks


def test_distributions_are_known_by_their_modules() -> None:
    assert [module_of(name) for name in ("scikit-learn", "llama-index", "torch")] == ["sklearn", "llama_index", "torch"]
    assert [modules for _, modules in roles_of({"os", "torch", "sklearn"})] == [("sklearn", "torch")]
