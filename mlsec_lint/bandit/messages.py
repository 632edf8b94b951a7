"""Bandit's messages without the values that some of them quote from the code."""

from __future__ import annotations

import ast
import re

from mlsec_lint.masking import mask

_QUOTED = re.compile(r": '(.*)'\Z", re.DOTALL)
"""How the messages about passwords end (B105 to B107)."""
_ADDRESS = re.compile(r"<(?:_?ast\.)(\w+) object at 0x[0-9a-fA-F]+>")


def masked_message(text: str, test: str, node: ast.AST) -> str:
    """What a test says of a node, with every quoted literal masked, and every object's address replaced by its kind."""
    text = _ADDRESS.sub(r"\1", text)
    text = _QUOTED.sub(lambda quoted: f": {mask(quoted[1])}", text)
    for literal in _literals(node) if test == "B103" else ():
        text = text.replace(f"({literal})", f"({mask(literal)})")
    return text


def _literals(node: ast.AST) -> list[str]:
    """The texts among the arguments of a call: B103 quotes the file's name."""
    arguments = node.args if isinstance(node, ast.Call) else []
    values = [item.value for item in arguments if isinstance(item, ast.Constant)]
    return [str(value) for value in values if isinstance(value, (str, bytes))]  # of a huge number there is no text
