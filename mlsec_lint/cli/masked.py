"""Values of a configuration without the secrets that somebody may have put there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.masking import mask_texts


class Masked:
    """Masks what in some values is, or may well be, a secret."""

    def __init__(self, catalogue: Catalogue, values: Iterable[object]) -> None:
        from mlsec_lint.match.secrets import known_secrets

        texts = [("", text) for value in values for text in _texts(value)]
        self._secrets = tuple(sorted(known_secrets(texts, (), catalogue)))

    def __call__(self, value: object) -> object:
        """The value with its secrets masked, keys of tables included."""
        match value:
            case str() if self._secrets:
                return mask_texts((value,), self._secrets)[0]
            case list():
                return [self(item) for item in value]
            case dict():
                return {str(self(key)): self(item) for key, item in value.items()}
        return value


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for key, item in value.items():
                yield from (key, *_texts(item))
