"""Dotted paths: where one stands, and which modules an import of it may mean."""

from __future__ import annotations

import pytest

from mlsec_lint.imports import dotted


@pytest.mark.parametrize(
    ("path", "parts", "readings"),
    [
        ("model", ("", "model"), ("model",)),
        ("shop.model", ("shop", "model"), ("shop.model", "shop")),
        ("shop.model.load", ("shop.model", "load"), ("shop.model.load", "shop.model")),
        (".model", (".", "model"), (".model", ".")),
        ("..model.load", ("..model", "load"), ("..model.load", "..model")),
    ],
)
def test_a_path_and_what_an_import_of_it_may_mean(path: str, parts: tuple[str, str], readings: tuple[str, ...]) -> None:
    assert dotted.split(path) == parts
    assert dotted.readings(path) == readings


def test_dots_alone_are_a_package_itself() -> None:
    assert dotted.split("..") == ("..", "")
    assert set(dotted.readings("..")) == {".."}


def test_nothing_means_nothing() -> None:
    assert dotted.readings("") == ()
