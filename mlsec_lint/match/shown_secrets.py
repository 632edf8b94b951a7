"""Whether a call shows a secret itself: a variable that is named like one, whole, in a text or as an argument."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlsec_lint.syntax import expression as ex

_SECRET = re.compile(
    r"(?i)^(?!.*(?:hash|encrypt|mask|redact|hidden|public|obfuscat|partial|preview))(?:.*_)?(?:api_?key|key|secret|token|passw(?:or)?d|pwd|pass|passphrase|credentials?|secret_value|bearer|environ)$"
)
_GIVERS = frozenset({"getpass", "get_password", "get_secret_value", "get_secret", "get_token"})
"""Functions that give the secret itself."""

_READERS = frozenset({"getenv", "get", "pop"})
"""Functions that give what their first argument names."""

_SAME = frozenset({"str", "repr", "format", "join", "dumps", "pformat", "dict", "list", "strip", "decode", "encode"})
"""Functions whose result shows what they are given."""


def shows_secret(call: ex.Call) -> bool:
    """Whether some argument shows a whole secret."""
    return any(_is_secret(leaf) for argument in call.arguments for leaf in _shown(argument.value))


def _is_secret(leaf: ex.Expression) -> bool:
    match leaf:
        case ex.Call(arguments=(ex.Argument(value=ex.Constant(value=str(name))), *_)) if (
            ex.last_name(leaf.func) in _READERS
        ):
            return bool(_SECRET.search(name))
        case ex.Call():
            return ex.last_name(leaf.func) in _GIVERS
        case ex.Subscript(index=ex.Constant(value=str(name))) | ex.Attribute(attr=name) | ex.Name(id=name):
            return bool(_SECRET.search(name))
    return False


def _shown(node: ex.Expression) -> Iterator[ex.Expression]:
    """The parts of an expression that its text holds as they are: a slice, a length, a comparison do not."""
    match node:
        case ex.Call() if ex.last_name(node.func) in _SAME:
            for argument in node.arguments:
                yield from _shown(argument.value)
            if isinstance(node.func, ex.Attribute):
                yield from _shown(node.func.value)
        case ex.Call() | ex.Subscript() | ex.Attribute() | ex.Name():
            yield node
        case _:
            for part in _parts(node):
                yield from _shown(part)


def _parts(node: ex.Expression) -> tuple[ex.Expression, ...]:
    match node:
        case ex.Formatted(value=value) | ex.Starred(value=value) | ex.Await(value=value) | ex.Walrus(value=value):
            return (value,)
        case (
            ex.Text(parts=parts)
            | ex.Operation(operands=parts)
            | ex.Boolean(operands=parts)
            | ex.Collection(items=parts)
        ):
            return parts
        case ex.Conditional():
            return (node.body, node.orelse)
        case ex.Mapping():
            return tuple(value for _, value in node.items)
    return ()
