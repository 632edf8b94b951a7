"""Parameters that by their name hold somebody's text: a question, a document, a page, a conversation."""

from __future__ import annotations

import re

KIND = "text-parameter"

_NAME = re.compile(
    r"(?x)^(?:"
    r"(?:query|queries|question|questions|text|texts|content|contents|message|messages|msg|input|inputs|utterance|article|articles"
    r"|document|documents|doc|docs|context|contexts|passage|passages|history|conversation|transcript|resume|cv|email|body|data"
    r"|results?|comments?|reviews?|page|html|markdown|snippets?|chunks?|paragraph|sentences?|answer|topic|request|location|url"
    r"|title|description|feedback|statement|news|report|findings|observation|memory|memories)"
    r"|\w+_(?:query|question|questions|text|content|input|article|document|documents|transcript|messages|message|resume|history"
    r"|context|page|html|email|body|results|review|reviews)"
    r")$"
)
_DEVELOPERS = re.compile(
    r"(?i)(prompt|system|template|instruct|error|log|config|default|format|help|schema|debug|warn)"
)
_TYPES = frozenset(
    {"str", "list", "tuple", "dict", "typing.List[]", "typing.Sequence[]", "typing.Iterable[]", "typing.Any"}
)


def is_text_parameter(name: str, types: tuple[str, ...]) -> bool:
    """Whether a parameter holds text from outside, as far as its name and its annotated types tell."""
    known = [path.removesuffix("()") for path in types]
    named = bool(_NAME.match(name)) and not _DEVELOPERS.search(name)
    return named and (not known or any(path in _TYPES for path in known))
