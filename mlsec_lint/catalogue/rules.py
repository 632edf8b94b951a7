"""Rule files: one opinion each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from mlsec_lint.catalogue import model
from mlsec_lint.catalogue.errors import quoted
from mlsec_lint.catalogue.families import SUPPRESSIONS, family_of
from mlsec_lint.catalogue.matches import MATCHES
from mlsec_lint.catalogue.messages import MESSAGE
from mlsec_lint.catalogue.shapes import (
    LITERAL,
    TEXT,
    Place,
    Shape,
    choice,
    list_of,
    member,
    one_or_more,
    said,
    text_like,
)
from mlsec_lint.catalogue.tables import Form, Key, Table, form, optional, required, table_of, tables_of
from mlsec_lint.catalogue.taxonomies import Taxonomies
from mlsec_lint.catalogue.vocabulary import ATTACKS, CIA, STRIDE
from mlsec_lint.findings import Confidence, Profile, Safety, Severity

KEBAB = text_like(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "lower-case words joined by hyphens")
BANDIT_ID = text_like(r"B\d{3}", "an id of Bandit's: `B614`")

_IDENTIFIER = text_like(r"(?!B\d)[A-Z]{2,12}\d{3,4}", "a rule id: capital letters and three digits, `MLS103`")

_LAST_CWE = 9_999


def _read_cwe(value: object, place: Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        place.error(f"must be a number, not {said(value)}", "write `cwe = [502]`")
        return 0
    if not 0 < value <= _LAST_CWE:
        place.error("is not the number of a weakness", "write `cwe = [502]`")
    return value


CWE: Shape[int] = Shape(_read_cwe, 0, {"type": "integer", "minimum": 1, "maximum": _LAST_CWE})


def _texts(name: str, shape: Shape[str], meaning: str) -> Key[tuple[str, ...]]:
    return optional(name, list_of(shape), (), meaning)


_ID = required("id", _IDENTIFIER, "the id, for ever; the start of the file name")
_NAME = required("name", KEBAB, 'the rest of the file name; reads as "allow unsafe-torch-load"')
_SUMMARY = required("summary", TEXT, "what is wrong, in one line")
_SEVERITY = required("severity", member(Severity), "how bad it is when the finding is right")
_CONFIDENCE: Key[Confidence] = optional(
    "confidence", member(Confidence), Confidence.HIGH, "how sure the rule usually is; default high"
)
_PROFILE: Key[Profile] = optional(
    "profile", member(Profile), Profile.DEFAULT, "the first profile that shows it; default `default`"
)
_MESSAGE = required("message", MESSAGE, "what a finding says; may hold placeholders")
_ATTACK = required("attack", TEXT, "what an attacker does with it, two to four sentences")
_REMEDY = required("remedy", MESSAGE, "what to do instead; may hold placeholders")
_FINE: Key[str] = optional("fine", TEXT, "", "when it is no problem")
_TAGS = _texts("tags", KEBAB, "further selectors; the family's tag is added")
_REFERENCES = _texts("references", text_like(r"https?://\S+", "a web address"), "where to read on")
_REFINES = _texts("refines", BANDIT_ID, "Bandit's checks that this rule replaces where it has judged")
_CWES: Key[tuple[int, ...]] = optional("cwe", list_of(CWE), (), "numbers of the weaknesses")
_TAXONOMIES: tuple[Key[tuple[str, ...]], ...] = (
    _texts("owasp-llm", text_like(r"LLM\d\d:20\d\d", "`LLM03:2025`"), "OWASP Top 10 for LLM applications"),
    _texts("owasp-ml", text_like(r"ML\d\d:20\d\d", "`ML06:2023`"), "OWASP Machine Learning Top 10"),
    _texts("atlas", text_like(r"AML\.T\d{4}(?:\.\d{3})?", "`AML.T0011.000`"), "MITRE ATLAS techniques"),
    _texts("stride", choice(STRIDE, "STRIDE class"), "STRIDE classes"),
    _texts("cia", choice(CIA, "property"), "what is lost: confidentiality, integrity, availability"),
    _texts("attacks", choice(ATTACKS, "attack"), "attacks on machine learning"),
    _texts("biml", TEXT, "BIML's architectural risks"),
)


def _read_settings(value: object, place: Place) -> tuple[tuple[str, model.Literal], ...]:
    if not isinstance(value, dict):
        place.error(f"must be a table of keyword arguments and constants, not {said(value)}")
        return ()
    return tuple([(name, LITERAL.read(constant, place.at(name))) for name, constant in value.items()])


_SETTINGS: Shape[tuple[tuple[str, model.Literal], ...]] = Shape(
    _read_settings, (), {"type": "object", "additionalProperties": LITERAL.schema}
)


def _read_names(value: object, place: Place) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        place.error(f"must be a table of names and names, not {said(value)}")
        return ()
    return tuple([(name, _FUNCTION.read(other, place.at(name))) for name, other in value.items()])


_FUNCTION = text_like(r"[A-Za-z_]\w*", "the last name of a function: `safe_load`")
_NAMES: Shape[tuple[tuple[str, str], ...]] = Shape(
    _read_names, (), {"type": "object", "additionalProperties": _FUNCTION.schema}
)
_SET: Key[tuple[tuple[str, model.Literal], ...]] = optional("set", _SETTINGS, (), "keyword arguments to set")
_DROP: Key[tuple[str, ...]] = optional("drop", one_or_more(TEXT), (), "keyword arguments to drop")
_CALL: Key[tuple[tuple[str, str], ...]] = optional("call", _NAMES, (), "what to call in the place of what is called")
_PIN: Key[str] = optional("pin", TEXT, "", "keyword argument for the commit that the local Hugging Face cache notes")
_SAFETY = required("safety", member(Safety), "`safe`: behaviour cannot change otherwise; or `unsafe`")
_FIX_MESSAGE: Key[str] = optional("message", TEXT, "", "what the fix does")


def _fix(table: Table) -> model.FixRecipe:
    if all(key not in table for key in (_SET, _DROP, _CALL, _PIN)):
        table.place.error("does nothing", "add `set`, `drop`, `call` or `pin`")
    given = table[_SET], table[_DROP], table[_CALL], table[_PIN]
    return model.FixRecipe(table[_SAFETY], table[_FIX_MESSAGE], *given)


_FLAGGED = required("flagged", TEXT, "code that is reported")
_ALLOWED = required("allowed", TEXT, "the same, right")


def _example(table: Table) -> tuple[str, str]:
    return table[_FLAGGED], table[_ALLOWED]


_MATCH_LISTS: dict[str, Key[tuple[model.Match, ...]]] = {
    name: optional(name, tables_of(match), (), f"[[match.{name}]]") for name, match in MATCHES.items()
}


def _matches(table: Table) -> tuple[model.Match, ...]:
    return tuple([match for key in _MATCH_LISTS.values() for match in table[key]])


_FIX: Key[model.FixRecipe | None] = optional(
    "fix",
    table_of(form(_fix, _SET, _DROP, _CALL, _PIN, _SAFETY, _FIX_MESSAGE), None),
    None,
    "how the finding is mended",
)
_EXAMPLE = required("example", table_of(form(_example, _FLAGGED, _ALLOWED), ("", "")), "a canonical example")
_MATCH: Key[tuple[model.Match, ...]] = optional(
    "match", table_of(form(_matches, *_MATCH_LISTS.values()), ()), (), "what is wrong: any of these tables"
)


def _rule(table: Table) -> model.Rule:
    flagged, allowed = table[_EXAMPLE]
    return model.Rule(
        id=table[_ID],
        name=table[_NAME],
        summary=table[_SUMMARY],
        severity=table[_SEVERITY],
        message=table[_MESSAGE],
        remedy=table[_REMEDY],
        attack=table[_ATTACK],
        confidence=table[_CONFIDENCE],
        profile=table[_PROFILE],
        tags=_tags(table),
        taxonomies=Taxonomies(table[_CWES], *[table[key] for key in _TAXONOMIES]),
        refines=table[_REFINES],
        references=table[_REFERENCES],
        matches=table[_MATCH],
        fix=table[_FIX],
        fine=table[_FINE],
        flagged=flagged,
        allowed=allowed,
        origin=table.place.reading.origin,
    )


def _tags(table: Table) -> tuple[str, ...]:
    family = family_of(table[_ID]) or PurePosixPath(table.place.reading.origin).parent.name
    return tuple(dict.fromkeys(tag for tag in (family, *table[_TAGS]) if tag))


RULE: Form[model.Rule] = form(
    _rule,
    _ID,
    _NAME,
    _SUMMARY,
    _SEVERITY,
    _CONFIDENCE,
    _PROFILE,
    _TAGS,
    _CWES,
    *_TAXONOMIES,
    _REFINES,
    _MESSAGE,
    _ATTACK,
    _REMEDY,
    _FINE,
    _REFERENCES,
    _MATCH,
    _FIX,
    _EXAMPLE,
)
"""The keys of a rule file."""


def read_rule(values: Mapping[str, object], place: Place) -> model.Rule:
    """One rule; mistakes are recorded in the place's reading."""
    rule = RULE.read_table(values, place)
    path = PurePosixPath(rule.origin)
    family = family_of(rule.id)
    if rule.id and rule.name and path.stem != f"{rule.id}-{rule.name}":
        place.at("id").error(f"the file must be called {quoted(f'{rule.id}-{rule.name}.toml')}", "rename one of them")
    if family and path.parent.name != family:
        place.at("id").error(f"{quoted(rule.id)} belongs into the folder `{family}`", "move it, or take another id")
    if not rule.matches and family != SUPPRESSIONS:
        place.at("match").error("missing", "add at least one table such as [[match.call]]")
    return rule
