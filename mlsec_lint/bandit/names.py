"""Names as Bandit resolves them: import aliases of the whole file, collected in the order of the walk."""

from __future__ import annotations

import ast


class Imports:
    """What a file has imported so far."""

    __slots__ = ("aliases", "modules")

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.aliases: dict[str, str] = {}

    def add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Note `import a.b as c`; `from . import x` counts as `import x`."""
        prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module is not None else ""
        for name in node.names:
            if name.asname or prefix:
                self.aliases[name.asname or name.name] = prefix + name.name
            self.modules.add(prefix + name.name)

    def called_name(self, node: ast.Call) -> str:
        """The dotted name that is called, an alias replaced at every step; what is no name is an empty segment."""
        attributes = []
        function = node.func
        while isinstance(function, ast.Attribute):
            attributes.append(function.attr)
            function = function.value
        name = function.id if isinstance(function, ast.Name) else ""
        aliases = self.aliases
        name = aliases.get(name, name) if name else name
        for attribute in reversed(attributes):
            name = f"{name}.{attribute}"
            name = aliases.get(name, name)
        return name
