"""What a baseline's digest of code tells apart, and what it does not tell at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsec_lint.baseline.code import digest

CALL = 'model = torch.load(path, map_location="cpu", weights_only=False)'


@pytest.mark.parametrize(
    "code",
    [
        "    " + CALL,
        CALL + "  # ours",
        CALL.replace('"', "'"),
        CALL.replace(", ", ",\r\n        "),
        'model = (\n    torch.load(\n        path,\n        map_location="cpu",\n        weights_only=False,\n    )\n)',
        "model = torch . load(path,\\\n map_location='''cpu''', weights_only = False)",
    ],
)
def test_what_formatters_change_is_no_part_of_it(code: str) -> None:
    assert digest(code, "MLS103") == digest(CALL, "MLS103")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("path", "upload"),
        ("torch", "joblib"),
        ("False", "True"),
        ('"cpu"', '"cuda:0"'),
        ('"cpu"', 'f"cpu"'),
        ("=", "+="),
    ],
)
def test_other_code_has_another_digest(old: str, new: str) -> None:
    assert digest(CALL.replace(old, new, 1), "MLS103") != digest(CALL, "MLS103")


def test_quotes_in_strings_are_escaped_or_not() -> None:
    assert digest("""f('it\\'s')""", "MLS103") == digest('f("it\'s")', "MLS103")


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_secret_is_no_part_of_it(one: str, other: str) -> None:
    for rule in ("MLS304", "B105", "B106", "B107", "MLS002"):
        assert digest(f"password = {one!r}", rule) == digest(f"password = {other!r}", rule)
    assert digest("pin = 1234", "MLS304") == digest("pin = 99", "MLS304")
    assert digest("password = ''", "MLS304") != digest("token = ''", "MLS304")


def test_of_other_strings_too_little_goes_in_to_try_passwords() -> None:
    words = [f"hunter{number}" for number in range(2_000)]
    digests = {digest(f"requests.get(url, auth=('me', {word!r}), verify=False)", "B501") for word in words}
    assert 200 < len(digests) <= 256


@pytest.mark.parametrize(
    "code",
    [
        "login('{} ",
        'login("""{}\n',
        "login('{}\\",
        'login(f"{{x["{}"]}}")',
        "login(b'{}')",
        "x = 1  # {}",
    ],
)
def test_text_of_a_string_is_never_taken_for_code(code: str) -> None:
    digests = {digest(code.replace("{}", f"secret{number}"), "MLS103") for number in range(1_500)}
    assert len(digests) <= 256


def test_long_code_takes_no_long_time() -> None:
    for text in (
        "'" * 200_000,
        "rb" * 100_000,
        '"\\' * 100_000,
        "((" * 100_000 + "f'",
        "1." * 100_000,
        "'a\\" * 60_000,
    ):
        assert len(digest(text, "MLS103")) == 16
