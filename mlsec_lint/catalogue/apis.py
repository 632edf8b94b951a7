"""API paths as rules and models write them: `openai.{OpenAI,AsyncOpenAI}().chat.completions.create`."""

from __future__ import annotations

import itertools
import math
import re

_NAME = r"[^\W\d]\w*"
_PATH = re.compile(rf"(?:\?\.{_NAME}|{_NAME})(?:\(\))*(?:\.(?:{_NAME}|\*)(?:\(\))*)*")
_BRACES = re.compile(r"\{([^{}]*)\}")

MAX_EXPANSION = 512
"""The most paths that one text may stand for: alternations multiply."""

MAX_LENGTH = 1_000
"""Characters of one text."""


class ApiPathError(ValueError):
    """A text that is no API path."""


_ENDING = re.compile(r"\*(?=\w)")


def expand(text: str, *, endings: bool = False) -> tuple[str, ...]:
    """The API paths that a text stands for, in order, alternations resolved; with `endings` a segment may be `*Config`.

    Raises ApiPathError with a sentence that says what an API path looks like.
    """
    if len(text) > MAX_LENGTH:
        raise ApiPathError(f"an API path has at most {MAX_LENGTH} characters; write several")
    paths = resolve_alternations(text)
    for path in paths:
        if not _PATH.fullmatch(_ENDING.sub("", path) if endings else path):
            raise ApiPathError(_explain(path))
    return paths


def resolve_alternations(text: str) -> tuple[str, ...]:
    """The texts that a text stands for, in order, each once, unchecked; ApiPathError for braces that do not fit."""
    if "{" not in text:
        return (text,)
    paths = [text]
    while any("{" in path for path in paths):
        paths = [choice for path in paths for choice in _resolve_inner_braces(path)]
        _check_number(len(paths))
    return tuple(dict.fromkeys(paths))


def _resolve_inner_braces(path: str) -> list[str]:
    parts = _BRACES.split(path)
    if len(parts) == 1 and "{" in path:
        raise ApiPathError("a `{` without its `}`")
    choices = [list(map(str.strip, part.split(","))) if index % 2 else [part] for index, part in enumerate(parts)]
    _check_number(math.prod(map(len, choices)))
    return ["".join(chosen) for chosen in itertools.product(*choices)]


def _check_number(paths: int) -> None:
    if paths > MAX_EXPANSION:
        raise ApiPathError(f"it stands for more than {MAX_EXPANSION} paths; write several")


def segments(path: str) -> tuple[str, ...]:
    """The segments of an expanded path without their parentheses: `a.B().c` gives `a`, `B`, `c`."""
    return tuple(path.replace("()", "").split("."))


def _explain(path: str) -> str:
    if not path or path != path.strip() or " " in path:
        return "an API path is not empty and has no blanks"
    if "?" in path:
        return "`?` stands alone as the first segment, before a name: `?.predict_proba`"
    if path.startswith("*"):
        return "`*` is one segment, but not the first; for an object of unknown type write `?`"
    if "*" in path:
        return "`*` stands for exactly one whole segment: `transformers.*.from_pretrained`"
    if "[" in path or "(" in path.replace("()", ""):
        return "only `()` says more than a name; write what a subscript gives by the name: `flask.request.args`"
    return "an API path is dotted names, with `()` for the result of a call: `openai.OpenAI().files.create`"
