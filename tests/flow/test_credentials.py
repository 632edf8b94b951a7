from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlsec_lint.flow.credentials import (
    entropy,
    is_default_secret,
    is_placeholder,
    is_random,
    is_random_key,
    is_secret,
    is_strong_secret,
)

PLACEHOLDERS = [
    "", " ", "***", "xxxx", "<your key>", "your-api-key", "YOUR_KEY_HERE", "${TOKEN}", "$TOKEN", "{{ token }}", "sk-...", "sk-xxxx", "changeme",
    "EMPTY", "none", "test", "dummy", "not-needed", "ollama", "lm-studio", "[MASK]", "<|endoftext|>", "%(password)s", "{password}", "example-key",
]  # fmt: skip


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_placeholder_is_no_secret(text: str) -> None:
    assert is_placeholder(text)
    assert not is_secret(text)
    assert not is_strong_secret(text)


SECRETS = ["u7TqP2kXv9LmZ4RbY8sWd1Nf", "Blue42Harbor", "k9$Lm2!vQx7Zp", "9f8e7d6c5b4a39281706f5e4d3c2b1a0"]


@pytest.mark.parametrize("text", SECRETS)
def test_a_mixed_word_is_a_secret(text: str) -> None:
    assert is_secret(text)
    assert is_strong_secret(text)
    assert is_default_secret(text)


@pytest.mark.parametrize(
    "text", ["admin", "postgres", "1234", "change_me_immediately", "changeme", "minioadmin", "dev"]
)
def test_a_word_works_as_a_default(text: str) -> None:
    assert is_default_secret(text)
    assert not is_strong_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "OPENAI_API_KEY",
        "two words",
        "./key.pem",
        "https://acme.io/key",
        "~/.netrc",
        "config.yaml",
        "ab",
        "api.key",
        "apiKeyName",
        "max_tokens",
    ],
)
def test_names_paths_and_sentences_are_no_strong_secrets(text: str) -> None:
    assert not is_strong_secret(text)


def test_entropy_is_that_of_the_characters() -> None:
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("abcd") == 2


@given(some.text(max_size=60))
def test_a_strong_secret_is_a_secret_and_no_placeholder(text: str) -> None:
    if is_strong_secret(text):
        assert is_secret(text)
    if is_secret(text):
        assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "random"),
    [
        ("Zq7mP2kXv9LmZ4RbY8sWd1Nf", True),
        ("9f4c2d6b8a1e3f5079c1d2e3f4a5b6c7d8e9f0a1", False),
        ("AutoModelForSequenceClassification", False),
        ("sentence-transformers/all-MiniLM-L6-v2", False),
    ],
)
def test_a_random_text_is_told_from_names_and_hashes(text: str, random: bool) -> None:
    assert is_random(text) is random


@pytest.mark.parametrize(
    "text", ["u7TqP2kXv9LmZ4RbY8sWd1NfQ3hJ", "Zq84hVx-72pLmT_0aWnR5s", "k9Lm2vQ.x7Zp/3bT+w5N=r8Yc"]
)
def test_random_characters_are_a_key(text: str) -> None:
    assert is_random_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "5a3f2c1d9b8e7f60413c2d1e0f9a8b7c6d5e4f30",
        "9F8E7D6C5B4A39281706F5E4D3C2B1A0",
        "RankerServiceSecretManagerV2Client2024",
        "meta-llama-3.1-8b-instruct-2024",
        "u7TqP2kXv9",
        "two words 1a2B3c4D5e6F7g8H9i",
    ],
)
def test_hashes_names_and_sentences_are_no_random_keys(text: str) -> None:
    assert not is_random_key(text)


def test_a_word_that_chance_wrote_into_a_key_makes_no_placeholder() -> None:
    key = "u7TqP2kXv9LmZ4RbY8fakeWd1NfQ3hJ"
    assert is_placeholder(key)
    assert is_secret(key)
    assert is_strong_secret(key)
