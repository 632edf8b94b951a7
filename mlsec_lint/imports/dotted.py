"""The path of an import, as `importlib` and the import statement write it: names with dots between and in front."""


def split(path: str) -> tuple[str, str]:
    """Where a path stands and its last name: `.model.load` as `.model` and `load`, `.model` as `.` and `model`.

    `model` stands nowhere (an empty text); `..` is a package itself and has no last name.
    """
    bare = path.lstrip(".")
    head, _, name = bare.rpartition(".")
    return path[: len(path) - len(bare)] + head, name


def readings(path: str) -> tuple[str, ...]:
    """The modules that an import of a path may mean: `a.b` itself, and `a`, of which `b` may be a name."""
    return tuple(filter(None, (path, split(path)[0])))
