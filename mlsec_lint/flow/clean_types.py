"""Types whose values hold no free text."""

from __future__ import annotations

from mlsec_lint.flow.definition import ClassDefinition, Instance
from mlsec_lint.flow.value import Value

CLEAN_TYPES = frozenset(
    "int float bool complex uuid.UUID datetime.datetime datetime.date datetime.timedelta decimal.Decimal"
    " typing.Literal[] typing_extensions.Literal[] enum.Enum enum.IntEnum enum.StrEnum".split()
)
"""Annotated types that leave no free text."""

ENUMERATIONS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
"""Bases of classes whose objects are words from a fixed list."""


def is_clean_type(value: Value) -> bool:
    """Whether all that an annotation allows is numbers, truth values, dates or words from a fixed list."""
    owners = project_classes(value)
    if owners:
        return all(ENUMERATIONS.intersection(owner.base_paths()) for owner in owners)
    types = [path.removesuffix("()") for path in value.paths]
    return bool(types) and all(path in CLEAN_TYPES or path == "None" for path in types)


def project_classes(value: Value) -> list[ClassDefinition]:
    """The project's classes of which a value is an object."""
    return [item.of for item in value.definitions if isinstance(item, Instance)]
