"""`mlsec-lint rule`: what a rule means, from its own data, offline."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.catalogue.errors import did_you_mean
from mlsec_lint.catalogue.model import BanditCheck, Rule
from mlsec_lint.cli import types
from mlsec_lint.cli.explanation import explain
from mlsec_lint.cli.packs import known_rules, rules_option

_WIDEST = 100
"""Columns: longer lines are hard to read."""


@click.command("rule", short_help="Explain a rule.")
@click.argument("rule", type=types.RULE)
@rules_option
def rule_command(rule: str, packs: tuple[Path, ...]) -> None:
    """Explain a rule, by its id or name: what an attacker does with it, and how to fix it."""
    catalogue = known_rules(packs)
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    click.echo(explain(_find(rule, catalogue), catalogue, width), nl=False)


def _find(word: str, catalogue: Catalogue) -> Rule | BanditCheck:
    known: dict[str, Rule | BanditCheck] = {}
    everything: list[Rule | BanditCheck] = [*catalogue.bandit.values(), *catalogue.pack.rules]
    for item in everything:
        known[item.name.lower()] = known[item.id.lower()] = item
    if word.lower() not in known:
        names = [name for item in everything for name in (item.id, item.name)]
        hint = (
            _begins(word, names)
            or did_you_mean(word, names)
            or did_you_mean(word.upper(), names)
            or "`mlsec-lint rules` lists them all"
        )
        raise click.UsageError(f"there is no rule '{word}'; {hint}")
    return known[word.lower()]


def _begins(word: str, names: list[str]) -> str:
    """What to say of a word with which several ids begin."""
    found = [name for name in names if word and name.startswith(word.upper())]
    return f"{found[0]} to {found[-1]} begin so" if found else ""
