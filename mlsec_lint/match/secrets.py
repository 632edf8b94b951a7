"""The secrets of a file, whatever rules run: nothing that is shown may hold one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.model import Test, TextFormat
from mlsec_lint.flow.credentials import is_placeholder, is_random, is_secret, is_strong_secret
from mlsec_lint.flow.value import Value
from mlsec_lint.match.text_formats import TextFormats
from mlsec_lint.syntax.module import Chunk

# A tokenizer is no token: its arguments are names of models, which reports must show.
_TELLING_NAME = re.compile(
    r"(?i)(password|passwd|pwd|passphrase|secret|token(?!i[sz])|api_?key|access_?key|private_?key|credential|auth_?key)"
)
_URI_PASSWORD = re.compile(r"://[^\s:/@]*:([^\s/@]+)@")
_KEY_VALUE = re.compile(
    r"(?i)(?:password|pwd|accountkey|sharedaccesskey|secret|token|api_?key)\s*=\s*[\"']?([^\s;,\"'&]{3,})"
)
# Of a command line: `mysql -pSECRET`, `curl -u admin:SECRET`. The distance is bounded: no text makes these slow.
_OPTION = re.compile(r"(?i)\b(?:mysql|mysqldump|mariadb|sshpass)\b[^|;&]{0,200}?\s-p([^\s\"']{4,})")
_LOGIN = re.compile(r"\bcurl\b[^|;&]{0,200}?\s(?:-u|--user)[ =]?[^\s:\"']{1,100}:([^\s\"']{4,})")
_BEARER = re.compile(r"(?i)\b(?:bearer|basic)\s+([\w.~+/=-]{12,})")
# In a comment: `password: …`, `OPENAI_API_KEY=…`.
_NOTED = re.compile(
    r"(?i)(?:password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|credential)\w{0,20}\s*[:=]\s*[\"'`]?([^\s\"'`]{4,})"
)

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


def known_secrets(chunks: Iterable[Chunk], comments: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Texts of a file that are, or may well be, secrets, those in its comments included; longest first."""
    formats = _formats_of(catalogue)
    found = {secret for chunk in chunks for name, text in chunk.outline.texts for secret in _in(name, text, formats)}
    for comment in comments:
        found.update(_in("", comment, formats))
        found.update(filter(is_strong_secret, _NOTED.findall(comment)))
    return tuple(sorted(found, key=lambda item: (-len(item), item)))


@lru_cache(maxsize=4)
def _formats_of(catalogue: Catalogue) -> TextFormats:
    return TextFormats(item for item in catalogue.facts if isinstance(item, TextFormat))


def _in(name: str, text: str, formats: TextFormats) -> Iterator[str]:
    if is_random(text):
        yield text
    if name and _TELLING_NAME.search(name) and is_secret(text):
        yield text
    yield from (item.text for item in formats.secrets_in(text))
    for pattern in (_URI_PASSWORD, _KEY_VALUE, _BEARER, _OPTION, _LOGIN):
        yield from (secret for secret in pattern.findall(text) if not is_placeholder(secret))


def public_prefixes(catalogue: Catalogue) -> tuple[str, ...]:
    """The vendors' prefixes that a masked secret may show."""
    return tuple(sorted({item.prefix for item in catalogue.facts if isinstance(item, TextFormat) and item.prefix}))
