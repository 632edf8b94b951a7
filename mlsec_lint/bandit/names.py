"""Names as Bandit resolves them: import aliases of the whole file, collected in the order of the walk."""

from __future__ import annotations

import ast


def prefix_of(node: ast.Import | ast.ImportFrom) -> str:
    """What stands before each imported name in its dotted path; `from . import x` counts as `import x`."""
    return f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module is not None else ""


class Imports:
    """What a file has imported so far."""

    __slots__ = ("aliases", "modules")

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.aliases: dict[str, str] = {}

    def add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Note `import a.b as c`."""
        prefix = prefix_of(node)
        for name in node.names:
            if name.asname or prefix:
                self.aliases[name.asname or name.name] = prefix + name.name
            self.modules.add(prefix + name.name)

    def last_name(self, node: ast.Call) -> str:
        """The last segment of `called_name`, which mostly tells that nobody needs the whole."""
        function = node.func
        if isinstance(function, ast.Attribute):
            return function.attr
        return self._head(function).rpartition(".")[2]

    def called_name(self, node: ast.Call) -> str:
        """The dotted name that is called, its first part replaced by what it is an alias of; empty for what is no name."""
        attributes = []
        function = node.func
        while isinstance(function, ast.Attribute):
            attributes.append(function.attr)
            function = function.value
        return ".".join((self._head(function), *reversed(attributes)))

    def _head(self, node: ast.expr) -> str:
        return self.aliases.get(node.id, node.id) if isinstance(node, ast.Name) else ""
