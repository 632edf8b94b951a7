"""Functions that a framework calls: what comes in by their parameters, and where their results go."""

from __future__ import annotations

from mlsec_lint.catalogue.model import Handler
from mlsec_lint.flow.annotations import annotated
from mlsec_lint.flow.clean_types import is_clean_type, project_classes
from mlsec_lint.flow.definition import ClassDefinition, FunctionDefinition
from mlsec_lint.flow.evaluation import Evaluation
from mlsec_lint.flow.exceptions import kind_of
from mlsec_lint.flow.value import Origin, Value
from mlsec_lint.syntax import expression as ex

SERVER_ERROR = 500
"""HTTP status codes below it are the client's mistakes."""


def handlers_of(definition: FunctionDefinition, at: Evaluation) -> tuple[Handler, ...]:
    """By decorator, by registration, as a method of a framework's class, or by the type of a parameter."""
    paths = [path for value in definition.decorators for path in value.paths]
    decorated = [path.removesuffix("()") for path in paths]
    found = [item for _, item in at.facts.decorators.at_any(decorated)]
    found.extend(at.callbacks.get(definition.node.place, ()))
    owner = definition.owner
    if owner is not None:
        found.extend(item for _, item in at.facts.bases.at_any(owner.base_paths()) if definition.name in item.method)
    if at.facts.annotations:
        typed = [annotated(item.annotation, at) for item in definition.node.parameters if item.annotation is not None]
        paths = [path.removesuffix("()") for value in typed for path in value.paths]
        found.extend(item for _, item in at.facts.annotations.at_any(paths))
    return tuple(dict.fromkeys(found))


def parameter_origins(
    parameter: ex.Parameter,
    value: Value,
    default: Value,
    handlers: tuple[Handler, ...],
    handled: tuple[Value, ...] = (),
) -> frozenset[Origin]:
    """What a framework puts into a parameter; nothing where its type or default says that it is no free text.

    `handled` are the exception types (or status codes) that the function was registered for.
    """
    if parameter.name in ("self", "cls") or is_clean_type(value):
        return frozenset()
    found = []
    for handler in handlers:
        kind = _exception_kind(value, handled) if handler.exception_parameter else handler.parameters
        if not kind or parameter.name in handler.skip_parameters or _skipped(handler, value, default):
            continue
        if handler.exception_parameter and not is_exception(parameter, value):
            continue
        found.append(Origin(kind, f"parameter `{parameter.name}`", parameter.place))
    return frozenset(found)


def _skipped(handler: Handler, value: Value, default: Value) -> bool:
    skipped = set(handler.skip_annotations)
    paths = {*value.paths, *default.paths}
    return bool(skipped & paths or skipped & {path.removesuffix("()") for path in paths})


def is_exception(parameter: ex.Parameter, value: Value) -> bool:
    """Whether a parameter of an error handler is the error."""
    named = parameter.name in ("exc", "e", "ex", "err", "error", "exception", "_exc")
    typed = any("Exception" in path or "Error" in path for path in value.paths)
    return named or typed


def _exception_kind(value: Value, handled: tuple[Value, ...]) -> str:
    """The widest type that is handled, whatever the annotation says; the annotation counts where no type is known."""
    kinds = [kind for item in handled if (kind := _registered_kind(item))]
    if kinds:
        return "exception" if "exception" in kinds else "narrow-exception"
    if project_classes(value):
        return "narrow-exception"
    return kind_of(tuple(path.removesuffix("()") for path in value.paths))


def _registered_kind(handled: Value) -> str:
    """The project's own types, and codes below 500, have their own messages; empty for what cannot be told."""
    codes = [item for item in handled.constants if isinstance(item, int)]
    if any(isinstance(item, ClassDefinition) for item in handled.definitions):
        return "narrow-exception"
    if codes:
        return "exception" if max(codes) >= SERVER_ERROR else "narrow-exception"
    known = [path for path in handled.paths if not path.startswith("?")]
    return kind_of(tuple(known)) if known else ""
