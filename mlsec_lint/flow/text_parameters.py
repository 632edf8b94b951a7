"""Parameters that by their name hold somebody's text: a question, a document, a page, a conversation."""

from __future__ import annotations

import re

KIND = "text-parameter"

_NAME = re.compile(
    r"(?x)^(?:user_?|raw_?|input_?|original_?|new_?|current_?|last_?|follow_up_?|search_?|chat_?|page_?|web_?|source_?|full_?|the_)*"
    r"(?:query|queries|question|questions|text|texts|content|contents|message|messages|msg|input|inputs|utterance|article|document"
    r"|documents|doc|docs|context|contexts|passage|passages|history|conversation|transcript|resume|cv|email|body|data|results?"
    r"|comment|comments|review|reviews|page|html|markdown|snippet|snippets|chunk|chunks|paragraph|sentence|sentences|answer|topic"
    r"|request|location|url|title|description|feedback|statement|news|report|findings|observation|memory|memories)$"
)
_TYPES = frozenset({"str", "list", "tuple", "dict", "typing.List[]", "typing.Sequence[]", "typing.Iterable[]", "typing.Any"})


def is_text_parameter(name: str, types: tuple[str, ...]) -> bool:
    """Whether a parameter holds text from outside, as far as its name and its annotated types tell."""
    known = [path.removesuffix("()") for path in types]
    return bool(_NAME.match(name)) and (not known or any(path in _TYPES for path in known))
