"""What was wrong with a baseline."""

from __future__ import annotations


class BaselineError(Exception):
    """A baseline cannot be used; the message names the file, what is wrong, and the next step."""
