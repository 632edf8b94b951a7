"""Whether two sets of versions, each given by specifiers, have a version in common (PEP 440)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.specifiers import Specifier

ALTERNATIVE = " || "
"""What separates specifier sets of which any may hold."""

_HIGHEST = "999999"


@lru_cache(maxsize=4096)
def overlap(allowed: str, asked: str) -> bool:
    """Whether a version that `allowed` (specifier sets separated by `ALTERNATIVE`) admits lies in `asked`.

    An alternative that is no valid specifier set admits everything. Raises `ValueError` if `asked` is none.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    wanted = SpecifierSet(asked)
    for alternative in allowed.split(ALTERNATIVE.strip()):
        try:
            both = SpecifierSet(alternative.strip()) & wanted
        except InvalidSpecifier:
            both = wanted
        candidates = {version for specifier in both for version in _boundaries(specifier)}
        if any(both.contains(version, prereleases=True) for version in candidates | {"0", _HIGHEST}):
            return True
    return False


def _boundaries(specifier: Specifier) -> Iterator[str]:
    """Versions at which belonging to the specifier may change: the one it names, and the next ones that differ.

    A range is not empty exactly if it holds its lower boundary, or what lies right above it.
    """
    from packaging.version import InvalidVersion, Version

    try:
        named = Version(specifier.version.removesuffix(".*"))
    except InvalidVersion:  # `===` compares text
        return
    epoch = f"{named.epoch}!"
    release = list(named.release)
    yield str(named)
    yield epoch + ".".join(map(str, [*release, 0, 0, 1]))
    prefix = release[:-1] if specifier.operator == "~=" else release
    if prefix:
        yield epoch + ".".join(map(str, [*prefix[:-1], prefix[-1] + 1]))
