"""From symbolic matches to findings: positions, code frames and lines for suppressions, computed last and once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlsec_lint.findings import Finding, Frame, Severity, Span, Step
from mlsec_lint.masking import mask_frame, mask_texts
from mlsec_lint.match.grouping import Group
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.expression import Place
from mlsec_lint.syntax.module import Module


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
        )

    def frame(self, span: Span) -> Frame:
        """The code to show for a span."""
        return mask_frame(self._source.frame(span), self._secrets, self._prefixes)

    def masked(self, *texts: str) -> tuple[str, ...]:
        """Sentences without the secrets of the file."""
        return tuple(mask_texts(texts, self._secrets, self._prefixes))

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
