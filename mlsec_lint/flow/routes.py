"""What the path of a route says of its parameters: `/files/{name}` admits no `/` in the name, `/files/{name:path}` does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.flow.definition import FunctionDefinition
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st

ONE_SEGMENT = "one-segment"
"""The trait of such a parameter."""

# The servers decode `%2F` before they compare: Starlette's `str` and Werkzeug's `default` converter are both `[^/]+`.
_FRAMEWORKS = ("fastapi.", "starlette.", "flask.", "quart.")
_SEGMENT = re.compile(r"\{(\w+)(?::str)?\}|<(?:(?:string|default)(?:\([^()]*\))?:)?(\w+)>")


def is_one_segment(name: str, definition: FunctionDefinition) -> bool:
    """Whether every route of a function takes the parameter from one part of the path."""
    routes = list(_routes(definition))
    return bool(routes) and all(name in _segments(route) for route in routes)


def _routes(definition: FunctionDefinition) -> Iterator[str]:
    if not isinstance(definition.node, st.Function):
        return
    for node, value in zip(definition.node.decorators, definition.decorators, strict=False):
        if isinstance(node, ex.Call) and any(path.startswith(_FRAMEWORKS) for path in value.paths):
            given = [item.value for item in node.arguments if item.keyword in ("", "path", "rule")][:1]
            yield from (item.value for item in given if isinstance(item, ex.Constant) and isinstance(item.value, str))


def _segments(route: str) -> set[str]:
    return {one or other for one, other in _SEGMENT.findall(route)}
