"""Paths → source files: which files, how they are decoded, and notebooks as one Python module each."""
