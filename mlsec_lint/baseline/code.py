"""What of the code around a finding a baseline knows: enough to tell it from other code, too little to guess a secret.

A digest of code with a password in it would let anybody who has the baseline try passwords. So of the content of a string
one byte of its hash goes in, which 255 of 256 changes alter and which says next to nothing about the string; where a rule
says that there is a secret, not even that, nor any number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from mlsec_lint.catalogue.families import family_of

SECRETIVE = frozenset({"credentials", "notebooks"})
"""The families of rules whose findings stand at secrets, or may: a notebook's outputs hold anything."""

_BANDIT_SECRETS = frozenset({"B105", "B106", "B107"})

_TOKEN = re.compile(
    r"(?P<comment>#[^\r\n]*)"
    r"|(?P<prefix>(?<!\w)[rRbBuUfFtT]{0,2})(?P<string>'''.*?(?:'''|\Z)|\"\"\".*?(?:\"\"\"|\Z)"
    r"|'(?:\\.|[^'\\])*(?:'|\\?\Z)|\"(?:\\.|[^\"\\])*(?:\"|\\?\Z))"
    r"|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<sign>[^\s\w()\[\]{},;\\])",
    re.DOTALL,
)
"""What formatters do not change, and strings; brackets, commas and line ends come and go. A string without an end takes
all the rest: nothing of its text is a name."""

_QUOTES = ("'", '"')

_ESCAPED_QUOTE = re.compile(r"\\(['\"])")

_LENGTH = 16
"""Hexadecimal digits: two places of one function and rule never meet by chance."""


def digest(code: str, rule: str) -> str:
    """What stands for the code of a finding of a rule: 16 hexadecimal digits."""
    text = "\0".join(_tokens(code, secretive=is_secretive(rule)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def is_secretive(rule: str) -> bool:
    """Whether what a rule finds is, or may be, a secret."""
    return rule in _BANDIT_SECRETS or family_of(rule) in SECRETIVE


def _tokens(code: str, *, secretive: bool) -> Iterator[str]:
    for found in _TOKEN.finditer(code):
        if found["string"]:
            yield '"' if secretive else f'"{_byte(found["string"], found["prefix"])}'
        elif found["number"]:
            yield "0" if secretive else found["number"]
        elif (
            found["name"] and code[found.start() - 1 : found.start()] in _QUOTES
        ):  # quotes inside the braces of an f-string
            yield '"' if secretive else f'"{_byte(found["name"], "")}'
        elif found["name"] or found["sign"]:
            yield found["name"] or found["sign"]


def _byte(string: str, prefix: str) -> str:
    """The prefix that matters and one byte for the content, whatever quotes it stands in."""
    quote = string[:3] if string[:3] in {"'''", '"""'} else string[:1]
    content = _ESCAPED_QUOTE.sub(r"\1", string.removeprefix(quote).removesuffix(quote))
    kind = "".join(sorted(prefix.lower().replace("u", "")))
    return kind + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:2]
