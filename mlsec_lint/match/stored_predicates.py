"""Named questions about text that a notebook stores: personal data, content that does something when it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from mlsec_lint.record import dataclass

MOST_TRIED = 2_000
"""Candidates of one pattern in one text that are looked at."""

_EMAIL = re.compile(r"(?<![\w.+-])([A-Za-z0-9._%+-]{1,64})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})(?![\w-])")
_NOBODY = re.compile(
    r"(?i)(?:^|\.)(?:example|test|invalid|localhost|local|noreply)(?:\.|$)|^(?:users\.noreply\.github\.com|email\.com|mail\.com|domain\.com|test\.com|company\.com)$"
)
_ROLE = re.compile(
    r"(?i)^(?:no-?reply|info|support|help|contact|admin|team|hello|sales|security|git|dev|postmaster|webmaster)\b"
)
_FEWEST_ADDRESSES = 5
_SOCIAL = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_SOCIAL_WORDS = re.compile(r"(?i)\bssn\b|social.security")
_CARD = re.compile(r"(?<![\d.-])(?:4\d{3}|5[1-5]\d{2}|6011)([ -])\d{4}\1\d{4}\1\d{4}(?![\d.-])")
_TEST_CARDS = re.compile(r"4242|4111.?1111|5555.?5555|4000.?0000|4012.?8888|5105.?1051|6011.?1111")
_IBAN = re.compile(r"(?<![A-Z0-9])([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?![A-Z0-9])")
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HU": 28,
    "IE": 22, "IT": 27, "LU": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SK": 24, "TR": 26,
}  # fmt: skip
_HEADING = re.compile(r"<th[^<>]{0,200}>\s{0,20}([^<>]{1,40}?)\s{0,20}</th>")
_PERSONAL = re.compile(
    r"(?i)e-?mail(?:_?address)?|(?:phone|mobile|telephone)(?:_?(?:number|no))?|ssn|social_?security(?:_?number)?|passport(?:_?(?:number|no))?"
    r"|credit_?card(?:_?number)?|card_?number|iban|date_?of_?birth|dob|birth_?date|(?:patient|customer|client)_?name|(?:home|street)_?address"
    r"|medical_?record_?(?:number|no)|mrn|(?:first|last|full)_?name|surname"
)
_FEWEST_ROWS = 3
_SYNTHETIC = frozenset({"faker", "Faker", "mimesis"})

_HANDLER = re.compile(
    r"(?i)<(?:img|svg|body|iframe|video|audio|input|details|math|object|marquee)\b[^<>]{0,2000}?\s(on(?:error|load|toggle|focus|begin|mouseover|start))\s*="
)
_JAVASCRIPT_LINK = re.compile(
    r"(?i)\b(?:href|src|action|formaction)\s{0,5}=\s{0,5}[\"']?\s{0,5}(javascript:)(?!\s{0,5}(?:void\b|;|[\"'>]|//))"
)
_REMOTE_SCRIPT = re.compile(r"(?i)<script\b[^<>]{0,500}?\bsrc\s{0,5}=\s{0,5}[\"']?(?:https?:)?//([\w.-]{3,200})")
_KNOWN_HOSTS = (
    "bokeh.org", "bootstrapcdn.com", "cloudflare.com", "cloudfront.net", "datatables.net", "d3js.org", "github.io", "google.com",
    "googleapis.com", "googletagmanager.com", "gstatic.com", "holoviz.org", "jquery.com", "jsdelivr.net", "leafletjs.com", "mapbox.com",
    "mathjax.org", "plot.ly", "pydata.org", "pyviz.org", "rstudio.com", "twitter.com", "unpkg.com", "wandb.ai", "youtube.com",
)  # fmt: skip
_CALLS_HOME = re.compile(
    r"(document\.cookie|navigator\.sendBeacon\s?\(|\bfetch\s?\(\s{0,5}[\"'`]https?://|(?:notebook|Jupyter|IPython)[\w.]{0,40}\.kernel\.execute\s?\()"
)
_LIBRARIES = re.compile(r"(?i)bokeh|plotly|vega|google\.colab|mpld3|pyLDAvis|nglview|itables|holoviews|panel-")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text is what was asked for, and in words what it is; never the text itself."""

    start: int
    end: int
    what: str


Predicate = Callable[[str, str, frozenset[str]], Iterator[Found]]
"""Asked of a text, its media type, and the words of the notebook's code."""


def personal_data(text: str, mime: str, words: frozenset[str]) -> Iterator[Found]:
    """Addresses, numbers and tables that belong to people; one find a text, the first, with all that there is."""
    if not words.isdisjoint(_SYNTHETIC):
        return
    found = sorted((*_addresses(text), *_numbers(text), *_tables(text, mime)), key=lambda item: item.start)
    if found:
        yield Found(found[0].start, found[0].end, ", ".join(dict.fromkeys(item.what for item in found)))


def _addresses(text: str) -> Iterator[Found]:
    if text.count("@") < _FEWEST_ADDRESSES:
        return
    seen: dict[str, re.Match[str]] = {}
    for number, found in enumerate(_EMAIL.finditer(text)):
        if number >= MOST_TRIED:
            break
        if not _NOBODY.search(found[2]) and not _ROLE.match(found[1]) and not found[2].rsplit(".", 1)[-1].isdigit():
            seen.setdefault(found[0].lower(), found)
    if len(seen) >= _FEWEST_ADDRESSES:
        first = next(iter(seen.values()))
        yield Found(first.start(), first.end(), f"{len(seen)} e-mail addresses")


def _numbers(text: str) -> Iterator[Found]:
    if _SOCIAL_WORDS.search(text) and (social := _SOCIAL.search(text)):
        yield Found(social.start(), social.end(), "a social security number")
    for number, card in enumerate(_CARD.finditer(text)):
        if number >= MOST_TRIED:
            break
        if not _TEST_CARDS.match(card[0]) and _is_luhn(re.sub(r"\D", "", card[0])):
            yield Found(card.start(), card.end(), "a payment card number")
            break
    for number, account in enumerate(_IBAN.finditer(text)):
        if number >= MOST_TRIED:
            break
        if _is_iban(account[0].replace(" ", "")):
            yield Found(account.start(), account.end(), "a bank account number")
            break


def _is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_iban(account: str) -> bool:
    """ISO 13616: the length of the country, and the check digits."""
    if _IBAN_LENGTHS.get(account[:2]) != len(account):
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def _tables(text: str, mime: str) -> Iterator[Found]:
    if mime != "text/html" or text.count("<tr") <= _FEWEST_ROWS:
        return
    named = [found for found in _HEADING.finditer(text) if _PERSONAL.fullmatch(found[1].replace(" ", "_"))]
    if named:
        columns = ", ".join(dict.fromkeys(found[1] for found in named))
        yield Found(named[0].start(1), named[0].end(1), f"a table with the columns {columns}")


def active_content(text: str, mime: str, _words: frozenset[str]) -> Iterator[Found]:
    """Markup that runs code, fetches code from a host that is no known library's, or reaches the kernel."""
    for pattern, what in (
        (_HANDLER, "an element that runs code when it is shown"),
        (_JAVASCRIPT_LINK, "a link that runs code"),
    ):
        if found := pattern.search(text):
            yield Found(found.start(1), found.end(1), what)
    for number, script in enumerate(_REMOTE_SCRIPT.finditer(text)):
        host = script[1].lower()
        if number >= MOST_TRIED:
            break
        if not any(host == known or host.endswith(f".{known}") for known in _KNOWN_HOSTS):
            yield Found(script.start(1), script.end(1), f"a script from {host}")
            break
    if (
        ("<script" in text or mime == "application/javascript")
        and (home := _CALLS_HOME.search(text))
        and not _LIBRARIES.search(text)
    ):
        yield Found(home.start(1), home.end(1), "a script that talks to the kernel or to a server")


STORED_PREDICATES: Mapping[str, Predicate] = {"active-content": active_content, "personal-data": personal_data}
