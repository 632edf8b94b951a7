"""`setup.cfg` and `setup.py`; the latter is parsed, never run."""

from __future__ import annotations

import ast
import warnings

from mlsec_lint.project.manifest import Manifest, ManifestError, table, text
from mlsec_lint.project.requirement import Rank, clauses, normalised


def read_setup_cfg(content: str) -> Manifest:
    """The declarative configuration of setuptools; raises `ManifestError`."""
    import configparser  # for the few that have such a file

    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(content)
    except configparser.Error:
        raise ManifestError("it is not a valid configuration file") from None
    manifest = Manifest(
        python=clauses(parser.get("options", "python_requires", fallback="") or ""),
        name=normalised(parser.get("metadata", "name", fallback="") or ""),
    )
    manifest.add((parser.get("options", "install_requires", fallback="") or "").splitlines())
    if parser.has_section("options.extras_require"):
        for _, lines in parser.items("options.extras_require"):
            manifest.add((lines or "").splitlines(), Rank.OPTIONAL)
    return manifest


def read_setup_py(content: str) -> Manifest:
    """Literal arguments of the call of `setup`, given directly or by a name of the module; raises `ManifestError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ManifestError("it is not valid Python") from None
    names = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    manifest = Manifest()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "setup":
            _add_arguments(manifest, node, names)
    return manifest


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _add_arguments(manifest: Manifest, call: ast.Call, names: dict[str, ast.expr]) -> None:
    given = {keyword.arg: _literal(keyword.value, names) for keyword in call.keywords if keyword.arg}
    manifest.add(given.get("install_requires"))
    manifest.add_groups(table(given.get("extras_require")))
    manifest.python = clauses(text(given.get("python_requires")))
    manifest.name = normalised(text(given.get("name")))


def _literal(node: ast.expr, names: dict[str, ast.expr]) -> object:
    """The parts of a string, list or table that are literals; None for anything else."""
    if isinstance(node, ast.Name):
        node = names.get(node.id, node)
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [element.value for element in node.elts if isinstance(element, ast.Constant)]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {key.value: _literal(value, names) for key, value in pairs if isinstance(key, ast.Constant)}
    return None
