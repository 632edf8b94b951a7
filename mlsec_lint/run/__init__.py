"""Many files → one report: worker processes, limits, order, and what is shown of the findings."""
