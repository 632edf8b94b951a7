"""The format `html`: one page that needs nothing from elsewhere."""
