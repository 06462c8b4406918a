"""Parts: a question that asks several things is several questions."""

from __future__ import annotations

import re

from bot.answering.follow_up import LEANS

_ASKS = (
    r"(?:what|who|whom|whose|when|where|why|which|how|did|does|do|is|are|was|were|can|could|will|would|should|has|have)"
)
_BETWEEN = re.compile(rf"(?<=[?？])\s*(?=\S)|[,;]?\s+and\s+(?={_ASKS}\b)|[,;]\s+(?={_ASKS}\b)", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:and\s+|but\s+|also[,]?\s+)?{_ASKS}\b", re.IGNORECASE)
_FEWEST_WORDS = 3
_MOST_PARTS = 4


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions that a question consists of: itself alone unless each part can stand as a question."""
    parts = [part.strip() for part in _BETWEEN.split(question) if part.strip()]
    can_stand = 1 < len(parts) <= _MOST_PARTS and all(_can_stand(part) for part in parts)
    return tuple(parts) if can_stand and not any(LEANS.search(part) for part in parts[1:]) else (question,)


def _can_stand(part: str) -> bool:
    if any(character > "\u2e7f" for character in part):
        return True
    return _BEGINS.match(part) is not None and len(part.split()) >= _FEWEST_WORDS
