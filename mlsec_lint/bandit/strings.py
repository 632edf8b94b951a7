"""Which string literals can concern which of Bandit's plugins; the counterpart of `gates` for texts."""

from __future__ import annotations

import ast
import re

from mlsec_lint.bandit.walk import Ancestors

_SECRET_WORD = re.compile("pas|pwd|token|secret", re.IGNORECASE)
_SQL_VERB = re.compile("select|delete|insert|update", re.IGNORECASE)


def may_name_secret(name: str) -> bool:
    """Whether Bandit could take the name for that of a password (B105, B106); says yes too often."""
    return _SECRET_WORD.search(name) is not None


SECRET_PARENTS = frozenset({ast.Assign, ast.Dict, ast.Subscript, ast.Compare})
SQL_PARENTS = frozenset({ast.BinOp, ast.Attribute, ast.JoinedStr})
"""What a text stands in where its gate can say yes."""


class SecretGate:
    """B105: the text is given to, compared with, or is the key of something named like a secret."""

    def __call__(self, _node: ast.Constant, value: str, ancestors: Ancestors) -> bool:
        """Say whether B105 can report this text."""
        parent = ancestors[0] if ancestors else None
        if isinstance(parent, ast.Assign):
            return any(_named_like_secret(target) for target in parent.targets)
        if isinstance(parent, (ast.Dict, ast.Subscript)):
            return may_name_secret(value)
        return isinstance(parent, ast.Compare) and _named_like_secret(parent.left)


class SqlGate:
    """B608: the text is built together with others, and one of them holds an SQL verb. One gate serves one file."""

    def __init__(self) -> None:
        self._sums: dict[int, bool] = {}

    def __call__(self, node: ast.Constant, value: str, ancestors: Ancestors) -> bool:
        """Say whether B608 can report this text."""
        parent = ancestors[0] if ancestors else None
        if isinstance(parent, ast.BinOp):
            return self._sum_holds_verb(ancestors)
        if isinstance(parent, ast.Attribute):
            return parent.attr in {"format", "replace"} and _SQL_VERB.search(value) is not None
        return isinstance(parent, ast.JoinedStr) and node is _first_text(parent) and _joined_holds_verb(parent)

    def _sum_holds_verb(self, ancestors: Ancestors) -> bool:
        """Answer once for each sum, however long: Bandit's own way up and down it is quadratic."""
        path: list[ast.BinOp] = []
        while ancestors and isinstance(ancestors[0], ast.BinOp) and id(ancestors[0]) not in self._sums:
            path.append(ancestors[0])
            ancestors = ancestors[1]
        if ancestors and isinstance(ancestors[0], ast.BinOp):
            answer = self._sums[id(ancestors[0])]
        else:
            answer = _sum_holds_verb(path[-1])
        self._sums.update((id(node), answer) for node in path)
        return answer


def _named_like_secret(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return may_name_secret(node.id)
    return isinstance(node, ast.Attribute) and may_name_secret(node.attr)


def _first_text(joined: ast.JoinedStr) -> ast.Constant | None:
    """The literal part that Bandit reports an f-string at."""
    for part in joined.values:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            return part
    return None


def _joined_holds_verb(joined: ast.JoinedStr) -> bool:
    """Bandit looks at the texts of an f-string without what stands between them."""
    texts = (part.value for part in joined.values if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return _SQL_VERB.search("".join(texts)) is not None


def _sum_holds_verb(root: ast.BinOp) -> bool:
    pending: list[ast.expr] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.BinOp):
            pending += [node.left, node.right]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL_VERB.search(node.value):
            return True
    return False
