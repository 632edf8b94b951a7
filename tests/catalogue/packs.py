"""Small packs for tests: files are written below a folder `pack`, errors come back as their lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mlsec_lint.catalogue.errors import PackError
from mlsec_lint.catalogue.load import load_pack
from mlsec_lint.catalogue.model import Pack

KINDS = """
[source]
request = "a request"
[sink]
prompt = "a prompt"
[trait]
rounded = "rounded"
"""

RULE_PATH = "deserialization/MLS103-unsafe-torch-load.toml"

RULE = """
id = "MLS103"
name = "unsafe-torch-load"
summary = "a checkpoint is unpickled"
severity = "high"
message = "`{api}` unpickles"
attack = "A crafted file runs code."
remedy = "Pass `weights_only=True`."

[[match.call]]
api = "torch.load"
where = { weights_only = false }

[example]
flagged = "torch.load(path, weights_only=False)"
allowed = "torch.load(path, weights_only=True)"
"""

EXAMPLE = '[example]\nflagged = "a"\nallowed = "b"\n'


def rule(old: str = "", new: str = "") -> str:
    """The sample rule with one text replaced; the text must be there."""
    assert old in RULE
    return RULE.replace(old, new, 1) if old else RULE


def with_match(table: str) -> str:
    """The sample rule with another match table instead of its own."""
    start, end = RULE.index("[[match.call]]"), RULE.index("[example]")
    return f"{RULE[:start]}{table}\n{RULE[end:]}"


def write_pack(root: Path, files: Mapping[str, str]) -> Path:
    """Writes the files of a pack, with a vocabulary unless they bring one, and gives its folder."""
    pack = root / "pack"
    for name, text in {"kinds.toml": KINDS, **files}.items():
        path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return pack


def load_files(root: Path, files: Mapping[str, str]) -> Pack:
    """The pack that the files are."""
    return load_pack(write_pack(root, files))


def errors_of(root: Path, files: Mapping[str, str]) -> list[str]:
    """What is wrong with a pack, one line a mistake."""
    with pytest.raises(PackError) as caught:
        load_files(root, files)
    return str(caught.value).splitlines()
