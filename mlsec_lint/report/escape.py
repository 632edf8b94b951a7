"""The output border: what attackers can write (file names, messages, code) is made harmless for each medium.

Every format passes foreign text through one of these functions; nothing else in `report` escapes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote_from_bytes

_CONTROLS = (*range(0x20), 0x7F, *range(0x80, 0xA0))
# Marks that reorder what is shown: Unicode Standard Annex 9, section 2.
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
# Characters without width: soft hyphen, grapheme joiner, Hangul fillers, Khmer and Mongolian vowels, joiners, tags and their kind.
_INVISIBLE = (
    *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x200B, 0x200E), *range(0x2060, 0x2066), *range(0x206A, 0x2070)),
    *(*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)),
)
_LINE_BREAKS = (0x2028, 0x2029)
_NAMED = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


def _written(code: int) -> str:
    """The escape that Python would write for the character."""
    if code <= 0xFF:  # noqa: PLR2004  # the last character that `\x..` can name
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  # likewise for `\u....`


_VISIBLE: Mapping[int, str] = MappingProxyType(
    {code: _written(code) for code in (*_CONTROLS, *_BIDI, *_INVISIBLE, *_LINE_BREAKS)} | _NAMED
)
_CHARACTERS = "".join(map(re.escape, map(chr, _VISIBLE))) + "\ud800-\udfff"
_COMMAND = r"##(?=\w*\[)"
_UNSAFE = re.compile(f"[{_CHARACTERS}]|{_COMMAND}")
_UNSAFE_IN_BLOCKS = re.compile(f"(?![\n\t])[{_CHARACTERS}]|{_COMMAND}")
# Older syntax of CI log commands, read anywhere in a line: `##[error]`, `##vso[…]`, `##teamcity[…]`.
_BROKEN_COMMAND = "#\\x23"


def visible(text: str) -> str:
    """Return the text on one line, with everything that could control a terminal, a log or a viewer as a visible escape."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    return _UNSAFE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Do as `visible` does, but keep line feeds and tabs, for code that is shown as a block."""
    if text.isascii() and "##" not in text and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return _UNSAFE_IN_BLOCKS.sub(_escape, text)


def visible_characters(line: str) -> list[str]:
    """Return what is shown for each character of the line; tabs become four spaces. Joined, it is what `visible` would show."""
    shown = ["    " if character == "\t" else _escape_character(character) for character in line]
    for found in re.finditer(_COMMAND, line):
        shown[found.start() + 1] = _BROKEN_COMMAND[1:]
    return shown


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    return _BROKEN_COMMAND if text == "##" else _escape_character(text)


def _escape_character(character: str) -> str:
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004  # a lone surrogate: no text encoding can write it
        return _written(code)
    return _VISIBLE.get(code, character)


def well_formed(text: str) -> str:
    """Return the text with lone surrogates (undecodable file names) as visible escapes, so that every JSON reader takes it."""
    if text.isascii():
        return text
    return re.sub("[\ud800-\udfff]", lambda found: _written(ord(found[0])), text)


def may_command(line: str) -> bool:
    """Whether GitHub's runner may take a line of a log for a command: `::error::…`, behind any blanks.

    That is how it reads them (actions/runner, src/Runner.Common/ActionCommand.cs, `TryParseV2`).
    """
    return line.lstrip().startswith("::")


def without_command(line: str) -> str:
    """Return the line so that it is no command; for what people read, while `workflow_data` is for commands of our own."""
    return line.replace("::", ":\\x3a", 1) if may_command(line) else line


def harmless_lines(text: str) -> str:
    """Return text of several lines, each as `visible` shows it and none of them a command."""
    return "\n".join(without_command(visible(line)) for line in text.split("\n"))


def json_without_commands(json: str) -> str:
    """Return the JSON so that no text in it can be taken for one of the CI commands that are read anywhere in a line (`##[…]`)."""
    return json.replace("##", "#\\u0023")


def workflow_data(text: str) -> str:
    """Escape the message of a GitHub workflow command.

    The runner undoes exactly these three (actions/toolkit, packages/core/src/command.ts, `escapeData`).
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """Escape a property value of a GitHub workflow command (`escapeProperty`, same file)."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown_prose(text: str) -> str:
    """Keep the Markdown of a rule's own text, but no HTML: SARIF 2.1.0, section 3.11.4.2."""
    parts = re.split(r"(`+[^`]*`+)", visible_lines(text))
    return "".join(part if index % 2 else part.replace("<", "&lt;") for index, part in enumerate(parts))


def code_block(code: str) -> str:
    """Return the code as a fenced Markdown block that it cannot leave."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return f"{fence}python\n{visible_lines(code).rstrip()}\n{fence}"


def markdown_code(text: str) -> str:
    """Return the text as a code span, in which nothing is a link, a mention, a formula or HTML; empty for no text."""
    shown = visible(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    blank = " " if shown.strip(" ") and {shown[0], shown[-1]} & {"`", " "} else ""
    return f"{fence}{blank}{shown}{blank}{fence}" if shown else ""


# What GitHub and GitLab make of plain text even where Markdown's own characters are escaped: addresses, mentions, references
# to issues, formulas, emoji.
_LOADED = re.compile(r"[@#!~$^|]|://|www\.|:[\w+-]+:")


def markdown_text(text: str) -> str:
    """Return a sentence in which nothing is a link or HTML: what stands in backticks as code, and what is more than plain words."""
    parts = re.split(r"`([^`]+)`", visible(text))
    shown = ""
    for index, part in enumerate(parts):
        piece = markdown_code(part) if index % 2 else _markdown_words(part)
        between = " " if shown[-1:] == "`" == piece[:1] else ""  # the ends of two code spans would be one
        shown += between + piece
    return shown


def _markdown_words(text: str) -> str:
    if _LOADED.search(text):
        return markdown_code(text)
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text.replace("&", "&amp;"))


# XML 1.0, section 2.2: these two are no characters there; `visible` has replaced the others that are none.
_NO_XML = re.compile("[\ufffe\uffff]")


def xml(text: str) -> str:
    """Return text of several lines for XML or HTML, between tags or in double quotes."""
    shown = _NO_XML.sub(lambda found: _written(ord(found[0])), visible_lines(text))
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@functools.lru_cache(maxsize=4096)
def sarif_text(text: str) -> str:
    """Return a SARIF message in which nothing is a placeholder or a link: SARIF 2.1.0, sections 3.11.5 and 3.11.6."""
    shown = visible(text).replace("{", "{{").replace("}", "}}")
    return shown.replace("[", "\\[").replace("]", "\\]") if "](" in shown else shown


def uri(path: str) -> str:
    """Percent-encode a path for a URI reference: RFC 3986. Absolute paths become `file:` URIs."""
    posix = path.replace("\\", "/") if re.match(r"[A-Za-z]:[\\/]", path) else path
    encoded = quote_from_bytes(_path_bytes(posix), safe="/-._~!$&'()*+,=@")
    if re.match(r"[A-Za-z]%3A/", encoded):
        return f"file:///{encoded[0]}:{encoded[4:]}"
    return f"file://{encoded}" if encoded.startswith("/") else encoded


def _path_bytes(path: str) -> bytes:
    """Return the bytes of a file name as the disk has them; Windows allows lone surrogates, which only `surrogatepass` takes."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
