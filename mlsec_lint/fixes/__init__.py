"""Applying fixes: which, to what bytes, whether they did what they promise, and how that is shown."""
