"""Parts: a question that asks several things is several questions."""

from __future__ import annotations

import re

_ASKS = (
    r"(?:what|who|whom|whose|when|where|why|which|how|did|does|do|is|are|was|were|can|could|will|would|should|has|have)"
)
# After a comma alone "who", "which", "when" and "where" go on with the same question more often than not.
_BETWEEN = re.compile(rf"(?<=[?？])\s*(?=\S)|[,;]?\s+and\s+(?={_ASKS}\b)|[,;]\s+(?=(?:what|how|why)\b)", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:and\s+|but\s+|also[,]?\s+)?{_ASKS}\b", re.IGNORECASE)
_FUNCTION_WORD = re.compile(rf"{_ASKS}|the|an?|of|in|on|at|to|for|by|with|from|as|and|or|but|also", re.IGNORECASE)
_MOST_PARTS = 4
# "that" and "there" lean only where they stand for something: "was that", "the rules that" does not.
_LEANS = re.compile(
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


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions that a question consists of: itself alone unless each part can stand as a question."""
    parts = [part.strip() for part in _BETWEEN.split(question) if part.strip()]
    if not 1 < len(parts) <= _MOST_PARTS:
        return (question,)
    # "Who was the author?" leans on what came before it as much as "who was he?" does.
    stand = _can_stand(parts[0], 1) and all(_can_stand(part, 2) and not _LEANS.search(part) for part in parts[1:])
    return tuple(parts) if stand else (question,)


def _can_stand(part: str, least: int) -> bool:
    if any(character > "\u2e7f" for character in part):
        return True
    content = [word for word in re.findall(r"[\w'’]+", part) if not _FUNCTION_WORD.fullmatch(word)]
    return _BEGINS.match(part) is not None and len(content) >= least
