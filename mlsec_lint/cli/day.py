"""Which day it is, for suppressions that end with a day."""

from __future__ import annotations

import os
from datetime import datetime, timezone

import click

VARIABLE = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that stand for now: https://reproducible-builds.org/specs/source-date-epoch/"""


def today() -> str:
    """The day, `2026-12-31`, in UTC so that all machines agree on it. Raises UsageError for a variable that is no number."""
    said = os.environ.get(VARIABLE, "")
    if not said:
        return datetime.now(timezone.utc).date().isoformat()
    try:
        return datetime.fromtimestamp(int(said), timezone.utc).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"{VARIABLE} holds no number of seconds since 1970; correct it, or unset it") from error
