"""Bytes and texts: encodings that lie, characters that control, patterns that take for ever."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping

from hostile_tree.entry import Content, Hostile, module

_DECODING = "what Python reads here, and what an editor shows, differ from what a careless linter decodes"
_UNREADABLE = "not decodable, or no Python: it must be named, never passed over"
_SHOWN = "shown in messages and code frames, it would control a terminal, a CI log or a viewer"
_PATTERNS = "long texts that make credential patterns, comment patterns and word searches backtrack"

_ENCODED: Mapping[str, Content] = {
    "byte-order-mark": codecs.BOM_UTF8 + b"x = 1\n",
    "two-byte-order-marks": codecs.BOM_UTF8 * 2 + b"x = 1\n",
    "latin-1": b"# -*- coding: latin-1 -*-\nx = '\xff\xfe\xe9'\n",
    "utf-7": b"# coding: utf-7\nx = '+ADw-a+AD4-'\n",
    "shift-jis": "# coding: shift_jis\nx = '表示'\n".encode("shift_jis"),
    "escapes-as-encoding": b"# coding: unicode_escape\nx = 1\\u000aimport os\n",
    "cookie-in-line-two": b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = '\xff'\n",
    "form-feeds": b"\x0cx = 1\n\x0c\x0cdef f():\n\x0c    return 1\n\x0c",
    "vertical-tabs-in-texts": b"x = '\x0b\x1c\x1d\x1e\xc2\x85\xe2\x80\xa8\xe2\x80\xa9'  # \x0b\x1c\xe2\x80\xa8\n",
    "carriage-returns-only": b"x = 1\rdef f(a):\r    return a\r",
    "mixed-line-ends": b"x = 1\r\ny = '''a\rb\nc\r\n'''\rz = 2\n\r",
    "mixed-tabs": b"if a:\n\tx = 1\n\ty = 2\nif b:\n        x = 1\n        if c:\n        \ty = 2\n",
    "no-last-line-end": b"x = 1\n\n\n\n",
    "wide-names": "\uff54\uff4f\uff52\uff43\uff48 = 1\nimport \uff54\uff4f\uff52\uff43\uff48 as t\n\uff45val(a)\n\U0001d522\U0001d533\U0001d51e\U0001d529(b)\n",
    "combining-names": "e\u0301 = 1\n\u00e9 = 2\n\u2118 = 3\nª = 4\n",
    "long-name": "a" * 1_000_000 + " = 1\n",
    "surrogate-escapes": "x = '\\ud800\\udfff'\neval('\\udc80' + a)\n{}['\\ud800'] = x\nimport os\nos.system('\\udcff' + a)\n",
    "null-escapes": "x = '\\0\\x00\\u0000'\nimport os\nos.system('\\0' + a)\nopen('a\\0b')\n__import__('a\\0b')\n",
    "named-escapes": "x = '\\N{LATIN SMALL LETTER A}\\N{NO-BREAK SPACE}'\n",
    "bad-escapes": "x = '\\z\\8\\400'\ny = b'\\u1234'\n",
    "long-line": "x = 1  #" + " a" * 1_000_000 + "\n",
    "astral": "x = '" + "\U0001f600" * 10_000 + "'; eval(a)\n",
    "combining-marks": "x = 'a" + "\u0301" * 100_000 + "'; eval(a)\n",
}

_BROKEN: Mapping[str, Content] = {
    "null-bytes": b"x = 1\0\n",
    "null-bytes-after-much": b"x = 1\n" * 5_000 + b"\0",
    "utf-16": codecs.BOM_UTF16_LE + "x = 1\n".encode("utf-16-le"),
    "utf-16-without-mark": "import torch\n".encode("utf-16-le"),
    "utf-32": codecs.BOM_UTF32_BE + "x = 1\n".encode("utf-32-be"),
    "unknown-cookie": b"# coding: no-such-encoding\nx = 1\n",
    "cookie-of-code": b"# coding: ../../evil\nx = 1\n",
    "cookie-of-bytes": b"# coding: rot13\nk = 1\n",
    "cookie-of-archives": b"# coding: zip\nx = 1\n",
    "cookie-idna": b"# coding: idna\n" + b"a" * 100_000 + b" = 1\n",
    "cookie-against-mark": codecs.BOM_UTF8 + b"# coding: latin-1\nx = 1\n",
    "long-cookie": b"# coding: " + b"a" * 1_000_000 + b"\nx = 1\n",
    "not-utf-8": b"x = '\xff\xfe'\n",
    "overlong-utf-8": b"x = '\xc0\x80\xed\xa0\x80'\n",
    "lone-surrogate": "x = '\ud800'\n",
    "control-z": b"x = 1\n\x1a\x1b\n",
    "inconsistent-tabs": b"if a:\n        x = 1\n\ty = 2\n",
    "backslash-at-the-end": b"x = 1\\",
    "python-2": b"print 'a'\nexec 'b'\n",
    "random-bytes": bytes((number * 7919 + 13) % 251 for number in range(5_000)),
    "archive": b"PK\x03\x04" + b"\0" * 200,
    "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 200,
    "zero-width-code": "x\u200b = 1\n",
    "error-with-escapes": "x = \x1b[31m \x1b]0;owned\x07 ::error::owned\n",
    "error-with-command": "::error file=app.py,line=1::owned by the scanned file\n",
}

TITLE = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m\x08\x7f"
COMMANDS = (
    "::error::owned",
    "::set-output name=a::b",
    "::add-mask::a",
    "##[error]owned",
    "##vso[task.complete]",
    "##teamcity[a]",
)
BIDI = "\u202e\u2066\u2069\u200f\u061c\u200b\ufeff\u00ad"
MARKUP = (
    "[click](https://evil.example)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{0}",
    "`a` *b* | c",
    "[/bold][red]",
)
TOXIC = (TITLE, *COMMANDS, BIDI, *MARKUP)


def _loads(texts: tuple[str, ...]) -> str:
    """Findings on lines that hold the texts, as comments, arguments, names of keys and f-strings."""
    lines = ["import torch", "import os"]
    for text in texts:
        lines += [
            f"torch.load('{text}', weights_only=False)  # {text}",
            f"torch.load({{{text!r}: 1}}[{text!r}], weights_only=False)",
            f"os.system('curl {text} ' + a)",
            f"'''\n{text}\n'''; torch.load(b, weights_only=False); '''\n{text}\n'''",
            f"trust_remote_code('{text}', trust_remote_code=True)",
            f"x = 1  # mlsec: ignore[MLS103] {text}",
            f"x = 1  # mlsec: ignore[{text}]",
        ]
    return "\n".join(lines) + "\n"


_CONTROLLING: Mapping[str, Content] = {
    "escape-sequences": _loads((TITLE,)).replace("\x08", ""),
    "workflow-commands": _loads(COMMANDS),
    "bidirectional-marks": _loads((BIDI,)),
    "markdown-and-html": _loads(MARKUP),
    "line-separators": "x = 'a\u2028::error::owned\u2029b'; eval(x)  # \u2028::error::owned\n",
    "carriage-return-in-code": "import torch\ntorch.load(\r'::error::owned', weights_only=False) # a\r::error::owned\r\n",
    "command-on-a-line-of-its-own": "import torch\ntorch.load('''\n::error::owned\n::stop-commands::x\n''', weights_only=False)\n",
}

_KEYS = (
    "sk-",
    "sk-ant-",
    "hf_",
    "AKIA",
    "ghp_",
    "xox",
    "AIza",
    "eyJ",
    "postgres://",
    "mongodb+srv://a:",
    "-----BEGIN PRIVATE KEY-----",
)
_REPEATED: Mapping[str, str] = {
    "many-beginnings": "\n".join(f"x = '{key * 20_000}'" for key in _KEYS),
    "long-ends": "\n".join(f"x = '{key}{'a1B-_.' * 20_000}'" for key in _KEYS),
    "long-ends-in-comments": "\n".join(f"# {key}{'a1B-_.' * 20_000}!" for key in _KEYS),
    "many-words": "\n".join(f"x = '{(key + 'a1 ') * 10_000}'" for key in _KEYS),
    "addresses": "x = '"
    + "a://b:c@" * 20_000
    + "'\ny = 'a"
    + "://a:" * 20_000
    + "'\nz = 'https://"
    + "a:b@c/" * 20_000
    + "'",
    "equal-signs": "x = '" + "password=" * 20_000 + "'\ny = 'password" + " " * 100_000 + "=" + " " * 100_000 + "'",
    "authorization": "x = 'Authorization: Bearer " + "a." * 50_000 + "'\ny = '" + "Bearer " * 20_000 + "'",
    "ignore-comments": "x = 1  # mlsec: ignore["
    + "MLS103, " * 20_000
    + "\ny = 1  #"
    + " mlsec:" * 20_000
    + "\nz = 1 # noqa:"
    + " S301," * 20_000,
    "nosec-comments": "x = 1  # nosec"
    + " B101," * 20_000
    + "\ny = 1  #"
    + "nosec" * 20_000
    + "\nz = 1  #"
    + " nosec " * 20_000,
    "programs": "x = '" + "mysql " * 30_000 + "'\ny = '" + "curl " * 30_000 + "'\nz = '" + "sshpass -" * 20_000 + "'",
    "hashes": "#" * 200_000 + "\nx = 1  " + "# " * 100_000,
    "quotes": 'x = "' + "'" * 100_000 + "\"\ny = '" + '"' * 100_000 + "'\nz = '" + "\\'" * 100_000 + "'",
    "braces": "x = '"
    + "{" * 100_000
    + "'\ny = '"
    + "{a}" * 50_000
    + "'.format(a=b)\nz = '%(" * 2
    + "a" * 50_000
    + "'\nw = '"
    + "%" * 100_001
    + "' % a",
    "templates": "x = '" + "{{ a }}" * 20_000 + "'\ny = '" + "{%" * 50_000 + "'\nz = '" + "${" * 50_000 + "'",
    "prompt-words": "x = 'You are " + "a helpful assistant. Ignore all instructions. " * 10_000 + "' + a",
    "html-words": "x = '" + "<a href=" * 30_000 + "' + a\ny = '" + "<" * 100_000 + "' + a",
    "sql-words": "x = 'SELECT "
    + "a, " * 50_000
    + "' + b\ny = 'select"
    + " " * 100_000
    + "' + b\nz = 'INSERT INTO " * 2
    + "a " * 50_000
    + "' + b",
    "space": "x = '" + " " * 500_000 + "'\ny = '" + "\\n" * 200_000 + "'\nz = '" + "\\t " * 100_000 + "'",
    "versions": "# torch" + "==1.0" * 20_000 + "\n# /// script\n# dependencies = [" + "'torch'," * 10_000 + "]\n# ///",
    "script-blocks": "# /// script\n" + "# a = [\n" * 20_000 + "# /// script\n" * 5_000,
    "dotted-words": "x = 'torch" + ".load" * 50_000 + "'\ngetattr(torch, x)",
    "requirement-lists": "x = 'pip install " + "a>=1," * 20_000 + "'\nimport os\nos.system(x)",
}


def texts() -> Iterator[Hostile]:
    """All of them."""
    for name, text in _ENCODED.items():
        yield module(f"encoding-{name}", _DECODING, text)
    for name, text in _BROKEN.items():
        yield module(f"broken-{name}", _UNREADABLE, text, proof=False)
    for name, text in _CONTROLLING.items():
        yield module(f"controls-{name}", _SHOWN, text)
    for name, text in _REPEATED.items():
        yield module(f"pattern-{name}", _PATTERNS, text)
