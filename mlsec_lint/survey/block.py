"""The first configuration of a project, as TOML with a comment on everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlsec_lint.quantity import count
from mlsec_lint.survey.survey import Survey

DOCS = "https://github.com/mlsec-lint/mlsec-lint/blob/main/docs/configuration.md"


def block(found: Survey, values: Mapping[str, str] | None = None) -> str:
    """The keys, without the table's header; `values` are further keys with their value as TOML writes it."""
    return "".join(f"{line}\n" for line in _lines(found, values or {}))


def _lines(found: Survey, values: Mapping[str, str]) -> Iterator[str]:
    yield f"# All keys: {DOCS}"
    yield from _about(found)
    yield 'profile = "default"  # "strict" adds what is often, but not always, a problem; "audit" shows everything'
    yield 'fail-on = "low"      # lower findings than this are shown and do not fail'
    for key, value in values.items():
        yield f"{key} = {value}"
    yield from (f"# {line}" for line in _offers(found) if line.partition(" ")[0] not in values)


def _about(found: Survey) -> Iterator[str]:
    read = "" if found.looked_at == found.files + found.notebooks else f"; the first {found.looked_at} were looked at"
    yield f"# Found here: {count(found.files, 'Python file')}, {count(found.notebooks, 'notebook')}{read}."
    for role, modules in found.roles:
        yield f"#   {', '.join(modules)}: {role.says}"
    if found.notebooks:
        yield "#   notebooks: shell lines, keys and personal data in outputs (MLS0)"


def _offers(found: Survey) -> Iterator[str]:
    if found.unpinned:
        versions = ", ".join(f'{name} = "1.0"' for name in found.unpinned)
        yield f"assume = {{ {versions} }}  # the versions that run: nothing here says which, and rules ask for them"
    if found.tests:
        yield f'per-file-ignores = {{ "{found.tests}/" = ["B101"] }}  # tests use assert'
    if found.notebooks:
        yield 'per-file-select = { "*.ipynb" = ["MLS0", "MLS3"] }  # notebooks: only their own rules, and credentials'
    yield 'severity = { MLS2 = "low" }  # what a team takes more or less seriously'
    yield 'extend-exclude = ["vendor"]'
    yield 'trusted-hosts = ["models.example.org"]  # hosts of your own, from which loading is fine'
