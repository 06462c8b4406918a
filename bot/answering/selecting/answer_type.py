"""The expected type of an answer: "how many" asks for a number, "when" for a date, "who" and "where" for a name.

Who asks who said something asks for a name in a sentence that tells who said it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from index.language.analysis import Analysis, Word
from index.language.language import Language
from index.language.patterns import any_of, any_word, compiled
from index.language.scripts import has_han


class AnswerType(Enum):
    """What kind of thing a question asks for."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    SPEAKER = "speaker"
    ANYTHING = "anything"


def asked_for(question: str, language: Language) -> AnswerType:
    """Tell by its words which kind of thing a question asks for."""
    patterns = _patterns(language)
    if patterns.asks_date.search(question):
        return AnswerType.DATE
    if patterns.asks_number.search(question):
        return AnswerType.NUMBER
    if patterns.asks_speaker.search(question):
        return AnswerType.SPEAKER
    return AnswerType.NAME if patterns.asks_name.search(question) else AnswerType.ANYTHING


def holds(sentence: Analysis, wanted: AnswerType, question: Analysis) -> bool:
    """Whether a sentence holds a thing of the wanted kind that the question did not bring along itself."""
    if wanted is AnswerType.ANYTHING:
        return True
    patterns = _patterns(sentence.language)
    asked = {part.folded for word in question.words for part in word.parts}
    fresh = [part for word in sentence.words for part in word.parts if part.folded not in asked]
    match wanted:
        case AnswerType.NUMBER:
            words = " ".join(word.text for word in fresh)
            return any(word.has_digit for word in fresh) or bool(patterns.number.search(words))
        case AnswerType.DATE:
            is_told = patterns.date.search(sentence.text) or patterns.doubtful_month.search(sentence.text)
            return any(word.has_digit for word in fresh) or bool(is_told)
        case AnswerType.NAME:
            return _has_name(sentence, fresh)
        case AnswerType.SPEAKER:
            return _has_name(sentence, fresh) and bool(patterns.speech.search(sentence.text))


def _has_name(sentence: Analysis, fresh: Sequence[Word]) -> bool:
    return any(word.text[0].isupper() for word in fresh) or has_han(sentence.text)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How a language asks for a thing of each kind, and what such a thing is told by."""

    asks_number: re.Pattern[str]
    asks_date: re.Pattern[str]
    asks_name: re.Pattern[str]
    asks_speaker: re.Pattern[str]
    speech: re.Pattern[str]
    number: re.Pattern[str]
    date: re.Pattern[str]
    doubtful_month: re.Pattern[str]


@cache
def _patterns(language: Language) -> _Patterns:
    questions, calendar = language.questions, language.calendar
    months = calendar.months.keys() - calendar.doubtful_months
    return _Patterns(
        asks_number=compiled(any_of(questions.for_number)),
        asks_date=compiled(any_of(questions.for_date)),
        asks_name=compiled(any_of(questions.for_name)),
        asks_speaker=compiled(any_of(questions.for_speaker)),
        speech=compiled(any_word(questions.speech)),
        number=compiled(any_word(questions.number_words)),
        date=compiled(any_word(calendar.words | calendar.weekdays.keys() | months)),
        doubtful_month=re.compile(any_word(map(str.capitalize, calendar.doubtful_months))),
    )
