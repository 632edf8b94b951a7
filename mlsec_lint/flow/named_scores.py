"""Scores that only their names give away: `label, confidence = service.predict(text)`, `{"probability": result.p}`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlsec_lint.flow.named_prompts import with_prompt
from mlsec_lint.flow.value import Origin, Value
from mlsec_lint.record import replace
from mlsec_lint.syntax.expression import Place

KIND = "named-score"

WEAK = "weak-name"
"""The trait of a name that means other things too: `score`."""

_CLASSIFIERS = r"^_?(?:classify|classifier|predict|predictor)$"
_SCORES = (
    r"(?:^|_)(?:prob|probs|proba|probas|probability|probabilities|confidence|confidences|logits|softmax|scores?)(?:_|$)"
)
_JOINED = r"[a-z]scores?$"
"""`alignscore`: counts for what a model has made only."""

NAME = re.compile(f"(?i){_SCORES}|{_JOINED}|{_CLASSIFIERS}")
"""Words of which a piece of code that has a score by its name has one."""

_SCORE = re.compile(f"(?i){_SCORES}")
_MODELS_SCORE = re.compile(f"(?i){_SCORES}|{_JOINED}")
_CLASSIFIER = re.compile(_CLASSIFIERS)
"""Callees of which everything that is called a score is a score of a model."""
_WEAK = re.compile(r"(?i)(?:^|_)scores?(?:_|$)")
_NOT = re.compile(
    r"(?i)(threshold|min|max|default|level|schema|type|name|label|config|column|field|key|text|weight|path|url"
    r"|(?:^|_)(?:accuracy|f1|r2|auc|roc|bleu|rouge|wer|cer|train|test|val|validation|eval|cv)_)"
)
"""Settings, and measures of a whole model."""
_PAIRS = re.compile(
    r"(?i)^(?:(?:probs|probabilities|confidences|scores)_(?:and_)?labels|labels_(?:and_)?(?:probs|probabilities|confidences|scores))$"
)
"""Names of labels together with the scores of each."""
_LABEL = re.compile(r"(?i)(?:^|_)(?:labels?|classes|class_?names?|categor(?:y|ies)|emotions?|intents?|topics?)(?:_|$)")
"""Names of labels: what a model gives for each of them is its score."""
_OUTPUT = "model-output"
_CLASSIFIED = "classified"
"""The mark of a part of what one of them gave."""
_KNOWN = frozenset({"score", "logits", KIND})
_COARSE = frozenset({"rounded", "reduced"})
_DECIDED = frozenset(
    {"round", "int", "str", "len", "bool", "dict", "set", "Field", "Query", "Body", "slider", "get", "getenv"}
)
"""Calls whose result is no score of a model, or no exact one."""


def is_named_score(name: str, *, by_model: bool = False) -> bool:
    """Whether a variable, key or keyword of this name holds a model's score; `by_model`: if a model has made it."""
    found = (_MODELS_SCORE if by_model else _SCORE).search(name)
    return bool(found) and (not _NOT.search(name) or bool(_PAIRS.match(name)))


def with_score(name: object, value: Value, place: Place) -> Value:
    """The value with the origin that its name gives it: a prompt, or a score if it was computed by something unknown."""
    value = with_prompt(name, value, place)
    if not isinstance(name, str) or not is_named_score(name, by_model=True):
        return value
    by_model = _is_models(value)
    if not is_named_score(name, by_model=by_model) or value.constants or not _is_computed(value):
        return value
    if any(origin.kind in _KNOWN for origin in value.origins):
        return value
    weak = _WEAK.search(name) and not by_model
    traits = frozenset({WEAK}) if weak else frozenset[str]()
    return replace(value, origins=value.origins | {Origin(KIND, f"`{name}`", place, traits)})


def by_label(names: Iterable[str], value: Value, place: Place) -> Value:
    """What is kept under a key that these names tell of: a score, if they are labels and a model has made it."""
    if not any(_LABEL.search(name) for name in names) or value.constants:
        return value
    found = value.all_origins()
    if any(origin.kind in _KNOWN for origin in found) or not any(_is_exact_output(origin) for origin in found):
        return value
    label = next(name for name in names if _LABEL.search(name))
    return replace(value, origins=value.origins | {Origin(KIND, f"the value for each of `{label}`", place)})


def as_output(callee: str, value: Value, place: Place) -> Value:
    """What a function of the project gives, by its name: `predict` and its like give the output of a model."""
    if not _CLASSIFIER.match(callee) or value.constants or value.definitions or value.fields:
        return value
    if value.items:
        return replace(value, marks=value.marks | {_CLASSIFIED})
    if value.producer.rsplit(".", 1)[-1] in _DECIDED or any(
        not _COARSE.isdisjoint(item.traits) for item in value.origins
    ):
        return value
    return replace(value, origins=value.origins | {Origin(_OUTPUT, f"{callee}()", place)})


def _is_exact_output(origin: Origin) -> bool:
    return origin.kind == _OUTPUT and _COARSE.isdisjoint(origin.traits)


def _is_computed(value: Value) -> bool:
    if any(_is_exact_output(origin) for origin in value.origins):
        return True
    if value.producer:
        return value.producer.rsplit(".", 1)[-1] not in _DECIDED
    return "unpacked" in value.marks or any(path.startswith("?.") for path in value.paths)


def unpacking(value: Value) -> frozenset[str]:
    """The marks of parts of a result: `scores, usage = engine.classify(texts)`."""
    return frozenset({"unpacked", _CLASSIFIED} if _is_models(value) else {"unpacked"})


def unpacking_known(value: Value) -> frozenset[str]:
    """The same where the parts are known: they count as computed only if a model has made them."""
    return unpacking(value) if _CLASSIFIED in value.marks else frozenset()


def _is_models(value: Value) -> bool:
    """Whether a model has made it, for all that can be told."""
    if _CLASSIFIED in value.marks or _CLASSIFIER.match(value.producer.rsplit(".", 1)[-1]):
        return True
    return any(item.kind == _OUTPUT for item in value.origins)
