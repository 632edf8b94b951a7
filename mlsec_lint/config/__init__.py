"""Settings: from `[tool.mlsec-lint]` in `pyproject.toml`, from `mlsec-lint.toml`, and from the command line. Data only."""
