"""Brings a report to where it shall go: standard output, files, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from mlsec_lint.cli.output import write
from mlsec_lint.cli.terminal import wants_colour
from mlsec_lint.cli.types import Target

if TYPE_CHECKING:
    from mlsec_lint.report.options import Options
    from mlsec_lint.run.checking import Checked

_COUNTED = ("full", "concise", "json")
"""The formats in which numbers can stand in place of the findings."""


def check_statistics(given: Mapping[str, Any]) -> None:
    """Raise click.UsageError where the command line wants numbers in a format that has no place for them."""
    if given["statistics"] and given["format"] not in {None, *_COUNTED}:
        raise click.UsageError(f"--statistics is text or JSON: --format {' or '.join(_COUNTED)}, not {given['format']}")


def deliver(checked: Checked, targets: Sequence[Target], given: Mapping[str, Any], standard: TextIO) -> None:
    """Write the report to each target, and to a standard stream unless a target, or a diff, has taken its place.

    Raises OutputError. Statistics replace what would go to the standard stream; a target with a format of its own is whole.
    """
    options = _options(checked, given, standard)
    form = checked.settings.format
    if given["statistics"] and form not in _COUNTED:  # set by a configuration, and so not for this one run
        form = _COUNTED[0]
    for target in targets:
        plain = replace(options, colour=False, statistics=options.statistics and not target.format)
        write(target.file, _rendered(checked, target.format or form, plain))
    if all(target.format for target in targets) and not given["diff"]:
        standard.write(_rendered(checked, form, options))
        standard.flush()


def _options(checked: Checked, given: Mapping[str, Any], standard: TextIO) -> Options:
    from mlsec_lint.report.options import Options

    root = Path(checked.report.root)

    def read_raw(path: str) -> str | None:
        try:
            return (root / path).read_bytes().decode("utf-8", "replace")
        except OSError:
            return None

    colour = wants_colour(given["color"], standard)
    return Options(colour, not given["quiet"], read_raw, given["sarif_category"] or "", given["statistics"])


def _rendered(checked: Checked, form: str, options: Options) -> str:
    from mlsec_lint.report.formats import Format, render

    return render(checked.report, checked.rules, Format(form), options)
