"""The families of rules: the hundreds of their ids, the folders that they lie in, and a tag of each."""

from __future__ import annotations

import re

FAMILIES: tuple[str, ...] = (
    "notebooks",
    "deserialization",
    "downloads",
    "credentials",
    "confidence",
    "prompts",
    "errors",
    "agency",
    "serving",
    "data-protection",
)
"""In the order of the hundreds: `MLS103` is a rule of `FAMILIES[1]`."""

SUPPRESSIONS = "suppressions"
"""The linter's findings about suppression comments, `MLS990` to `MLS999`: no code is matched for them."""

_OURS = re.compile(r"MLS(\d)(\d)\d", re.ASCII)


def family_of(rule_id: str) -> str:
    """The family of one of our own ids (`MLS103`: `deserialization`); empty for the ids of others."""
    ours = _OURS.fullmatch(rule_id)
    if ours is None:
        return ""
    if ours[1] == ours[2] == "9":
        return SUPPRESSIONS
    return FAMILIES[int(ours[1])]
