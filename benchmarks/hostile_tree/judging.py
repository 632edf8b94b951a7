"""Was it survived? What a run has said, held against what lies in the tree."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from hostile_tree.entry import NEIGHBOURS, RULE, Hostile
from hostile_tree.running import STANDARD, Ran

_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_OLDER_COMMANDS = re.compile(r"##(?:vso|teamcity|\w*)\[")
_COMMAND = re.compile(r"[ \t]*::[\w-]+")
_ANNOTATION = re.compile(
    r"::(?:error|warning|notice) file=[^:,\n]*(?:,(?:line|endLine|col|endColumn)=\d+)*,title=[^:,\n]*::"
)
_LINK = re.compile(r"(?<!\\)\]\((?!\d+\)|https://github\.com/mlsec-lint/)")
_TAG = re.compile(r"<(?:script|img|a|iframe)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one entry in a run."""

    entry: Hostile
    analysed: tuple[str, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    """Path → kind."""
    silent: tuple[str, ...] = ()
    """Hostile files that were neither analysed nor named."""
    lost: tuple[str, ...] = ()
    """Neighbours whose finding is missing."""

    @property
    def survived(self) -> bool:
        """Whether nothing was passed over and no neighbour suffered."""
        return not self.silent and not self.lost

    @property
    def outcome(self) -> str:
        """In a few words."""
        kinds = sorted(set(self.problems.values()))
        named = [f"named: {', '.join(kinds)}"] if kinds else []
        return "; ".join([*(["analysed"] if self.analysed else []), *named]) or "left out"


def judge(entry: Hostile, report: Mapping[str, Any], prefix: str = "") -> Verdict:
    """The verdict on an entry; `prefix` is its folder as the report names it."""
    found = {item["path"] for item in report["findings"] if item["rule"] == RULE}
    named = {item["path"]: str(item["kind"]) for item in report["problems"]}
    mine = {path.removeprefix(prefix): kind for path, kind in named.items() if path.startswith(prefix)}
    files = {name: _shown(f"{prefix}{name}") for name in entry.files}
    return Verdict(
        entry,
        analysed=tuple(name for name, shown in files.items() if shown in found),
        problems=mine,
        silent=tuple(name for name, shown in files.items() if shown not in found and shown not in named),
        lost=tuple(name for name in NEIGHBOURS if f"{prefix}{name}" not in found),
    )


def _shown(path: str) -> str:
    """A path as the JSON report names it: bytes that are no text as visible escapes."""
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", path)


def report_of(ran: Ran) -> dict[str, Any]:
    """The JSON report of a run; an empty one when there is none."""
    try:
        found: dict[str, Any] = json.loads(ran.outputs[STANDARD])
    except ValueError:
        return {"findings": [], "problems": [], "summary": {}}
    return found


def dirt(ran: Ran) -> list[str]:
    """Everything in the outputs that could control a terminal, a CI log or a viewer, with its format."""
    found = [f"{form}: {what}" for form, output in ran.outputs.items() for what in _dirt_in(form, output)]
    return [*found, *(f"stderr: {what}" for what in _dirt_in("stderr", ran.errors))]


def _dirt_in(form: str, output: bytes) -> Iterator[str]:
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"no UTF-8 at byte {error.start}"
        return
    for found in _CONTROLS.finditer(text):
        yield f"{found[0]!r} in {_around(text, found)}"
    for found in _OLDER_COMMANDS.finditer(text):
        yield f"a command in {_around(text, found)}"
    if "Traceback (most recent call last)" in text:
        yield "a traceback"
    for line in text.split("\n"):
        if _COMMAND.match(line) and not (form == "github" and _ANNOTATION.match(line)):
            yield f"a command: {line[:80]!r}"
    if "outside_canary" in text.lower():
        yield "content of a file outside"
    if form in _READERS:
        yield from _READERS[form](text)


def _dirt_in_sarif(text: str) -> Iterator[str]:
    run = json.loads(text)["runs"][0]
    yield from _links([run["results"], run["invocations"]])


def _dirt_in_gitlab(text: str) -> Iterator[str]:
    json.loads(text)
    return iter(())


def _dirt_in_junit(text: str) -> Iterator[str]:
    ET.fromstring(text)  # noqa: S314  # our own output, which declares no entities
    return iter(())


def _dirt_in_markdown(text: str) -> Iterator[str]:
    rendered = _SPAN.sub("", text)
    for found in _LINK.finditer(rendered):
        yield f"a link: {_around(rendered, found)}"
    yield from _elements(rendered, {})


def _dirt_in_html(text: str) -> Iterator[str]:
    yield from _elements(text, {"script": 1, "style": 1, "form": 1})


def _elements(text: str, known: Mapping[str, int]) -> Iterator[str]:
    """Elements of HTML that load or run something, beyond those that a page has of its own."""
    numbers = Counter(found[1].lower() for found in _ACTIVE.finditer(text))
    for name, number in numbers.items():
        if number > known.get(name, 0):
            yield f"{number} elements {name}"
    for found in _HANDLER.finditer(text):
        yield f"an attribute that runs: {found[0]!r}"


_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
"""Code in Markdown, in which nothing is a link or HTML."""
_ACTIVE = re.compile(r"<(script|style|img|iframe|object|embed|base|link|form|video|audio|source)\b", re.IGNORECASE)
_HANDLER = re.compile(
    r'<[a-z][\w-]*(?:\s+[\w:-]+="[^"]*")*\s+(?:on\w+|style|src|srcset|action|formaction)\s*=', re.IGNORECASE
)
_READERS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "sarif": _dirt_in_sarif,
    "gitlab": _dirt_in_gitlab,
    "junit": _dirt_in_junit,
    "markdown": _dirt_in_markdown,
    "html": _dirt_in_html,
}
"""What is looked for in one format only; each fails on what its readers would not take."""


def _around(text: str, found: re.Match[str]) -> str:
    return repr(text[max(0, found.start() - 30) : found.end() + 30])


def _links(value: object, key: str = "") -> Iterator[str]:
    """Links and HTML in what viewers render."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name != "snippet":  # code, which nobody renders
                yield from _links(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _links(item, key)
    elif isinstance(value, str) and key in {"text", "markdown"} and _LINK.search(value):
        yield f"a link: {value[:80]!r}"
    elif isinstance(value, str) and key == "markdown" and _TAG.search(value):
        yield f"HTML: {value[:80]!r}"


def missing_in_formats(verdicts: Iterable[Verdict], ran: Ran, prefix: bool = False) -> list[str]:
    """What the JSON report names and another format does not: files that were not analysed, and neighbours' findings."""
    texts = {form: output.decode("utf-8", "replace") for form, output in ran.outputs.items() if form != STANDARD}
    missing = []
    for verdict in verdicts:
        start = f"{verdict.entry.name}/" if prefix else ""
        problems = [f"{start}{path}" for path in verdict.problems if _PLAIN.fullmatch(path)]
        missing += [f"{path} in {form}" for path in problems for form, text in texts.items() if path not in text]
        found = [f"{start}{name}" for name in NEIGHBOURS if name not in verdict.lost]
        whole = {form: text for form, text in texts.items() if form != "github"}  # which takes ten findings of a kind
        missing += [f"{path} in {form}" for path in found for form, text in whole.items() if path not in text]
    return missing


_PLAIN = re.compile(r"[\w./-]+", re.ASCII)
"""A path that every format writes as it is."""
