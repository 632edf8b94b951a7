"""Fields of pydantic models: what a validator or a pattern has refused does not arrive where the field is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from mlsec_lint.flow import definition as de
from mlsec_lint.flow.charsets import constrained
from mlsec_lint.flow.proofs import UNTOUCHED
from mlsec_lint.flow.value import UNKNOWN, Origin, Origins, Value, capped
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

_VALIDATORS = ("pydantic.field_validator()", "pydantic.validator()", "pydantic.v1.validator()")
_MODELS = ("pydantic.", "sqlmodel.", "pydantic_settings.")
_MAX_CLASSES = 20


def validated(base: Value, attr: str, origins: Origins) -> Origins:
    """What the data of an object is in one of its fields, behind the validators of the field."""
    if not origins:
        return origins
    for item in base.definitions:
        if isinstance(item, de.Instance) and any(path.startswith(_MODELS) for path in item.of.base_paths()):
            origins = _behind_model(item.of, attr, origins)
    return origins


def _behind_model(model: de.ClassDefinition, attr: str, origins: Origins) -> Origins:
    for owner in islice((model, *model.ancestors()), _MAX_CLASSES):
        for item in owner.node.body:
            if isinstance(item, st.Assign) and any(isinstance(one, ex.Name) and one.id == attr for one in item.targets):
                origins = constrained((item.annotation, item.value), origins)
        for member in list(owner.members.values()):
            for one in member.definitions:
                if isinstance(one, de.FunctionDefinition) and _validates(one, attr):
                    origins = _behind(one, origins)
    return origins


def _validates(definition: de.FunctionDefinition, attr: str) -> bool:
    """Whether a function is a validator of the field: `@field_validator("path")`."""
    nodes = definition.node.decorators if isinstance(definition.node, st.Function) else ()
    for node, value in zip(nodes, definition.decorators, strict=False):
        if isinstance(node, ex.Call) and any(path in _VALIDATORS for path in value.paths):
            fields = [item.value.value for item in node.arguments if isinstance(item.value, ex.Constant)]
            return attr in fields or "*" in fields
    return False


def _behind(definition: de.FunctionDefinition, origins: Origins) -> Origins:
    """What a validator returns of what it is given."""
    parameters, program = definition.node.parameters, definition.home.program
    if len(parameters) < 2 or program is None:  # noqa: PLR2004 - the class and the value
        return origins
    returns = program.summary(definition).returns
    if returns is UNKNOWN:
        return origins
    given = [item for item in returns.all_origins() if item.kind == "parameter" and item.place == parameters[1].place]
    return capped(kept for item in origins for kept in _each(item, given))


def _each(origin: Origin, given: list[Origin]) -> Iterator[Origin]:
    if not given and origin.kind in UNTOUCHED:
        yield origin
    for item in given:
        if f"stopped:{origin.kind}" not in item.traits:
            yield origin.with_traits(item.traits)
