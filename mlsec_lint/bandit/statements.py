"""Which statements can concern which of Bandit's plugins; the counterpart of `gates` for what is neither call nor text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mlsec_lint.bandit.names import prefix_of
from mlsec_lint.bandit.strings import may_name_secret

Gate = Callable[[Any], bool]
"""Whether a plugin can report a node of its types; says yes too often."""


def _gives_secret(node: ast.FunctionDef) -> bool:
    """B107: a parameter that is named like a secret, and a text as a default."""
    texts = (item for item in node.args.defaults if isinstance(item, ast.Constant) and isinstance(item.value, str))
    return any(texts) and any(may_name_secret(item.arg) for item in node.args.args)


def _gives_member(node: ast.FunctionDef) -> bool:
    """B503: a default is a member of something, as `ssl.PROTOCOL_SSLv2` is."""
    return any(isinstance(item, ast.Attribute) for item in node.args.defaults)


def _only(kind: type[ast.stmt]) -> Gate:
    return lambda handler: isinstance(handler.body[0], kind)


STATEMENT_GATES: Mapping[str, Gate] = {
    "B107": _gives_secret,
    "B110": _only(ast.Pass),
    "B112": _only(ast.Continue),
    "B503": _gives_member,
}
"""By the id of the test; what is not here is run on every node of its types."""


def imports_one_of(modules: Iterable[str]) -> Gate:
    """Whether an import names something whose dotted path starts like one of these."""
    starts = tuple(modules)

    def imports(node: ast.Import | ast.ImportFrom) -> bool:
        prefix = prefix_of(node)
        return any((prefix + item.name).startswith(starts) for item in node.names)

    return imports
