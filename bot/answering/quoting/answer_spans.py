"""Answer spans: which characters of a statement answer the question, where a reader found that in its quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.answer import AnswerSpan
from index.documents import Passage, Span

_LONGEST = 120


def answer_in(statement: str, quotes: Sequence[tuple[Passage, Span]], answers: Sequence[AnswerSpan]) -> Span | None:
    """Find the characters of a statement that answer the question: None where no answer is there word for word.

    Args:
        statement: The text of the statement.
        quotes: The passages that it cites, each with the span of the document that is quoted of it.
        answers: Where a reader found the answer, the surest first.

    """
    for answer in answers:
        for passage, quoted in quotes:
            inside = quoted.start <= answer.span.start and answer.span.end <= quoted.end
            if not inside or answer.passage_id != passage.id:
                continue
            text = " ".join(answer.span.shifted(-passage.span.start).of(passage.text).split())
            found = _find(text, statement)
            if found is not None:
                return found
    return None


def _find(answer: str, statement: str) -> Span | None:
    if not answer or len(answer) > _LONGEST:
        return None
    match = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", statement) or re.search(re.escape(answer), statement)
    return Span(*match.span()) if match else None
