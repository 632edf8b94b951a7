"""Scores that only their names give away: `label, confidence = service.predict(text)`, `{"probability": result.p}`."""

from __future__ import annotations

import re
from dataclasses import replace

from mlsec_lint.flow.named_prompts import with_prompt
from mlsec_lint.flow.value import Origin, Value
from mlsec_lint.syntax.expression import Place

KIND = "named-score"

WEAK = "weak-name"
"""The trait of a name that means other things too: `score`."""

NAME = re.compile(
    r"(?i)(?:^|_)(?:prob|probs|proba|probas|probability|probabilities|confidence|confidences|logits|softmax|scores?)(?:_|$)"
)
_WEAK = re.compile(r"(?i)(?:^|_)scores?(?:_|$)")
_NOT = re.compile(
    r"(?i)(threshold|min|max|default|level|schema|type|name|label|config|column|field|key|text|weight|path|url)"
)
_PAIRS = re.compile(
    r"(?i)^(?:(?:probs|probabilities|confidences|scores)_(?:and_)?labels|labels_(?:and_)?(?:probs|probabilities|confidences|scores))$"
)
"""Names of labels together with the scores of each."""
_CLASSIFIERS = frozenset({"classify", "classifier", "predict", "predictor"})
"""Callees of which everything that is called a score is a score of a model."""
_OUTPUT = "model-output"
_CLASSIFIED = "classified"
"""The mark of a part of what one of them gave."""
_KNOWN = frozenset({"score", "logits", KIND})
_DECIDED = frozenset(
    {"round", "int", "str", "len", "bool", "dict", "set", "Field", "Query", "Body", "slider", "get", "getenv"}
)
"""Calls whose result is no score of a model, or no exact one."""


def is_named_score(name: str) -> bool:
    """Whether a variable, key or keyword of this name holds a model's score."""
    return bool(NAME.search(name)) and (not _NOT.search(name) or bool(_PAIRS.match(name)))


def with_score(name: object, value: Value, place: Place) -> Value:
    """The value with the origin that its name gives it: a prompt, or a score if it was computed by something unknown."""
    value = with_prompt(name, value, place)
    if not (isinstance(name, str) and is_named_score(name)) or value.constants or not _is_computed(value):
        return value
    if any(origin.kind in _KNOWN for origin in value.origins):
        return value
    weak = _WEAK.search(name) and not _is_models(value)
    traits = frozenset({WEAK}) if weak else frozenset[str]()
    return replace(value, origins=value.origins | {Origin(KIND, f"`{name}`", place, traits)})


def _is_computed(value: Value) -> bool:
    if any(origin.kind == _OUTPUT for origin in value.origins):
        return True
    if value.producer:
        return value.producer.rsplit(".", 1)[-1] not in _DECIDED
    return "unpacked" in value.marks or any(path.startswith("?.") for path in value.paths)


def unpacking(value: Value) -> frozenset[str]:
    """The marks of parts of a result: `scores, usage = engine.classify(texts)`."""
    return frozenset({"unpacked", _CLASSIFIED} if _is_models(value) else {"unpacked"})


def _is_models(value: Value) -> bool:
    """Whether a model has made it, for all that can be told."""
    if _CLASSIFIED in value.marks or value.producer.rsplit(".", 1)[-1] in _CLASSIFIERS:
        return True
    return any(item.kind == _OUTPUT for item in value.origins)
