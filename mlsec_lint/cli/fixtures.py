"""`mlsec-lint test`: runs the fixtures of a rule pack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from mlsec_lint.catalogue.catalogue import Catalogue, load_catalogue
from mlsec_lint.catalogue.errors import PackError
from mlsec_lint.cli import types
from mlsec_lint.cli.failure import Failure
from mlsec_lint.quantity import count
from mlsec_lint.report.escape import visible

_FOLDER = types.NonEmptyPath(exists=True, file_okay=False, path_type=Path)


@click.command("test", short_help="Run the fixtures of a rule pack.")
@click.argument("pack", type=_FOLDER)
@click.option("--fixtures", "folder", type=_FOLDER, metavar="DIR", help="Where they lie; default PACK/fixtures.")
@click.pass_context
def test_command(context: click.Context, /, pack: Path, folder: Path | None) -> None:
    """Run the fixtures of a rule pack: code that states on each line what is reported.

    Ends with 0 when all of them hold, and 1 with a list of differences.
    """
    from mlsec_lint.fixtures.corpus import find_fixtures, fixtures_folder
    from mlsec_lint.fixtures.replay import replay

    place = folder or fixtures_folder(pack)
    if place is None:
        raise Failure(f"{pack} has no folder 'fixtures'; name it with --fixtures DIR")
    catalogue = _catalogue(pack)
    fixtures = find_fixtures(place)
    said = [
        f"{(fixture.root / difference.file).as_posix()}{difference.where}: {difference.message}"
        for fixture in fixtures
        for difference in replay(fixture, catalogue)
    ]
    said += _without(catalogue, {fixture.rule for fixture in fixtures}, pack)
    for line in said:
        click.echo(visible(line))
    click.echo(_summary(len(fixtures), len(said)))
    context.exit(1 if said else 0)


def _catalogue(pack: Path) -> Catalogue:
    """The pack on the ground of the bundled rules; a pack that says itself what Bandit's checks are stands alone."""
    try:
        if (pack / "bandit.toml").is_file():
            return load_catalogue([pack], bundled=False)
        return load_catalogue([pack])
    except PackError as error:
        raise Failure(str(error)) from error


def _without(catalogue: Catalogue, tested: set[str], pack: Path) -> Iterator[str]:
    """The pack's own rules that have no fixture."""
    for rule in catalogue.pack.rules:
        file = pack / rule.origin
        if rule.id not in tested and rule.matches and file.is_file():
            yield f"{file.as_posix()}: {rule.id} has no fixture"


def _summary(fixtures: int, differences: int) -> str:
    if not differences:
        return "1 fixture holds." if fixtures == 1 else f"{fixtures} fixtures hold."
    return f"{count(fixtures, 'fixture')}, {count(differences, 'difference')}."
