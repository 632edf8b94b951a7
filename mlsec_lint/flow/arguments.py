"""The arguments of a call, by position and by name, with what a spread hides."""

from __future__ import annotations

from collections.abc import Iterator

from mlsec_lint.flow.value import UNKNOWN, Value, join, join_all
from mlsec_lint.record import record
from mlsec_lint.syntax.expression import Place


@record
class Given:
    """One argument as given."""

    value: Value
    place: Place


@record
class Arguments:
    """What a call hands over."""

    positional: tuple[Given, ...] = ()
    keywords: tuple[tuple[str, Given], ...] = ()
    more_positional: Value | None = None
    """What an unknown `*args` holds."""
    more_keywords: Value | None = None
    """What an unknown `**kwargs` holds."""
    names: tuple[str, ...] = ()
    """Parameter names of the positional arguments, from the signature."""

    def find(self, name: str) -> Given | None:
        """An argument by keyword, by the parameter name of its position, or by its position (`"0"`)."""
        for keyword, given in self.keywords:
            if keyword == name:
                return given
        index = int(name) if name.isdecimal() else self._position(name)
        if index is not None and index < len(self.positional):
            return self.positional[index]
        if index is not None and name.isdecimal() and index < len(self.names):
            return self._keyword(self.names[index])
        return None

    def _keyword(self, name: str) -> Given | None:
        return next((given for keyword, given in self.keywords if keyword == name), None)

    def _position(self, name: str) -> int | None:
        names = self.names[: self.names.index("*")] if "*" in self.names else self.names
        return names.index(name) if name in names else None

    def may_hide(self, name: str) -> bool:
        """Whether a spread may hold the argument."""
        by_position = self.more_positional is not None and (name.isdecimal() or self._position(name) is not None)
        return by_position or (self.more_keywords is not None and not name.isdecimal())

    def all(self) -> Iterator[Given]:
        """Every known argument."""
        yield from self.positional
        for _, given in self.keywords:
            yield given

    def everything(self) -> Value:
        """All of it as one value: what an unknown function may make its result of."""
        hidden = [item for item in (self.more_positional, self.more_keywords) if item is not None]
        return join_all([*(given.value for given in self.all()), *hidden])

    def behind(self, first: Arguments) -> Arguments:
        """These after those of a `functools.partial`; keywords given now replace those given then."""
        keywords = {**dict(first.keywords), **dict(self.keywords)}
        return Arguments(
            (*first.positional, *self.positional),
            tuple(keywords.items()),
            self.more_positional if self.more_positional is not None else first.more_positional,
            self.more_keywords if self.more_keywords is not None else first.more_keywords,
            first.names,
        )

    def hidden(self) -> Value:
        """What the spreads hold."""
        found = UNKNOWN
        for item in (self.more_positional, self.more_keywords):
            found = join(found, item) if item is not None else found
        return found
