"""The numbers by which the values of a chunk name the nodes that they were made from, of either parser."""

from __future__ import annotations

from typing import Generic, TypeVar

from mlsec_lint.syntax.expression import Place

NodeT = TypeVar("NodeT")


class Numbering(Generic[NodeT]):
    """Numbers the nodes of one chunk in the order in which they come; `nodes[place.node]` is the node of a place."""

    def __init__(self, chunk: int, file: str = "") -> None:
        self.chunk, self.file = chunk, file
        self.nodes: list[NodeT] = []

    def place(self, node: NodeT) -> Place:
        """Number a node."""
        self.nodes.append(node)
        return Place(self.chunk, len(self.nodes) - 1, self.file)
