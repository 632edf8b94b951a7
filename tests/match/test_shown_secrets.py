from __future__ import annotations

import pytest

from mlsec_lint.match.shown_secrets import shows_secret
from mlsec_lint.syntax import expression as ex
from mlsec_lint.syntax import statement as st
from mlsec_lint.syntax.module import Module


def shown(code: str) -> bool:
    (statement,) = Module(code).chunks[0].body
    assert isinstance(statement, st.Evaluate)
    assert isinstance(statement.value, ex.Call)
    return shows_secret(statement.value)


@pytest.mark.parametrize(
    "code",
    [
        "print(api_key)",
        "print('key', self.api_key)",
        "print(f'key {api_key!r}')",
        "print('key ' + api_key)",
        "print('key %s' % api_key)",
        "print('key {}'.format(api_key))",
        "print(str(token))",
        "print(config['password'])",
        "print(os.getenv('OPENAI_API_KEY'))",
        "print(os.environ['HF_TOKEN'])",
        "print(secret.get_secret_value())",
        "print({'key': api_key})",
        "print(*[api_key])",
        "print(api_key or 'none')",
        "print(json.dumps(dict(os.environ)))",
    ],
)
def test_whole_secrets_are_shown(code: str) -> None:
    assert shown(code)


@pytest.mark.parametrize(
    "code",
    [
        "print(api_key[:4])",
        "print(f'{api_key[:4]}...')",
        "print(len(api_key))",
        "print(mask(api_key))",
        "print('set' if api_key else 'missing')",
        "print(api_key is None)",
        "print(client)",
        "print(response.json())",
        "print(payload.get('email'))",
        "print(os.getenv('HOME'))",
        "print(api_key_name)",
        "print(tokens)",
        "print(hashed_password)",
        "print(masked_key)",
        "print(xs[0])",
    ],
)
def test_what_was_made_with_a_secret_is_not(code: str) -> None:
    assert not shown(code)
