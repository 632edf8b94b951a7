"""What the path of a route says of its parameters: `/files/{name}` admits no `/` in the name, `/files/{name:path}` does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.flow.definition import FunctionDefinition
from mlsec_lint.flow.value import Origin
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

ONE_SEGMENT = "one-segment"
"""The trait of such a parameter."""

# The servers decode `%2F` before they compare: Starlette's `str` and Werkzeug's `default` converter are both `[^/]+`.
_FRAMEWORKS = ("fastapi.", "starlette.", "flask.", "quart.")
_SEGMENT = re.compile(r"\{(\w+)(?::str)?\}|<(?:(?:string|default)(?:\([^()]*\))?:)?(\w+)>")

_VARIABLE = re.compile(r"<(?:[^<>:]*:)?(\w+)>")
_PARSER = re.compile(r"(?i)arg|param|input|body|query|form|json|schema|valid|expect|parse|request|payload")


def from_route(origins: set[Origin], name: str, definition: FunctionDefinition) -> set[Origin]:
    """What a framework puts into a parameter, in the light of the route."""
    if is_filled_by_others(name, definition):
        return {item for item in origins if item.kind != "request"}
    traits = (ONE_SEGMENT,) if is_one_segment(name, definition) else ()
    return {item.with_traits(traits) for item in origins}


def is_one_segment(name: str, definition: FunctionDefinition) -> bool:
    """Whether every route of a function takes the parameter from one part of the path."""
    routes = list(_routes(definition))
    return bool(routes) and all(name in _segments(route) for route in routes)


def is_filled_by_others(name: str, definition: FunctionDefinition) -> bool:
    """Whether the parameter of a function that Flask calls comes from a decorator of the project, not from the request.

    Flask itself fills the variables of the route only; decorators that parse requests are told by their names.
    """
    routes = list(_routes(definition, ("flask.", "quart.")))
    if not routes or not isinstance(definition.node, st.Function):
        return False
    others = [ex.last_name(item.func if isinstance(item, ex.Call) else item) for item in definition.node.decorators]
    return not any(map(_PARSER.search, others)) and not any(name in _VARIABLE.findall(route) for route in routes)


def _routes(definition: FunctionDefinition, frameworks: tuple[str, ...] = _FRAMEWORKS) -> Iterator[str]:
    if not isinstance(definition.node, st.Function):
        return
    for node, value in zip(definition.node.decorators, definition.decorators, strict=False):
        if isinstance(node, ex.Call) and any(path.startswith(frameworks) for path in value.paths):
            given = [item.value for item in node.arguments if item.keyword in ("", "path", "rule")][:1]
            yield from (item.value for item in given if isinstance(item, ex.Constant) and isinstance(item.value, str))


def _segments(route: str) -> set[str]:
    return {one or other for one, other in _SEGMENT.findall(route)}
