"""The secrets of a file, whatever rules run: nothing that is shown may hold one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.model import Test, TextFormat
from mlsec_lint.flow.credentials import is_placeholder, is_random, is_secret, is_strong_secret
from mlsec_lint.flow.value import Value
from mlsec_lint.match.text_formats import TextFormats

# A tokenizer is no token: its arguments are names of models, which reports must show.
_TELLING_NAME = re.compile(
    r"(?i)(password|passwd|pwd|passphrase|secret|token(?!i[sz])|api_?key|access_?key|private_?key|credential|auth_?key)"
)
_SIGNS = ("pass", "pwd", "secret", "token", "key", "credential")
"""One of these is in every name that tells of a secret."""
_Signs: TypeAlias = tuple[tuple[str, ...], ...]
"""Lower-case texts: one of each group is in whatever a pattern fits, which is told much faster."""
_PATTERNS: dict[str, _Signs] = {
    r"://[^\s:/@]*:([^\s/@]+)@": (("://",), ("@",)),
    r"(?i)(?:password|pwd|accountkey|sharedaccesskey|secret|token|api_?key)\s*=\s*[\"']?([^\s;,\"'&]{3,})": (
        ("=",),
        _SIGNS,
    ),
    # Of a command line: `mysql -pSECRET`, `curl -u admin:SECRET`. The distance is bounded: no text makes these slow.
    r"(?i)\b(?:mysql|mysqldump|mariadb|sshpass)\b[^|;&]{0,200}?\s-p([^\s\"']{4,})": (
        ("-p",),
        ("mysql", "mariadb", "sshpass"),
    ),
    r"\bcurl\b[^|;&]{0,200}?\s(?:-u|--user)[ =]?[^\s:\"']{1,100}:([^\s\"']{4,})": (("curl",), ("-u",)),
    r"(?i)\b(?:bearer|basic)\s+([\w.~+/=-]{12,})": (("bearer", "basic"),),
}
"""Patterns of secrets inside a text."""
# In a comment: `password: …`, `OPENAI_API_KEY=…`.
_NOTED = re.compile(
    r"(?i)(?:password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|credential)\w{0,20}\s*[:=]\s*[\"'`]?([^\s\"'`]{4,})"
)
_NOTED_SIGNS: _Signs = ((":", "="), _SIGNS)

_PREDICATES = frozenset(
    {"secret", "default-secret", "strong-secret", "random-key", "constant-login", "uri-with-password"}
)


def secret_texts(test: Test, value: Value) -> Iterator[str]:
    """The constants that a test for secrets was asked about."""
    if test.predicate in _PREDICATES and not test.negate:
        for item in (value, *value.members(), *(inner for member in value.members() for inner in member.members())):
            for constant in item.constants:
                if isinstance(constant, str | bytes):
                    yield constant if isinstance(constant, str) else constant.decode("latin-1")


def names_secret(name: str) -> bool:
    """Whether something of this name may be a secret."""
    return _has(name.casefold(), (_SIGNS,)) and _TELLING_NAME.search(name) is not None


def _has(text: str, signs: _Signs) -> bool:
    for group in signs:
        for sign in group:
            if sign in text:
                break
        else:
            return False
    return True


def known_secrets(texts: Iterable[tuple[str, str]], comments: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    """What of a file's constant texts and comments is, or may well be, a secret; texts come with names as from `Module.texts`."""
    named, noted = frozenset(texts), frozenset(comments)
    telling = set(filter(names_secret, {name for name, _ in named}))
    plain = {text for _, text in named} | noted
    joined = "\n".join(plain)
    formats, patterns = _formats_of(catalogue).narrowed(joined), _patterns_for(joined)
    found = {text for text in plain if is_random(text)}
    found.update(text for name, text in named if name in telling and is_secret(text))
    for text in plain if formats or patterns else ():
        found.update(_in(text, formats, patterns))
    for comment in noted:
        if _has(comment.casefold(), _NOTED_SIGNS):
            found.update(filter(is_strong_secret, _NOTED.findall(comment)))
    return frozenset(found)


@lru_cache(maxsize=4)
def _formats_of(catalogue: Catalogue) -> TextFormats:
    return TextFormats(item for item in catalogue.facts if isinstance(item, TextFormat))


def _patterns_for(text: str) -> list[tuple[re.Pattern[str], _Signs]]:
    folded = text.casefold()
    return [(re.compile(pattern), signs) for pattern, signs in _PATTERNS.items() if _has(folded, signs)]


def _in(text: str, formats: TextFormats, patterns: Iterable[tuple[re.Pattern[str], _Signs]]) -> Iterator[str]:
    """The secrets inside a text."""
    if formats:
        yield from (item.text for item in formats.secrets_in(text))
    folded = text.casefold()
    for pattern, signs in patterns:
        if _has(folded, signs):
            yield from (secret for secret in pattern.findall(text) if not is_placeholder(secret))


@lru_cache(maxsize=4)
def public_prefixes(catalogue: Catalogue) -> tuple[str, ...]:
    """The vendors' prefixes that a masked secret may show."""
    return tuple(sorted({item.prefix for item in catalogue.facts if isinstance(item, TextFormat) and item.prefix}))
