"""What asking git can end with."""

from __future__ import annotations


class GitError(Exception):
    """Git cannot answer; the message says what is wrong and what to do."""


class NoAnswerError(GitError):
    """Git has ended with an error of its own."""
