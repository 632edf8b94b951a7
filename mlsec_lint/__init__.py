"""A security linter for the Python code and notebooks that ML and LLM teams write."""

__version__ = "0.1.0"
