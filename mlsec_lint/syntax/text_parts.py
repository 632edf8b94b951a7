"""The parts of an f-string in the one form that both parsers can give: adjacent constants joined, empty ones left out."""

from __future__ import annotations

from collections.abc import Iterable

from mlsec_lint.syntax import expression as ex


def joined(pieces: Iterable[str | ex.Formatted], place: ex.Place) -> tuple[ex.Expression, ...]:
    """The parts of a text; its constants have the place of the whole."""
    found: list[ex.Expression] = []
    texts: list[str] = []
    for piece in (*pieces, None):
        if isinstance(piece, str):
            texts.append(piece)
            continue
        if text := "".join(texts):
            found.append(ex.Constant(text, place))
        texts.clear()
        if piece is not None:
            found.append(piece)
    return tuple(found)
