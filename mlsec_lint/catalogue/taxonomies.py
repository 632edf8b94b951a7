"""Where a rule stands in the catalogues of others."""

from __future__ import annotations

from mlsec_lint.record import dataclass


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """A rule's entries in the catalogues of others."""

    cwe: tuple[int, ...] = ()
    owasp_llm: tuple[str, ...] = ()
    owasp_ml: tuple[str, ...] = ()
    atlas: tuple[str, ...] = ()
    stride: tuple[str, ...] = ()
    cia: tuple[str, ...] = ()
    attacks: tuple[str, ...] = ()
    biml: tuple[str, ...] = ()
