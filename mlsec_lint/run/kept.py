"""What is derived from rules, kept for later runs: it is the same as long as the program and the rules are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlsec_lint.cache.store import Store
from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.contents import Contents, Kept, Loaded, contents_of, kept_or_derived
from mlsec_lint.catalogue.selection import Selection
from mlsec_lint.run import fingerprints

if TYPE_CHECKING:
    from mlsec_lint.catalogue.model import Pack

_PACK, _CONTENTS = "the bundled pack", "the contents of the bundled pack"


class KeptTexts:
    """Texts of this very program in a folder; one that is damaged counts as none. Can be sent to a worker process."""

    def __init__(self, folder: Path) -> None:
        """`folder` is one that is prepared for the cache."""
        self._folder = folder

    def get(self, name: str) -> str | None:
        """What was put there under a name; None if there is nothing, or not what was put there."""
        store, key = Store(self._folder), _key(name)
        entry = store.get([key]).get(key, "")
        store.close()
        digest, _, text = entry.partition("\n")
        return text if digest == fingerprints.digest([text]) else None

    def put(self, name: str, text: str) -> None:
        """Keep it, if that is possible."""
        store = Store(self._folder)
        store.keep({_key(name): f"{fingerprints.digest([text])}\n{text}"}, ())
        store.close()


def _key(name: str) -> str:
    return fingerprints.digest([fingerprints.program(), "derived", name])


class Bundled:
    """What the bundled pack says, from an earlier run if there was one."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @cached_property
    def contents(self) -> Contents:
        """The short of it. Raises PackError when the installation is damaged."""
        return kept_or_derived(self._kept, _CONTENTS, Contents.read, lambda: contents_of(self.pack), Contents.written)

    @cached_property
    def pack(self) -> Pack:
        """All of it. Raises PackError when the installation is damaged."""
        from mlsec_lint.catalogue import plain

        def load() -> Pack:
            from mlsec_lint.catalogue.load import load_bundled

            return load_bundled()

        return kept_or_derived(self._kept, _PACK, plain.read, load, plain.written)


def loader(kept: Kept) -> Callable[[Sequence[Path]], Catalogue]:
    """Loads the catalogue of the bundled pack and others, as `load_catalogue` does."""
    bundled = Bundled(kept)

    def load(packs: Sequence[Path]) -> Catalogue:
        if not packs:
            return Catalogue(bundled, Selection(), kept)
        from mlsec_lint.catalogue.load import load_packs

        return Catalogue(Loaded(load_packs(packs, bundled.pack)), Selection(), kept)

    return load
