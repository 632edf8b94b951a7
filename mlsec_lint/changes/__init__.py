"""Which lines of which files have changed, by what git keeps of them. Git is only asked for what it stores: it reads no file."""
