"""Follow-ups: a question that leans on the conversation is made to stand alone before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.answer import Turn

# "that" and "there" lean only where they stand for something: "was that", "the rules that" does not.
LEANS = re.compile(
    r"\b(he|she|it|its|they|them|their|his|her|hers|him|this|these|those|ones)\b"
    r"|(?:^|\b(?:is|s|was|did|does|do|can|will|would) )that\b"
    r"|\b(of|about|to|for|with|like|after|before|on|in|at|by|than|from) that\b"
    r"|\b(which|this|other|another|last|next|first) one\b"
    r"|\b(there|then)\b(?=\W*$)|^then\b"
    r"|^(and|but|so|or|also|what about|how about|why|how so|when|where|who|which one|any|anything else|more)\b\W*$"
    r"|^(and|but|what about|how about)\b"
    r"|[他她它]们?|这个|那个|呢[？?]?$",
    re.IGNORECASE,
)
# What is asked second leans on what is asked first: "How much was sold, and how far was that down?" stands alone.
_ASKED_SECOND = re.compile(r"(?<=[?？])\s*(?=\S).*|,\s+and\s.*", re.DOTALL | re.IGNORECASE)


def stand_alone(question: str, conversation: Sequence[Turn]) -> str:
    """Return what to look up: the question, after the one before it where it says "it", "he" or "what about"."""
    asked = [turn.text for turn in conversation if turn.role == "user"]
    if not asked or not LEANS.search(_ASKED_SECOND.sub("", question)):
        return question
    return f"{asked[-1]} {question}"
