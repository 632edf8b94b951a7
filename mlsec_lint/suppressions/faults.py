"""What is wrong with suppressions themselves: MLS991 to MLS994."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from mlsec_lint.findings import Confidence, Finding, Fix, Location, Profile, Severity, Span
from mlsec_lint.record import dataclass
from mlsec_lint.suppressions.directives import Directive, Form, Name, Refusal
from mlsec_lint.suppressions.ranges import Range
from mlsec_lint.suppressions.removal import Remover
from mlsec_lint.suppressions.requests import Request
from mlsec_lint.suppressions.vocabulary import EXPIRED, UNEXPLAINED, UNKNOWN, UNUSED, Vocabulary

_LONGEST_NAME = 100
"""Characters of an unknown name up to which a correction is looked for."""

_MOST_CORRECTIONS = 20
"""In one file: each unknown name is compared with every known one."""

_NAME_THEM = "Name the rules in brackets and say why: `# mlsec: ignore[MLS103] our own checkpoint`."


@dataclass(slots=True)
class Faults:
    """Says what is wrong with the suppressions of one file."""

    locate: Callable[[Span], Location]
    vocabulary: Vocabulary
    remover: Remover
    require_reason: bool = False
    corrections_left: int = _MOST_CORRECTIONS

    def refused(self, refusal: Refusal) -> Finding:
        """A comment that is meant for us and cannot be understood."""
        comment = refusal.comment
        place = self._place(comment.line, refusal.start_column, comment.column + len(comment.text.rstrip()))
        return _finding(UNKNOWN, refusal.message, place, _NAME_THEM, comment.line)

    def of_request(self, request: Request) -> Iterator[Finding]:
        """What is wrong with a request when all findings are divided."""
        if not request.directive.is_ours:
            return
        yield from self._unknown(request)
        if request.expired:
            yield self._expired(request)
        else:
            yield from self._unused(request)
        if self.require_reason and not request.directive.reason:
            yield self._unexplained(request.directive)

    def of_range(self, found: Range) -> Iterator[Finding]:
        """A range that nothing closes."""
        if found.end is None:
            names = ", ".join(name.text for name in found.start.names)
            said = "the range that begins here is never closed: it ends with its block"
            remedy = f"Write `# mlsec: enable[{names}]` below what it is for, indented as this comment."
            yield self._of_directive(UNKNOWN, said, found.start, remedy)

    def stray(self, directive: Directive) -> Finding:
        """An `enable` that closes no range."""
        said = "no range with these names is open here, at this indentation"
        remedy = "Name the same rules as the `disable` that it closes, or remove it."
        return self._of_directive(UNKNOWN, said, directive, remedy, self.remover.entirely(directive))

    def _unknown(self, request: Request) -> Iterator[Finding]:
        line = request.directive.comment.line
        nearest = [self._nearest(name.text) for name in request.unknown]
        dead = [name for name, near in zip(request.unknown, nearest, strict=True) if not near]
        removal = self.remover.without(request, dead)
        for name, near in zip(request.unknown, nearest, strict=True):
            said = f"the suppression names `{name.text}`, which is no rule"
            remedy = f"Did you mean `{near}`?" if near else "`mlsec-lint rules` lists every rule."
            fix = self.remover.corrected(request.directive, name, near) if near else removal
            yield replace(_finding(UNKNOWN, said, self._of_name(line, name), remedy, line), fix=fix)

    def _unused(self, request: Request) -> Iterator[Finding]:
        line, names = request.directive.comment.line, request.unused(self.vocabulary.active)
        fix = self.remover.without(request, names)
        for name in names:
            said = f"nothing here breaks `{name.text}`: the suppression does nothing"
            remedy = f"Remove `{name.text}` from the comment."
            found = _finding(UNUSED, said, self._of_name(line, name), remedy, line)
            yield replace(found, profile=Profile.STRICT, fix=fix)

    def _expired(self, request: Request) -> Finding:
        directive = request.directive
        line, fix = directive.comment.line, self.remover.entirely(directive, request.end)
        said = f"the suppression has held until {directive.until}: what it silenced is reported again"
        remedy = "Mend what it was for; if there is a reason to wait, name another day."
        place = self._place(line, *directive.until_columns)
        return replace(_finding(EXPIRED, said, place, remedy, line), fix=fix)

    def _unexplained(self, directive: Directive) -> Finding:
        said = "the suppression gives no reason, and `require-reason` asks for one"
        shown = f"# mlsec: {directive.form.value}[{', '.join(name.text for name in directive.names)}]"
        return self._of_directive(UNEXPLAINED, said, directive, f"Say why it is fine: `{shown} our own checkpoint`.")

    def _nearest(self, name: str) -> str:
        """What an unknown name was meant to be, for the first ones of a file."""
        self.corrections_left -= 1
        asked = self.corrections_left >= 0 and len(name) <= _LONGEST_NAME
        return self.vocabulary.nearest(name) if asked else ""

    def _of_directive(self, rule: str, said: str, item: Directive, remedy: str, fix: Fix | None = None) -> Finding:
        line = item.comment.line
        return replace(_finding(rule, said, self._place(line, *item.columns), remedy, line), fix=fix)

    def _of_name(self, line: int, name: Name) -> Location:
        return self._place(line, name.start_column, name.end_column)

    def _place(self, line: int, start: int, end: int) -> Location:
        return self.locate(Span(line, start, line, end))


def misplaced(directive: Directive) -> Refusal:
    """Why a request for the whole file is none where it stands."""
    said = f"`{Form.FILE.value}` stands below code: write it above the first statement, on a line of its own"
    return Refusal(directive.comment, directive.columns[0], said)


def _finding(rule: str, message: str, place: Location, remedy: str, line: int) -> Finding:
    return Finding(rule, message, Severity.LOW, Confidence.HIGH, place, remedy=remedy, statement=(line, line))
