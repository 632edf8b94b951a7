"""From what a rule says about mending a finding to the edits that mend this one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from mlsec_lint.catalogue.model import FixRecipe
from mlsec_lint.findings import COMMIT_TO_COME, Edit, Fix, Pin, Span
from mlsec_lint.flow.event import CallEvent
from mlsec_lint.match.matched import Matched
from mlsec_lint.sources.lines import offset_of, place_of
from mlsec_lint.sources.source import SourceFile
from mlsec_lint.syntax.edits import CallText, TextEdit, call_text
from mlsec_lint.syntax.expression import Attribute
from mlsec_lint.syntax.module import Module

_KINDS = {"datasets": "datasets", "evaluate": "spaces"}
"""What the libraries fetch by default; the others fetch models."""


def fix_of(matched: Matched, module: Module, source: SourceFile) -> Fix | None:
    """The fix of what a rule has found in a file; None where nobody can say what the right code would be."""
    recipe, call = matched.rule.fix, matched.call
    if recipe is None or call is None:
        return None
    place = call.node.place
    if place.file or matched.place.file or not module.may_change(place):
        return None
    span = module.span(place)
    start = offset_of(source.text, span.start_line, span.start_column)
    text = call_text(source.text[start : offset_of(source.text, span.end_line, span.end_column)])
    if text is None or _is_commanded(source, span):
        return None
    pin = _pin(recipe, matched, call)
    if recipe.pin and pin is None:
        return None
    edits = tuple(_placed(_changes(recipe, matched, call, text), start, source))
    return Fix(recipe.message, edits, recipe.safety, pin, digest_of(source)) if edits else None


def _pin(recipe: FixRecipe, matched: Matched, call: CallEvent) -> Pin | None:
    """The repository that the call names, where it names one and only one."""
    if recipe.pin not in matched.asked:
        return None
    names = _texts(call, [name for name in matched.asked if name != recipe.pin])
    references = _texts(call, [recipe.pin]) or ["main"]
    kinds = _texts(call, ["repo_type"])
    if len(names) != 1 or len(references) != 1 or (call.arguments.find("repo_type") is not None and len(kinds) != 1):
        return None
    library = matched.words.get("api", "").split(".")[0]
    kind = f"{kinds[0]}s" if kinds else _KINDS.get(library, "models")
    return Pin(kind, names[0], references[0])


def _texts(call: CallEvent, names: Iterable[str]) -> list[str]:
    """The texts that some arguments are, as far as they are known; `*` is the first one."""
    given = (call.arguments.find("0" if name == "*" else name) for name in names)
    known = [item.value for item in given if item is not None and item.value.exact]
    return [text for value in known for text in value.constants if isinstance(text, str)]


def digest_of(source: SourceFile) -> str:
    """What a fix remembers of the file that it is for."""
    return hashlib.sha256(source.raw.encode("utf-8", "surrogatepass")).hexdigest()


def _changes(recipe: FixRecipe, matched: Matched, call: CallEvent, text: CallText) -> tuple[TextEdit, ...]:
    """What is to change in the text of the call; nothing where an argument is given by other means than its name."""
    given = [(name, value) for name, value in recipe.set if name in matched.asked]
    if recipe.pin in matched.asked:
        given.append((recipe.pin, COMMIT_TO_COME))
    callee = _callee(recipe, matched, call)
    dropped = [name for name in recipe.drop if name in matched.asked or callee]
    certain = matched.verdict.truth is True
    if not all(_can_change(name, call, text, certain=certain) for name in (*(name for name, _ in given), *dropped)):
        return ()
    return text.with_keywords(given, dropped, callee)


def _callee(recipe: FixRecipe, matched: Matched, call: CallEvent) -> str:
    """What to call in the place of an attribute of a module or object; empty for nothing else."""
    func = call.node.func
    if not isinstance(func, Attribute) or matched.words.get("api", "").split(".")[-1] != func.attr:
        return ""
    return dict(recipe.call).get(func.attr, "")


def _can_change(name: str, call: CallEvent, text: CallText, *, certain: bool) -> bool:
    """Whether the argument is known, by its name: either what is given, or that nothing is."""
    given = call.arguments.find(name)
    if text.find(name) is not None:
        return certain or (given is not None and given.value.exact and bool(given.value.constants))
    return given is None and not text.spreads and not call.arguments.may_hide(name)


def _is_commanded(source: SourceFile, span: Span) -> bool:
    """Whether the lines belong to a magic of a notebook, which is no Python."""
    return any(
        magic.span.start_line <= span.end_line and span.start_line <= magic.span.end_line for magic in source.magics
    )


def _placed(edits: Iterable[TextEdit], start: int, source: SourceFile) -> Iterator[Edit]:
    """Edits of a stretch that starts somewhere in the checked text, where they belong on disk."""
    for edit in edits:
        span = Span(*place_of(source.text, start + edit.start), *place_of(source.text, start + edit.end))
        cell = source.cell_at(span.start_line)
        if cell is None:
            yield Edit(span, edit.text)
        else:
            yield Edit(cell.inside(span), edit.text.replace("\n", f"\n{cell.indent}"), cell.index)
