"""What is wrong with a configuration, in words that let its author mend it."""

from __future__ import annotations


class ConfigError(Exception):
    """One mistake in one configuration file: `mlsec-lint.toml: selct: unknown key; did you mean 'select'?`."""

    def __init__(self, file: str, key: str, message: str, suggestion: str = "") -> None:
        super().__init__(file, key, message, suggestion)
        self.file = file
        self.key = key
        """The key inside our table; empty: the file as a whole."""
        self.message = message
        self.suggestion = suggestion
        """The next step; may be empty."""

    def __str__(self) -> str:
        """One line for people: file, key, what is wrong, next step."""
        place = ": ".join(part for part in (self.file, self.key) if part)
        step = f"; {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.message}{step}"


class WrongValueError(Exception):
    """A value that its key does not take; whoever knows file and key makes a ConfigError of it."""

    def __init__(self, message: str, suggestion: str = "", part: str = "") -> None:
        super().__init__(message, suggestion, part)
        self.message = message
        self.suggestion = suggestion
        self.part = part
        """The key inside the value, for a value that is a table."""
