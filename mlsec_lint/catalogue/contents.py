"""What packs hold, told before anything of it is read in full; and a place for what is derived from them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from mlsec_lint.catalogue.selection import Candidate, candidate_of_check, candidate_of_rule
from mlsec_lint.findings import Profile
from mlsec_lint.record import dataclass

if TYPE_CHECKING:
    from mlsec_lint.catalogue.model import Pack

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a run needs to know of packs before it finds anything."""

    digest: str
    """That of the packs."""
    candidates: tuple[Candidate, ...]
    """The rules by id, then Bandit's checks in the order of their pack."""
    libraries: frozenset[str]
    """The top-level names of the libraries that the facts speak of."""

    def written(self) -> str:
        """As JSON."""
        rows = [(one.id, one.name, one.tags, one.profile.name, one.foreign) for one in self.candidates]
        return json.dumps({"digest": self.digest, "candidates": rows, "libraries": sorted(self.libraries)})

    @classmethod
    def read(cls, text: str) -> Contents:
        """What `written` wrote. Raises ValueError for anything else."""
        try:
            said = json.loads(text)
            candidates = [
                Candidate(id_, name, tuple(tags), Profile[profile], foreign)
                for id_, name, tags, profile, foreign in said["candidates"]
            ]
            return cls(said["digest"], tuple(candidates), frozenset(said["libraries"]))
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError("no contents of packs") from error


class Knowledge(Protocol):
    """What packs say."""

    @property
    def contents(self) -> Contents:
        """The short of it."""

    @property
    def pack(self) -> Pack:
        """All of it."""


class Loaded:
    """Packs that have been read."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    @cached_property
    def contents(self) -> Contents:
        """The short of it."""
        return contents_of(self.pack)


class Kept(Hashable, Protocol):
    """Texts that later runs find again."""

    def get(self, name: str) -> str | None:
        """What was put there under a name; None if there is nothing."""

    def put(self, name: str, text: str) -> None:
        """Keep it, if that is possible."""


class NothingKept:
    """Where nothing is kept."""

    def get(self, name: str) -> str | None:  # noqa: ARG002  # as every place for what is kept
        """Nothing."""
        return None

    def put(self, name: str, text: str) -> None:
        """Forget it."""


NOTHING_KEPT: Kept = NothingKept()


def kept_or_derived(
    kept: Kept, name: str, read: Callable[[str], _T], derive: Callable[[], _T], written: Callable[[_T], str]
) -> _T:
    """What an earlier run has kept under a name, or what `derive` gives, which is kept for later ones.

    `read` raises ValueError for what `written` did not write.
    """
    with contextlib.suppress(ValueError):
        return read(kept.get(name) or "")
    found = derive()
    kept.put(name, written(found))
    return found


def contents_of(pack: Pack) -> Contents:
    """The short of a pack."""
    from mlsec_lint.catalogue.libraries import libraries_of

    rules = sorted(pack.rules, key=lambda rule: rule.id)
    candidates = (*map(candidate_of_rule, rules), *map(candidate_of_check, pack.bandit.values()))
    return Contents(pack.digest, candidates, libraries_of(pack.facts))
