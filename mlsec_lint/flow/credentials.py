"""Which texts work as credentials, and which only stand where one would."""

from __future__ import annotations

import math
import re
from collections import Counter

_PLACEHOLDER = re.compile(
    r"(?ix) ^\W*$ | your[-_ ] | your(?:own|api|key|token|secret|password|pass|org|account)|example|change[-_ ]?(?:me|this|it)"
    r"|placeholder|redacted|dummy|fake|mock|sample|<[^<>]*> | \$\{ | \{\{ | \.\.\. | … | x{3,} | \*{3,} | insert|replace|enter[-_ ]"
    r"|^(?:none|null|empty|test|tests|testing|todo|tbd|n/?a|unused|unset|undefined|not[-_ ]?(?:needed|provided|used|set|required)"
    r"|no[-_ ]?(?:key|api[-_ ]?key|token|auth)|ollama|lm[-_ ]?studio|local|localhost|foo|bar|baz|foobar|abc|string|str|value|key"
    r"|api[-_ ]?key|apikey|token|token-abc123|secret|password|passwd|pwd|pass|credentials?|anything|whatever|true|false|sk-?|sk-\w{0,8})$"
    r"|^(?:sk|hf|pk|gsk)[-_]x|my[-_ ](?:api|key|secret|token|password)|[-_ ]here$|^env[:.] | ^os\.environ | ^secrets?[./:] | ^vault:"
    r"|^%\( | ^\$[A-Z_]+$ | ^@ | ^test[-_ ]|[-_ ]test$"
)
_TEMPLATE = re.compile(r"\{[^{}]*\}|%\(?\w*\)?s|\$\{|^\$\w+$|\$[A-Z_]{3,}")
_SPECIAL_TOKEN = re.compile(r"^(?:<[^<>]*>|\[[A-Z_0-9 ]+\]|</?\w+>|\W+|[Ġ▁]\w*)$")
_ENVIRONMENT_NAME = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
_IDENTIFIER = re.compile(r"^[a-z]+(?:[_.\-/][a-z0-9]+)*$|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$|^[A-Za-z]+(?:[A-Z][a-z]+)+$")
_ADDRESS = re.compile(
    r"^[a-z][a-z0-9+.-]*://|^[./~\\]|^\w+(?:\.\w+)+\(|\.(?:json|ya?ml|txt|pem|key|env|py|toml|cfg|ini)$"
)
_RANDOM_KEY = re.compile(r"(?=.{0,200}\d\D{1,60}\d\D{1,60}\d)(?!.{0,200}[a-z]{8})[A-Za-z0-9_+=/.-]{20,200}")
_PUBLISHED = re.compile(r"^(?:phc_|pk_(?:live|test)_|pk-lf-)")
"""Keys that are made to stand in clients: PostHog's project keys, Stripe's publishable and Langfuse's public ones."""

_SHORTEST, _LONGEST = 3, 400


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values()) if text else 0.0


def is_placeholder(text: str) -> bool:
    """A text that stands where a secret would: `sk-...`, `<your key>`, `xxxx`, `${TOKEN}`."""
    bare = text.strip()
    same = len(set(bare)) <= 1
    foreign_word = bare.isalpha() and not bare.isascii()  # `密码`, `пароль`
    return (
        same or foreign_word or bool(_PLACEHOLDER.search(bare) or _TEMPLATE.search(bare) or _SPECIAL_TOKEN.match(bare))
    )


def is_secret(text: str) -> bool:
    """A text that can be a credential: one word, no placeholder, no name of a variable."""
    bare = text.strip()
    word = _SHORTEST <= len(bare) <= _LONGEST and len(bare.split()) == 1
    stands_in = is_placeholder(bare) and not is_random_key(bare)  # chance writes `fake` and `xxx` into long keys
    return (
        word
        and not _PUBLISHED.match(bare)
        and not stands_in
        and not _ENVIRONMENT_NAME.match(bare)
        and not _ADDRESS.search(bare)
    )


def is_random_key(text: str) -> bool:
    """A text as random as keys are, made of what they are made of: both cases, scattered digits, no word, no hash."""
    bare = text.strip()
    mixed = bool(_RANDOM_KEY.fullmatch(bare)) and not (bare.islower() or bare.isupper())
    return mixed and entropy(bare) >= 3.7  # noqa: PLR2004 - bits


def is_default_secret(text: str) -> bool:
    """A text that works as a password where nothing else is configured: `admin`, `1234`, `change_me_immediately`."""
    bare = text.strip()
    if not _SHORTEST <= len(bare) <= _LONGEST or len(bare.split()) != 1 or _ENVIRONMENT_NAME.match(bare):
        return False
    stands_in = re.search(
        r"(?i)^your|<[^<>]*>|x{3,}|\*{3,}|\.\.\.|^(?:none|null|empty|not[-_]?\w+|no[-_]?\w+|sk-?|env)$", bare
    )
    return not (
        stands_in
        or len(set(bare)) <= 1
        or _TEMPLATE.search(bare)
        or _SPECIAL_TOKEN.match(bare)
        or _ADDRESS.search(bare)
    )


def is_strong_secret(text: str) -> bool:
    """A text that can hardly be anything but a credential: eight or more mixed characters, no name, path or address."""
    bare = text.strip()
    kinds = sum(bool(re.search(pattern, bare)) for pattern in ("[a-z]", "[A-Z]", "[0-9]", r"[^\w]"))
    mixed = len(bare) >= 8 and kinds >= 2 and entropy(bare) >= 2.5  # noqa: PLR2004 - shorter ones are words
    return mixed and is_secret(bare) and not _IDENTIFIER.match(bare)


_RANDOM = re.compile(r"[A-Za-z0-9_+=-]{20,200}")
_LEAST_DIGITS = 3


def is_random(text: str) -> bool:
    """A text that nobody wrote by hand: twenty or more letters of both cases and digits, well mixed; no hash, no name."""
    mixed = bool(_RANDOM.fullmatch(text)) and not (text.islower() or text.isupper())
    return mixed and sum(map(str.isdigit, text)) >= _LEAST_DIGITS and entropy(text) >= 3.7  # noqa: PLR2004 - bits
