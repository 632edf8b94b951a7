"""What a project is made of, read as data, so that its first configuration speaks of it."""
