"""Gold: whether a question can be answered by what is indexed, and whether an answer says what it should."""

from __future__ import annotations

from collections.abc import Sequence, Set

from bot.answering.answer import Answer
from bot.evaluation import metrics
from bot.evaluation.question_sets import EvaluationQuestion

SHORT_ANSWER_WORDS = 10


def is_answerable(asked: EvaluationQuestion, indexed: Set[str]) -> bool:
    """Return whether the set says so, and one of the documents that it names with the question is indexed."""
    return asked.answerable and not indexed.isdisjoint(asked.related)


def is_right(asked: EvaluationQuestion, answer: Answer, *, answerable: bool) -> bool:
    """Return whether the confidence should be high: there is an answer, and what is shown, if anything, has it."""
    gold = short_answers(asked)
    return answerable and (not gold or not answer.statements or says(answer, gold, None))


def says(answer: Answer, gold: Sequence[str], most: int | None) -> bool:
    """Return whether one of these gold answers stands in the first `most` statements, or in any of all."""
    return metrics.contains(" ".join(statement.text for statement in answer.statements[:most]), gold)


def short_answers(asked: EvaluationQuestion) -> list[str]:
    """Return the gold answers of at most ten words that are not a mere yes or no: those that can be looked for."""
    return [answer for answer in asked.answers if _is_short(answer)]


def _is_short(answer: str) -> bool:
    words = metrics.normalised(answer).split()
    return 0 < len(words) <= SHORT_ANSWER_WORDS and words not in (["yes"], ["no"])
