"""Rules and models as values: what the TOML files under `rules/` say. Knows nothing of syntax trees."""
