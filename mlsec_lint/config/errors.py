"""What is wrong with a configuration, in words that let its author mend it."""

from __future__ import annotations

from mlsec_lint.mistake import Mistake


class ConfigError(Mistake):
    """One mistake in one configuration file; its keys are those inside our table."""


class WrongValueError(Exception):
    """A value that its key does not take; whoever knows file and key makes a ConfigError of it."""

    def __init__(self, message: str, suggestion: str = "", part: str = "") -> None:
        super().__init__(message, suggestion, part)
        self.message = message
        self.suggestion = suggestion
        self.part = part
        """The key inside the value, for a value that is a table."""
