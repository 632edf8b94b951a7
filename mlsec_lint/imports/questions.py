"""What a module of the project can be asked: a word, or a word and a name of the module; and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlsec_lint.imports.library import ProjectModule

READABLE = "readable"
"""Whether there is Python in its file."""
TEXT = "text"
"""All of it: where a report shows it."""
NAMES = "names"
"""The names that its top-level statements set."""
STARS = "stars"
"""The modules of which it imports every name."""
BINDS = "binds"
"""Whether it sets a name."""
CODE = "code"
"""The statements that set a name."""
WORDS = "words"
"""Which of the words that matter for what others mean it has."""
REACH = "reach"
"""Of what stands behind a name: the kinds of sources and sinks, and what it imports."""
SECRETS = "secrets"
"""What of its texts is, or may well be, a secret."""
MENTIONS = "mentions"
"""Which names of another module are words of what stands behind a name: `mentions run pkg/model.py`."""
MENTIONED = "mentioned"
"""The same, put to the other module: `mentioned run pkg/service.py`."""


def answer(module: ProjectModule | None, question: str) -> str:
    """What a module says to a question that its text alone answers. Raises KeyError for any other."""
    if module is None or question == READABLE:
        return "" if module is None else "yes"
    kind, _, name = question.partition(" ")
    return _ANSWERS[kind](module, name)


_ANSWERS: Mapping[str, Callable[[ProjectModule, str], str]] = {
    TEXT: lambda module, _: module.source.text,
    NAMES: lambda module, _: " ".join(sorted(module.binders)),
    STARS: lambda module, _: " ".join(module.stars),
    BINDS: lambda module, name: "yes" if name in module.binders else "",
    CODE: lambda module, name: module.code(name),
}
