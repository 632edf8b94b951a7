"""Bandit's messages without the values that some of them quote from the code."""

from __future__ import annotations

import ast
import re

from mlsec_lint.bandit.plugins import Issue

_SECRETS = frozenset({"B105", "B106", "B107"})
_QUOTED = re.compile(r": '(.*)'\Z", re.DOTALL)
_ADDRESS = re.compile(r"<(?:_?ast\.)(\w+) object at 0x[0-9a-fA-F]+>")


def masked_message(issue: Issue, node: ast.AST) -> str:
    """Bandit's text with every quoted literal replaced by its length, and every object address by the node's kind."""
    text = _ADDRESS.sub(r"\1", issue.text)
    if issue.test_id in _SECRETS or ": '" in text:
        text = _QUOTED.sub(lambda quoted: f" ({_length(quoted[1])})", text)
    for literal in _literals(node) if issue.test_id == "B103" else ():
        text = text.replace(f"({literal})", f"({_length(literal)})")
    return text


def _length(value: str) -> str:
    return f"{len(value)} characters" if len(value) != 1 else "1 character"


def _literals(node: ast.AST) -> list[str]:
    arguments = node.args if isinstance(node, ast.Call) else []
    return [str(item.value) for item in arguments if isinstance(item, ast.Constant)]
