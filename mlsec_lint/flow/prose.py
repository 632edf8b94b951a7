"""How much a constant text instructs its reader."""

from __future__ import annotations

import re
from functools import lru_cache

INSTRUCTIONS = 10
"""From this weight on the text around a value reads as a developer's instructions."""

LEAD_IN = 3
"""From this weight on it is a lead-in; below it is a label such as `Question:`."""

_IMPERATIVE = 6
"""What a word of command adds to the number of words."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMAND = re.compile(
    r"(?i)\b(?:you are|you will|you must|you should|your (?:task|job|goal|response|answer)|please|summari[sz]e|generate|extract"
    r"|translate|classify|respond|reply|rewrite|rephrase|write (?:a|an|the|me)|analy[sz]e|answer (?:the|this|my|based|in)|return"
    r"|given (?:the|a|an|this|at|below)|based on|do not|don't|use the|using the|provide|list|describe|explain|determine|identify"
    r"|act as|think step|output|convert|evaluate|judge|tell me|create (?:a|an)|following)\b"
)
_TEMPLATE_NAME = re.compile(r"(?i)(prompt|template|instruction|system_?message)")
_LONGEST = 20_000
_SPECIAL_TOKEN = re.compile(
    r"<\|(?:im_start|im_end|im_sep|begin_of_text|start_header_id|end_header_id|eot_id|endoftext|system|user|assistant|end"
    r"|start|message|channel)\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|\[/?SYSTEM_PROMPT\]|<\uff5c(?:User|Assistant)\uff5c>"
)
"""What separates the turns of a conversation in one text: ChatML, Llama, Mistral, Gemma, Phi, Harmony, DeepSeek."""


@lru_cache(maxsize=4096)
def weight(text: str) -> int:
    """The number of words; more where they command."""
    words = len(_WORD.findall(text[:_LONGEST]))
    return words + _IMPERATIVE if words >= LEAD_IN + 1 and _COMMAND.search(text[:_LONGEST]) else words


@lru_cache(maxsize=4096)
def has_special_tokens(text: str) -> bool:
    """Whether a text separates the turns of a conversation with a model's special tokens."""
    return bool(_SPECIAL_TOKEN.search(text[:_LONGEST]))


def weight_of_unknown(names: tuple[str, ...]) -> int:
    """The weight of a text that cannot be seen: one whose name says prompt is taken for instructions."""
    return INSTRUCTIONS if any(_TEMPLATE_NAME.search(name) for name in names) else 0


def trait(total: int) -> tuple[str, ...]:
    """What constant text of this weight makes of the values between it."""
    if total >= INSTRUCTIONS:
        return ("instructions",)
    return ("lead-in",) if total >= LEAD_IN else ()
