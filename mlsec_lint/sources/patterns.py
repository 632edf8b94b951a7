"""Lists of patterns in gitignore syntax, from files that nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# The patterns become regular expressions that take time to the power of their stars on a name made for it.
_MOST_STARS = 4
_STARS = re.compile(r"\*+")


class Patterns:
    """Patterns that match paths below one directory."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`refused` counts lines that are no valid pattern or have more than four stars; they match nothing."""
        kept = [line for line in lines if line.strip() and not line.startswith("#")]
        sane = [line for line in kept if len(_STARS.findall(line)) <= _MOST_STARS]
        self._spec = _compiled(sane) if sane else None
        if sane and not self._spec:
            sane = [line for line in sane if _compiled([line])]
            self._spec = _compiled(sane)
        self.refused = len(kept) - len(sane)

    def __bool__(self) -> bool:
        """Whether there is any pattern at all."""
        return self._spec is not None

    def decide(self, path: str, folder: bool) -> bool | None:
        """Whether a path (forward slashes, relative) is left out; None when no pattern says anything about it."""
        if self._spec is None:
            return None
        return self._spec.check_file(f"{path}/" if folder else path).include


def _compiled(lines: list[str]) -> GitIgnoreSpec | None:
    """None if a line is no valid pattern."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return None
