"""What of a file's texts and comments is taken for a secret."""

from __future__ import annotations

import pytest

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.match.secrets import known_secrets

CATALOGUE = load_catalogue()
RANDOM = "q7Rw2Kp9Zx4Tn8Lb6Vc3"

IN_TEXTS = {
    "random": (("", RANDOM), RANDOM),
    "given to a telling name": (("db_password", "hunter22"), "hunter22"),
    "in a URI": (("", "postgres://me:hunter22@db/x"), "hunter22"),
    "key and value": (("", "host=db;Password = hunter22;"), "hunter22"),
    "bearer": (("", f"Authorization: BEARER {RANDOM}/x"), f"{RANDOM}/x"),
    "basic": (("", "Basic dXNlcjpodW50ZXIyMg=="), "dXNlcjpodW50ZXIyMg=="),
    "option": (("", "mysql -u root -phunter22 db"), "hunter22"),
    "login": (("", "curl -s --user me:hunter22 https://x"), "hunter22"),
    "a vendor's": (("", "a key: " + "gl" + "pat-q7Rw2Kp9Zx4Tn8Lb6Vc3"), "gl" + "pat-q7Rw2Kp9Zx4Tn8Lb6Vc3"),
}


@pytest.mark.parametrize("name", IN_TEXTS)
def test_secrets_in_texts(name: str) -> None:
    """Also where other texts of the file have none of the signs of it."""
    pair, secret = IN_TEXTS[name]
    assert secret in known_secrets([pair], [], CATALOGUE)
    assert secret in known_secrets([("", "plain"), pair, ("x", "é")], ["# plain"], CATALOGUE)


def test_secrets_in_comments() -> None:
    assert "hunter22!A" in known_secrets([], ["# api_key: hunter22!A"], CATALOGUE)
    assert "hunter22" in known_secrets([], ["# postgres://me:hunter22@db"], CATALOGUE)


@pytest.mark.parametrize("pair", [("name", "hunter22"), ("password", "changeme"), ("tokenizer", "bert-base-uncased1")])
def test_what_is_no_secret(pair: tuple[str, str]) -> None:
    assert not known_secrets([pair], [], CATALOGUE)
