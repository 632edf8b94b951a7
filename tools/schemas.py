"""Writes docs/rule.schema.json, docs/model.schema.json, docs/config.schema.json and docs/baseline.schema.json; with --check, says whether they are up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from mlsec_lint.baseline.document import baseline_schema
from mlsec_lint.catalogue.schema import as_text, model_schema, rule_schema
from mlsec_lint.config.schema import config_schema
from mlsec_lint.sources.exclusion import BUILD_FOLDERS, DEFAULT_EXCLUDES

DOCS = Path(__file__).parents[1] / "docs"


def schemas() -> dict[Path, str]:
    """The files and what they should hold."""
    return {
        DOCS / "rule.schema.json": as_text(rule_schema()),
        DOCS / "model.schema.json": as_text(model_schema()),
        DOCS / "baseline.schema.json": as_text(baseline_schema()),
        DOCS / "config.schema.json": as_text(config_schema(DEFAULT_EXCLUDES | BUILD_FOLDERS)),
    }


def main() -> int:
    """Exit status 1 when `--check` finds a file that is not as generated."""
    stale = [path for path, text in schemas().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" in sys.argv[1:]:
            print(f"{path.name} is out of date: run python tools/schemas.py", file=sys.stderr)
        else:
            path.write_text(schemas()[path], encoding="utf-8")
    return int(bool(stale) and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
