"""How often Python looks for garbage in circles: rarely, for trees and values have none, and never while it starts."""

from __future__ import annotations

import gc

_ALLOCATIONS = 50_000
"""Between two collections: the usual 700 cost a quarter of the time."""


def collect_nothing() -> None:
    """Look for no garbage until `collect_rarely`: modules and rules are there to stay."""
    gc.disable()


def collect_rarely() -> None:
    """From now on collect rarely, and never look at what is there already."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(_ALLOCATIONS)
