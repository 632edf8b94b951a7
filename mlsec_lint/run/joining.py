"""The results of all files as one: a flow that ends in another file is found from each file that starts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mlsec_lint.findings import Answer, FileResult, Finding, Location, Profile
from mlsec_lint.suppressions.vocabulary import UNUSED


def joined(results: Iterable[FileResult | None], profile: Profile) -> tuple[FileResult | None, ...]:
    """The same results with one finding a root cause, also where several files have led to it.

    Of several findings at a place the worst speaks, and of those the one that `profile` shows and with the shortest
    story; it stays in the result that found it. A suppression that has answered a flow from another file is used.
    """
    results = tuple(results)
    answered = {
        _line(item.comment)
        for result in results
        for item in (result.suppressed if result is not None else ())
        if result is not None and item.comment.path != result.path
    }
    speakers = _speakers(results, profile)
    return tuple(
        replace(result, findings=tuple(_kept(result, index, speakers, answered))) if result is not None else None
        for index, result in enumerate(results)
    )


def _line(location: Location) -> tuple[str, int]:
    return location.path, location.span.start_line


def _is_ours(finding: Finding) -> bool:
    return finding.rule.startswith("MLS")


def _speakers(results: tuple[FileResult | None, ...], profile: Profile) -> dict[Location, tuple[int, Finding]]:
    """For every place with findings from several files: the one that speaks, and the result that it is in."""
    found: dict[Location, list[tuple[int, Finding]]] = {}
    foreign: set[Location] = set()
    for index, result in enumerate(results):
        for finding in result.findings if result is not None else ():
            if _is_ours(finding):
                found.setdefault(finding.location, []).append((index, finding))
                if result is not None and finding.location.path != result.path:
                    foreign.add(finding.location)
    return {place: _speaker(found[place], profile) for place in foreign if len(found[place]) > 1}


def _speaker(found: list[tuple[int, Finding]], profile: Profile) -> tuple[int, Finding]:
    ranked = sorted(found, key=lambda item: (_rank(item[1], profile), item[0]))
    index, first = ranked[0]
    shown = [item for _, item in ranked if item.profile <= profile or first.profile > profile]
    rules = dict.fromkeys(rule for item in shown for rule in (item.rule, *item.also) if rule != first.rule)
    return index, replace(first, also=tuple(rules))


def _rank(finding: Finding, profile: Profile) -> tuple[object, ...]:
    story = [(step.location.path, step.location.span, step.message) for step in finding.trace]
    hidden = finding.profile > profile
    return (
        hidden,
        -finding.severity,
        -finding.confidence,
        finding.profile,
        finding.rule,
        len(story),
        story,
        finding.message,
    )


def _kept(
    result: FileResult,
    index: int,
    speakers: dict[Location, tuple[int, Finding]],
    answered: set[tuple[str, int]],
) -> Iterator[Finding]:
    for finding in result.findings:
        speaker = speakers.get(finding.location) if _is_ours(finding) else None
        if finding.rule == UNUSED and _line(finding.location) in answered:
            continue
        if speaker is None:
            yield finding
        elif speaker[0] == index and speaker[1].rule == finding.rule and speaker[1].trace == finding.trace:
            yield speaker[1]


def merged(answers: Iterable[tuple[Answer, ...]]) -> tuple[Answer, ...]:
    """Every suppression once, by path and place, with all that it has silenced in whatever results."""
    found: dict[tuple[Location, str], Answer] = {}
    for answer in (item for answers_of_file in answers for item in answers_of_file):
        key = answer.comment, answer.form
        known = found.get(key, answer)
        used = tuple(sorted({*known.used, *answer.used}))
        unused = tuple(name for name in known.unused if name in answer.unused)
        found[key] = replace(answer, used=used, unused=unused)
    return tuple(sorted(found.values(), key=lambda item: (item.comment.path, item.comment.span)))
