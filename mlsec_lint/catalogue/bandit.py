"""`bandit.toml`: what we say about Bandit's own checks, a table for each of its test ids."""

from __future__ import annotations

from collections.abc import Mapping

from mlsec_lint.catalogue.model import BanditCheck
from mlsec_lint.catalogue.rules import BANDIT_ID, CWE, KEBAB
from mlsec_lint.catalogue.shapes import TEXT, Place, member, text_like
from mlsec_lint.catalogue.tables import Form, Key, Table, form, optional, required
from mlsec_lint.findings import Profile

_NAME = required("name", text_like(r"[a-z][\w-]*", "a name of Bandit's: `blacklist`"), "Bandit's name of the check")
_SUMMARY = required("summary", TEXT, "what is wrong, in one line")
_HELP = required("help", TEXT, "what it means and what to do instead")
_FAMILY = required("family", KEBAB, "the family that it is selected and counted with")
_PROFILE = required("profile", member(Profile), "the first profile that shows it")
_REASON = required("reason", TEXT, "why it stands in that profile")
_CWE: Key[int] = optional("cwe", CWE, 0, "the number of the weakness")


def _check(table: Table) -> BanditCheck:
    return BanditCheck(
        id=str(table.place.key),
        name=table[_NAME],
        summary=table[_SUMMARY],
        help=table[_HELP],
        family=table[_FAMILY],
        profile=table[_PROFILE],
        reason=table[_REASON],
        cwe=table[_CWE],
    )


CHECK: Form[BanditCheck] = form(_check, _NAME, _SUMMARY, _HELP, _FAMILY, _PROFILE, _REASON, _CWE)
"""The keys of one table."""


def read_bandit(values: Mapping[str, object], place: Place) -> dict[str, BanditCheck]:
    """The checks of one file by their ids."""
    read = [CHECK.read(table, place.at(BANDIT_ID.read(name, place.at(name)))) for name, table in values.items()]
    return {check.id: check for check in read if check is not None}
