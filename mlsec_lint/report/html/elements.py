"""HTML by construction: what is not Markup yet is escaped when it is put into an element."""

from __future__ import annotations

from mlsec_lint.report.escape import visible, xml


class Markup(str):
    """HTML that is ready to be written."""

    __slots__ = ()


NOTHING = Markup()


def element(tag: str, *children: str, **attributes: str) -> Markup:
    """An element with its children; `class_` and `data_rule` are the attributes `class` and `data-rule`."""
    inner = "".join(child if isinstance(child, Markup) else xml(visible(child)) for child in children)
    return Markup(f"<{tag}{_written(attributes)}>{inner}</{tag}>")


def void(tag: str, **attributes: str) -> Markup:
    """An element that has no children: `input`, `meta`."""
    return Markup(f"<{tag}{_written(attributes)}>")


def joined(*pieces: Markup) -> Markup:
    """Elements one after the other."""
    return Markup("".join(pieces))


def link(address: str, *children: str) -> Markup:
    """A link that tells its target nothing; only text where the address is none of the web."""
    if not address.startswith(("https://", "http://")):
        return element("span", *children)
    return element("a", *children, href=address, rel="noreferrer noopener")


def prose(text: str) -> Markup:
    """A sentence with what stands in backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one backtick is left over
        return element("span", text)
    return joined(*(element("code" if index % 2 else "span", part) for index, part in enumerate(parts) if part))


def _written(attributes: dict[str, str]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{xml(visible(value))}"' for name, value in attributes.items()
    )
