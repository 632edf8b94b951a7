"""What a run found, as text for people and for programs: pure functions from a `Report` to a string."""
