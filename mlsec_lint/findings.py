"""What we say about code: findings, the places they point at, and the problems that kept us from looking.

Everything here is a frozen, picklable value without a syntax tree; it imports nothing of ours.
"""

from __future__ import annotations

import enum
from dataclasses import field

from mlsec_lint.record import dataclass


class Severity(enum.IntEnum):
    """How bad it is when the finding is right."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case name that options, TOML and every output use."""
        return self.name.lower()


class Confidence(enum.IntEnum):
    """How sure we are that the finding is right."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def label(self) -> str:
        """The lower-case name that options, TOML and every output use."""
        return self.name.lower()


class Profile(enum.IntEnum):
    """How much a run shows; each profile shows what the ones before it show."""

    DEFAULT = 0
    STRICT = 1
    AUDIT = 2

    @property
    def label(self) -> str:
        """The lower-case name that options, TOML and every output use."""
        return self.name.lower()


class Safety(enum.Enum):
    """What applying a fix may change besides removing the finding."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: lines and columns count from 1, columns are code points, the end is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A place inside one notebook cell."""

    index: int
    """Counts from 0 over all cells, markdown included."""
    id: str | None
    span: Span
    """Inside the cell's own source: its first line is 1. With `output`, inside the text of that output."""
    output: int | None = None
    """The index of one of its outputs, if the place lies there."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file."""

    path: str
    """With forward slashes, relative to the root of the run where it lies below it."""
    span: Span
    """In the file as it lies on disk; for a notebook that is its JSON text."""
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The code that a report shows, secrets already masked."""

    first_line: int
    """The number of the first shown line: of the file, or of the cell in a notebook."""
    lines: tuple[str, ...]
    span: Span
    """The marked stretch, in the same numbering as `first_line`."""

    @property
    def marked(self) -> str:
        """The text of the marked stretch, as far as the frame shows it."""
        span = self.span
        if self.first_line <= span.start_line == span.end_line < self.first_line + len(self.lines):
            return self.lines[span.start_line - self.first_line][span.start_column - 1 : span.end_column - 1]
        first, last = max(0, span.start_line - self.first_line), span.end_line - self.first_line
        lines = list(self.lines[first : last + 1])
        if len(lines) == last - first + 1:
            lines[-1] = lines[-1][: span.end_column - 1]
        if lines and span.start_line >= self.first_line:
            lines[0] = lines[0][span.start_column - 1 :]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow, from its source to its sink."""

    location: Location
    message: str
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` (of the file on disk, or of the cell when `cell` is given) by `text`."""

    span: Span
    text: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """A repository of the Hugging Face Hub whose commit a fix writes down."""

    kind: str
    """`models`, `datasets` or `spaces`."""
    name: str
    reference: str
    """The branch or tag that is followed: `main`."""


COMMIT_TO_COME = "0" * 40
"""Stands in the edits of a fix with a pin until the commit is known."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the code that removes the finding."""

    message: str
    edits: tuple[Edit, ...]
    safety: Safety
    pin: Pin | None = None
    """Whose commit the edits wait for; a report has no such fix."""
    digest: str = ""
    """SHA-256, in hexadecimal, of the decoded text that the edits are for; empty: they are for whatever is there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at one place."""

    rule: str
    """The id: `MLS103`, `B602`."""
    message: str
    severity: Severity
    confidence: Confidence
    location: Location
    frame: Frame | None = None
    reasons: tuple[str, ...] = ()
    """Why we are less sure than the rule usually is, one sentence each."""
    trace: tuple[Step, ...] = ()
    """Source first, sink last; empty for a finding that is no flow."""
    also: tuple[str, ...] = ()
    """Ids of further rules that the same root cause breaks."""
    remedy: str = ""
    fix: Fix | None = None
    qualname: str = ""
    """The function or class around it: `Service.load`; empty at module level."""
    profile: Profile = Profile.DEFAULT
    """The first profile that shows it."""
    statement: tuple[int, int] = (0, 0)
    """First and last line, in the checked text, on which a comment may suppress it."""

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts findings as reports list them: by path and place."""
        place, cell = self.location, self.location.cell
        return (place.path, cell.index if cell else -1, cell.span if cell else place.span, self.rule, self.message)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in the code has answered."""

    finding: Finding
    reason: str
    comment: Location


@dataclass(frozen=True, slots=True)
class Answer:
    """A comment that silences findings, or is meant to."""

    comment: Location
    form: str
    """`ignore`, `ignore-file`, `disable`, `nosec`, `noqa`."""
    rules: tuple[str, ...]
    """As the comment names them; empty for a bare `# nosec`."""
    reason: str = ""
    until: str = ""
    """The last day on which it holds, `2026-12-31`; empty: it holds for ever."""
    expired: bool = False
    used: tuple[str, ...] = ()
    """The ids of what it has silenced, sorted."""
    unused: tuple[str, ...] = ()
    """The names of rules that the run looked for without finding anything that they break."""
    unknown: tuple[str, ...] = ()
    """The names that no rule has."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that we could not do, and so did not look at."""

    kind: str
    """`missing`, `unreadable`, `undecodable`, `syntax`, `notebook`, `bound`, `timeout`, `memory`, `crash`, `internal`,
    `interrupted`, `configuration`, `rules`."""
    path: str
    message: str
    hint: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class FileResult:
    """What checking one file gave."""

    path: str
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: int = 0
    """Lines of Python in it; 0 when it was not analysed."""
    notes: tuple[str, ...] = ()
    """Sentences for people about what was rightly left out of it."""
    missing: tuple[str, ...] = ()
    """Modules of its own package that it imports and that are not there, as it names them: `.service`."""
    reads: tuple[str, ...] = ()
    """Other files, absolute, that the result rests on."""
    asked: str = ""
    """What these files were asked, as `imports.grounds` writes it: the result holds while they answer the same."""
    as_before: bool = False
    """Nothing else was found out: an earlier result holds, for the files that it rests on answer as they did."""
    has_ends: bool = False
    """Whether anything in it can be a source or a sink: a flow of a file that imports it may go through it."""
    after: str = ""
    """The result holds on the days after this one, `2026-12-31`; empty: on all."""
    until: str = ""
    """The last day on which the result holds: a suppression ends with it; empty: it holds for ever."""
    answers: tuple[Answer, ...] = ()
    """The suppressions in it, and those in other files that its flows have needed, if they were asked for."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a whole run gave, sorted by path and place."""

    root: str
    """The absolute directory that relative paths start from."""
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences for people: what was left out and which option shows it."""
    checked: int = 0
    left: int = 0
    """Files that an interrupt left unchecked, without a name; one problem says so."""
    excluded: int = 0
    """Files that configuration, default excludes or gitignore left out."""
    lines: int = 0
    hidden: dict[str, int] = field(default_factory=dict)
    """How many findings the profile or a threshold keeps back, by the option that shows them."""
    baseline: str = ""
    """The baseline that the findings were compared with, as reports name it; empty: none."""
    baselined: tuple[Finding, ...] = ()
    """The findings that it knows; the others stand in `findings`."""
    compared: str = ""
    """The option that asked for changed lines only; empty: none did."""
    unchanged: int = 0
    """How many findings, new ones, touch no changed line and are kept back."""
    answers: tuple[Answer, ...] = ()
    """The suppressions, if they were asked for, by path and place."""
