"""Findings that a project has decided to live with for now: told from new ones wherever they move, never by line number."""
