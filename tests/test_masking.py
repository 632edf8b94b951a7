from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlsec_lint.findings import Frame, Span
from mlsec_lint.masking import mask, mask_frame, mask_line, mask_texts

# Letters of secrets and of the code around them have nothing in common, so that every shared run is a leak.
SECRET = st.text(alphabet="bBgGkKqQ579'\"\\\n€é", min_size=4, max_size=60)
CODE = st.text(alphabet="xyz =(),.[]_", max_size=20)


def runs(secret: str) -> set[str]:
    return {secret[index : index + 4] for index in range(len(secret) - 3)}


@pytest.mark.parametrize(
    ("value", "prefix", "shown"),
    [
        ("sk-ant-" + "a" * 101, "sk-ant-", "sk-ant-… (108 characters)"),
        ("hunter2", "", "… (7 characters)"),
        ("hunter2", "sk-", "… (7 characters)"),
        ("sk-", "sk-", "… (3 characters)"),
        ("x", "", "… (1 character)"),
        ("", "", "… (0 characters)"),
    ],
)
def test_mask_shows_prefix_and_length(value: str, prefix: str, shown: str) -> None:
    assert mask(value, prefix) == shown


@given(SECRET, CODE, CODE)
@pytest.mark.parametrize(
    "write", [str, repr, json.dumps, lambda text: repr(text.encode()), lambda text: f'"""{text}"""']
)
def test_no_run_of_the_secret_survives(write: Callable[[str], str], secret: str, before: str, after: str) -> None:
    assume(write is not str or not (secret.isalpha() and secret.isascii()))  # a word of the code, outside quotes, stays
    shown = mask_line(before + write(secret) + after, [secret])
    assert not any(run in shown for run in runs(secret) | runs(json.dumps(secret)[1:-1]))
    assert shown.startswith(before)
    assert shown.endswith(after)


@given(SECRET, st.data())
def test_no_run_survives_when_the_literal_goes_over_several_parts(secret: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(secret)))
    shown = mask_line(f"x = ({secret[:cut]!r} {secret[cut:]!r})", [secret])
    assert not any(run in shown for run in runs(secret))


@given(SECRET, CODE)
def test_messages_hide_it_too(secret: str, text: str) -> None:
    (shown,) = mask_texts([f"{text}{secret}{text}"], [secret])
    assert not any(run in shown for run in runs(secret))


@given(CODE, st.lists(SECRET))
def test_code_without_secrets_stays_as_it_is(code: str, secrets: list[str]) -> None:
    assert mask_line(code, secrets) == code


def test_the_prefix_of_a_vendor_stays() -> None:
    key = "sk-ant-api03-Qk5bGq"
    assert mask_line(f'key = "{key}"  # {key}', [key], ["sk-", "sk-ant-"]) == (
        'key = "sk-ant-… (19 characters)"  # sk-ant-… (19 characters)'
    )


def test_names_in_code_stay_readable() -> None:
    assert mask_line('password = "password"', ["password"]) == 'password = "… (8 characters)"'
    assert mask_line("connect(password)", ["password1"]) == "connect(password)"
    assert mask_line('admin(user="admin", password="admin1")', ["admin", "admin1"]) == (
        'admin(user="… (5 characters)", password="… (6 characters)")'
    )


def test_a_message_has_no_names_of_code() -> None:
    assert mask_texts(["the password is admin"], ["admin"]) == ("the password is … (5 characters)",)


def test_a_message_keeps_words_that_are_pieces_of_a_secret() -> None:
    assert mask_texts(["`torch.load` unpickles"], ["loadtest1"]) == ("`torch.load` unpickles",)
    assert mask_texts(["starts with load1, ends with st12"], ["load1test12"]) == ("starts with …, ends with …",)


def test_longer_secrets_go_first() -> None:
    assert mask_line('"bbbbgggg"', ["bbbb", "bbbbgggg"]) == '"… (8 characters)"'


def test_lines_inside_a_key_block_are_hidden() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\nabcdefgh\n-----END PRIVATE KEY-----"
    assert [mask_line(line, [key]) for line in key.splitlines()] == ["…"] * 4


def test_hexadecimal_escapes_are_hidden() -> None:
    assert mask_line(r'x = "\x68\x75\x6e\x74"', ["hunt"]) == 'x = "… (4 characters)"'


def test_a_frame_keeps_its_marked_stretch() -> None:
    secret = "Qk5bGqQk5bGqQk5bGqQk5bGqQk5bGq"
    line = f'login("{secret}", user)'
    at_secret = mask_frame(Frame(7, (line,), Span(7, 7, 7, 9 + len(secret))), [secret])
    assert at_secret.lines == ('login("… (30 characters)", user)',)
    assert marked(at_secret) == '"… (30 characters)"'
    after = line.index("user") + 1
    assert marked(mask_frame(Frame(7, (line,), Span(7, after, 7, after + 4)), [secret])) == "user"
    assert marked(mask_frame(Frame(7, (line,), Span(7, 1, 7, 6)), [secret])) == "login"
    inside = line.index("5") + 1
    assert marked(mask_frame(Frame(7, (line,), Span(7, inside, 7, inside + 2)), [secret])) == "… (30 characters)"


def marked(frame: Frame) -> str:
    return frame.lines[0][frame.span.start_column - 1 : frame.span.end_column - 1]


def test_thousands_of_secrets_take_no_longer_for_each_than_a_few() -> None:
    secrets = [f"bG{index:06d}kQ9" for index in range(5_000)]
    shown = [mask_line(f"x = '{secret}', '{'z' * 500}'", secrets) for secret in secrets[::20]]
    assert set(shown) == {f"x = '… (11 characters)', '{'z' * 500}'"}


@pytest.mark.parametrize("secret", ["bGk", "bG", "bGkQ", "bGkQ5"])
def test_short_secrets_are_masked_and_the_longest_at_a_place_wins(secret: str) -> None:
    assert mask_line(f"x = '{secret}7'", ["bG", "bGk", "bGkQ", "bGkQ5"]) == f"x = '… ({len(secret)} characters)7'"
