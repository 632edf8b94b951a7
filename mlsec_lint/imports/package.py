"""The package that a file belongs to."""

from __future__ import annotations

from itertools import takewhile


def package_of(path: str) -> str:
    """The package that relative imports in a file start from: the folders above it, up to `src` or one that is no name."""
    above = takewhile(lambda part: part.isidentifier() and part != "src", reversed(path.split("/")[:-1]))
    return ".".join(reversed(tuple(above)))
