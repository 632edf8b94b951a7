"""Results of earlier runs, kept as long as nothing that they rest on has changed."""
