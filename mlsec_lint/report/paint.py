"""Colours and widths of terminal text: the only module that imports rich, and that only when colour or wide characters need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

Line: TypeAlias = list[tuple[str, str]]
"""Pieces of a line, each with the name of its style; an empty name is plain text."""

_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "critical": "bold magenta",
        "high": "bold red",
        "medium": "bold yellow",
        "low": "bold cyan",
        "info": "bold blue",
        "error": "bold red",
        "strong": "bold",
        "gutter": "bold blue",
        "label": "bold green",
        "link": "underline",
        "faint": "dim",
    }
)


def paint(lines: Iterable[Line], *, colour: bool) -> str:
    """Join the lines, each with its line feed; with colour as ANSI sequences. The pieces must have been escaped."""
    if not colour:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(value) for name, value in _STYLES.items()}
    return "".join(
        "".join(styles[name].render(text, color_system=ColorSystem.STANDARD) if name else text for text, name in line)
        + "\n"
        for line in lines
    )


def cell_width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
