from __future__ import annotations

import pytest

from mlsec_lint.imports.package import package_of


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("train.py", ""),
        ("app/routes/ask.py", "app.routes"),
        ("src/app/ask.py", "app"),
        ("services/ask/src/app/ask.py", "app"),
        ("bentoml-1.2.4/bentoml/_internal/model.py", "bentoml._internal"),
        ("../other/app/ask.py", "other.app"),
    ],
)
def test_the_package_of_a_file_does_not_depend_on_where_the_run_starts(path: str, package: str) -> None:
    assert package_of(path) == package
