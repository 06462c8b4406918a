"""Answer spans: which characters of a statement answer the question, where a reader found that in its quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.answer import AnswerSpan
from index.documents import Passage, Span

_LONGEST = 120


def answer_in(statement: str, quotes: Sequence[tuple[Passage, Span]], answers: Sequence[AnswerSpan]) -> Span | None:
    """Return where the first of the answers that lies in one of a statement's quotes stands in the statement's text.

    `quotes` are passages with the spans that are quoted of them. None where none of the answers is there word for word.
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
