"""From symbolic matches to findings: positions, code frames and lines for suppressions, computed last and once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mlsec_lint.catalogue.catalogue import Catalogue
from mlsec_lint.findings import Finding, Fix, Frame, Severity, Span, Step
from mlsec_lint.imports import dotted
from mlsec_lint.imports.library import Library, ProjectModule
from mlsec_lint.imports.questions import SECRETS
from mlsec_lint.masking import mask_frame, mask_texts
from mlsec_lint.match.funnels import reach_of
from mlsec_lint.match.secrets import known_secrets, names_secret, public_prefixes
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.suppressions.comments import comments_of
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.module import Module

if TYPE_CHECKING:
    from mlsec_lint.match.grouping import Group
    from mlsec_lint.match.matched import Matched


class Locator:
    """Finds the places of one file; what it shows has the given secrets masked."""

    def __init__(
        self,
        source: SourceFile,
        module: Module,
        secrets: Sequence[str],
        prefixes: Sequence[str],
        elsewhere: Callable[[str], Locator] | None = None,
    ) -> None:
        """`elsewhere` gives the locator of another file of the project, by its path as reports show it."""
        self._source, self._module = source, module
        self._secrets, self._prefixes = tuple(secrets), tuple(prefixes)
        self._elsewhere = elsewhere

    def of(self, place: Place) -> Locator:
        """The locator of the file that a place is in."""
        return self if not place.file or self._elsewhere is None else self._elsewhere(place.file)

    def finding(self, group: Group) -> Finding:
        """The finding of a group of matches."""
        speaker = group.speaker
        matched = speaker.matched
        here = self.of(matched.place)
        span = here._module.span(matched.place)  # noqa: SLF001  # another locator
        message, remedy = self.masked(speaker.message, speaker.remedy)
        return Finding(
            rule=matched.rule.id,
            message=message,
            severity=Severity(speaker.severity),
            confidence=speaker.confidence,
            location=here._source.locate(span),  # noqa: SLF001
            frame=here.frame(span),
            reasons=speaker.reasons,
            trace=self._trace(group),
            also=group.also,
            remedy=remedy,
            qualname=matched.context.qualname,
            profile=speaker.profile,
            statement=here._statement(matched.context.statement, span),  # noqa: SLF001
            fix=self._fix(matched),
        )

    def frame(self, span: Span) -> Frame:
        """The code to show for a span."""
        return mask_frame(self._source.frame(span), self._secrets, self._prefixes)

    def masked(self, *texts: str) -> tuple[str, ...]:
        """Sentences without the secrets of the file."""
        return tuple(mask_texts(texts, self._secrets, self._prefixes))

    def _fix(self, matched: Matched) -> Fix | None:
        if matched.rule.fix is None:
            return None
        from mlsec_lint.repair import fix_of  # Python's tokenizer, for a few rules

        return fix_of(matched, self._module, self._source)

    def _trace(self, group: Group) -> tuple[Step, ...]:
        matched = group.speaker.matched
        if not matched.steps:
            return ()
        sink = (matched.place, f"reaches {matched.words.get('sink', 'the sink')}")
        return tuple(self.of(place).step(place, sentence) for place, sentence in (*matched.steps, sink))

    def step(self, place: Place, sentence: str) -> Step:
        """One step of a story, in this file."""
        span = self._module.span(place)
        line = Span(span.start_line, span.start_column, span.start_line, span.end_column) if self._one(span) else span
        frame = mask_frame(self._source.frame(line, 0, 0), self._secrets, self._prefixes)
        return Step(self._source.locate(span), sentence, frame)

    @staticmethod
    def _one(span: Span) -> bool:
        return span.start_line == span.end_line

    def _statement(self, place: Place, span: Span) -> tuple[int, int]:
        first, last = self._module.statement_lines(place)
        return (first, last) if first <= span.start_line <= last else (span.start_line, span.end_line)


class Locators:
    """Makes the locators of one file; what of its own texts is secret is found out once, when something is shown."""

    def __init__(self, source: SourceFile, module: Module, catalogue: Catalogue) -> None:
        self._source, self._module, self._catalogue = source, module, catalogue

    def locator(self, secrets: Iterable[str], library: Library | None = None) -> Locator:
        """One that masks `secrets` too; with a library also for flows from other files, whose secrets it then masks."""
        known = self._own.union(secrets)
        if library is None:
            return self._made(self._source, self._module, known)
        known |= self._around(library)

        @cache
        def elsewhere(path: str) -> Locator:
            other = library.shown(path)
            return self._made(other.source, other.module, known | _secrets_of(other, self._catalogue))

        return self._made(self._source, self._module, known, elsewhere)

    def shown(self, path: str, library: Library) -> Locator:
        """One for another file of the project, by its path as reports show it."""
        other = library.shown(path)
        return self._made(other.source, other.module, _secrets_of(other, self._catalogue))

    def _made(
        self,
        source: SourceFile,
        module: Module,
        secrets: Iterable[str],
        elsewhere: Callable[[str], Locator] | None = None,
    ) -> Locator:
        ordered = sorted(secrets, key=lambda item: (-len(item), item))
        return Locator(source, module, ordered, public_prefixes(self._catalogue), elsewhere)

    @cached_property
    def _own(self) -> frozenset[str]:
        return secrets_in(self._source, self._module, self._catalogue)

    def _around(self, library: Library) -> set[str]:
        """The secrets of the modules that the file imports: what one of them holds, the file may repeat."""
        found: set[str] = set()
        file = library.file_of(self._source.path)
        paths = {path for chunk in self._module.chunks for _, path in chunk.outline.imported}
        for name in sorted(paths | {dotted.split(path)[0] for path in paths} - {""}):
            imported = library.find(name, file)
            if imported is not None:
                secrets = _secrets_of(imported, self._catalogue)
                library.inquiry.note(imported.file, SECRETS, partial(_said, secrets))
                found |= secrets
        return found


def secrets_in(source: SourceFile, module: Module, catalogue: Catalogue) -> frozenset[str]:
    """What of a file's own texts and commands is, or may well be, a secret."""
    texts, comments = module.texts(names_secret), [comment.text for comment in comments_of(source.text)]
    if not source.magics:
        return known_secrets(texts, comments, catalogue)
    from mlsec_lint.match.notebooks import command_secrets  # half of our rules' machinery

    comments += [magic.text for magic in source.magics]
    return known_secrets(texts, comments, catalogue) | command_secrets(source.magics, catalogue)


def answerer(library: Library, catalogue: Catalogue) -> Callable[[str, str], str]:
    """What the project's modules answer now: takes a file, absolute, and one of the `questions`."""
    reach = reach_of(library, catalogue)

    def answer(file: str, question: str) -> str:
        if question != SECRETS:
            return reach.answer(file, question)
        module = library.open(file)
        return _said(_secrets_of(module, catalogue)) if module is not None else ""

    return answer


def _said(secrets: Iterable[str]) -> str:
    """Secrets as an answer, of which nothing but a digest is ever kept."""
    return "\0".join(sorted(secrets))


_SECRETS: WeakKeyDictionary[ProjectModule, dict[Catalogue, frozenset[str]]] = WeakKeyDictionary()
"""Those of the modules that are in memory anyway."""


def _secrets_of(module: ProjectModule, catalogue: Catalogue) -> frozenset[str]:
    known = _SECRETS.setdefault(module, {})
    if catalogue not in known:
        known[catalogue] = secrets_in(module.source, module.module, catalogue)
    return known[catalogue]
