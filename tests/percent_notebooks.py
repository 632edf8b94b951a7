"""Notebooks written as scripts: `# %%` starts a cell, `# %% [markdown]` one of text, `# %% [output text/html]` an output of the cell before."""

from __future__ import annotations

import json
import re

_HEAD = re.compile(r"# %%[ ]*(?:\[(?P<part>\w+)(?: (?P<mime>[^\]]+))?\])?")


def notebook_of(script: str) -> str:
    """The notebook's JSON text; lines of text and output stand behind `# `."""
    cells: list[dict[str, object]] = []
    outputs: list[dict[str, object]] = []
    for block in re.split(r"(?m)^(?=# %%)", script.strip() + "\n"):
        head, _, body = block.partition("\n")
        found = _HEAD.fullmatch(head)
        if found is None:
            continue
        bare = [
            line.removeprefix("# ") if found["part"] else line for line in body.rstrip("\n").splitlines(keepends=True)
        ]
        if found["part"] == "output":
            outputs.append(
                {"output_type": "display_data", "data": {found["mime"] or "text/plain": bare}, "metadata": {}}
            )
        else:
            outputs = []
            cells.append({"cell_type": found["part"] or "code", "metadata": {}, "outputs": outputs, "source": bare})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
