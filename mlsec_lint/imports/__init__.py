"""The other modules of the scanned project: found through its imports, read as data, never imported."""
