"""Bytes → text, as Python decodes its source files (PEP 263), without running any of it."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK = re.compile(rb"[ \t\f]*(?:#|$)")
_NEWLINE = re.compile(rb"\r\n|\r|\n")
# Decoding these takes quadratic time, depends on the machine, or never works.
_REFUSED = frozenset({"idna", "punycode", "undefined", "mbcs", "oem"})
_HEAD = 4096
_SURROGATE = re.compile("[\ud800-\udfff]")


class UndecodableError(ValueError):
    """The bytes are not the text that they should be; the message says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def decode(data: bytes, python: bool = True) -> str:
    """The text of a file, without its byte order mark and with lone surrogates replaced.

    `python=False` is for notebooks, which are always UTF-8. Raises `UndecodableError`.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            raise UndecodableError(f"it is {name}, which Python does not read", "save it as UTF-8")
    marked = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if marked else data
    encoding = declared_encoding(body) if python else "utf-8"
    if marked and encoding != "utf-8":
        raise UndecodableError(
            "its byte order mark says UTF-8, its coding comment something else", "delete the comment"
        )
    text = _decoded(body, encoding)
    if encoding != "utf-8":  # which has none
        text = _SURROGATE.sub("\ufffd", text)
    if "\0" in text:
        raise UndecodableError(
            "it has NUL bytes, which Python refuses", "is it binary, or UTF-16? exclude or convert it"
        )
    return text


def declared_encoding(data: bytes) -> str:
    """The encoding that a comment in the first two lines declares; `utf-8` if none does."""
    first, *rest = _NEWLINE.split(data[:_HEAD], 2)
    found = _COOKIE.match(first)
    if not found and rest and _BLANK.match(first):
        found = _COOKIE.match(rest[0])
    if not found:
        return "utf-8"
    name = found[1].decode("ascii").lower().replace("_", "-")
    if name in {"utf8", "utf-8"} or name.startswith("utf-8-"):
        return "utf-8"
    if name in {"latin-1", "iso-8859-1", "iso-latin-1"} or name.startswith(("latin-1-", "iso-8859-1-", "iso-latin-1-")):
        return "iso-8859-1"
    return name


def _decoded(data: bytes, encoding: str) -> str:
    unknown = UndecodableError(
        f"it declares the encoding `{encoding}`, which is not supported",
        "declare an encoding that Python knows, or save it as UTF-8",
    )
    if encoding in _REFUSED:
        raise unknown
    try:
        return data.decode(encoding)
    except LookupError:
        raise unknown from None
    except UnicodeDecodeError as error:
        line = len(_NEWLINE.findall(data, 0, error.start)) + 1
        hint = "save it as UTF-8, or declare its encoding in its first line"
        raise UndecodableError(f"line {line} is not {encoding}", hint) from None
    except UnicodeError:
        raise UndecodableError(f"it is not {encoding}", "save it as UTF-8") from None
