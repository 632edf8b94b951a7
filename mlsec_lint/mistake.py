"""What is wrong in a file that people write, in words that let its author mend it."""

from __future__ import annotations


class Mistake(Exception):
    """One mistake in one file: `mlsec-lint.toml: selct: unknown key; did you mean 'select'?`."""

    def __init__(self, file: str, key: str, message: str, suggestion: str = "") -> None:
        super().__init__(file, key, message, suggestion)
        self.file = file
        self.key = key
        """The way to the value; tables of a list are counted from 1. Empty: the file as a whole."""
        self.message = message
        self.suggestion = suggestion
        """The next step; may be empty."""

    @property
    def said(self) -> str:
        """What is wrong, behind its key."""
        return f"{self.key}: {self.message}" if self.key else self.message

    def __str__(self) -> str:
        """One line for people: file, key, what is wrong, next step."""
        place = ": ".join(part for part in (self.file, self.key) if part)
        step = f"; {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.message}{step}"
