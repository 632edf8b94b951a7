"""What is raised for text that is no Python."""

from __future__ import annotations


class Unparsable(Exception):
    """Neither Python's parser nor LibCST accepts the text; line and column count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column
