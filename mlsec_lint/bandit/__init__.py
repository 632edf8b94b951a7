"""Bandit's checks, driven by our own walk: the only package that imports Bandit, and only when a check is to run."""
