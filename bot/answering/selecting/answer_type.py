"""The expected type of an answer: "how many" asks for a number, "when" for a date, "who" and "where" for a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from index.language.language import Language
from index.language.patterns import any_of, any_word, compiled
from index.language.scripts import has_han

_WORD = re.compile(r"\w+")


class AnswerType(Enum):
    """What kind of thing a question asks for."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    ANYTHING = "anything"


def asked_for(question: str, language: Language) -> AnswerType:
    """Return what kind of thing a question asks for."""
    patterns = _patterns(language)
    if patterns.asks_date.search(question):
        return AnswerType.DATE
    if patterns.asks_number.search(question):
        return AnswerType.NUMBER
    return AnswerType.NAME if patterns.asks_name.search(question) else AnswerType.ANYTHING


def holds(sentence: str, wanted: AnswerType, question: str, language: Language) -> bool:
    """Return whether a sentence holds a thing of the wanted kind that the question did not bring along itself."""
    patterns = _patterns(language)
    asked = {word.lower() for word in _WORD.findall(question)}
    fresh = [word for word in _WORD.findall(sentence) if word.lower() not in asked]
    has_digits = any(character.isdigit() for word in fresh for character in word)
    match wanted:
        case AnswerType.NUMBER:
            return has_digits or bool(patterns.number.search(" ".join(fresh)))
        case AnswerType.DATE:
            return has_digits or bool(patterns.date.search(sentence) or patterns.doubtful_month.search(sentence))
        case AnswerType.NAME:
            return any(word[0].isupper() for word in fresh) or has_han(sentence)
        case AnswerType.ANYTHING:
            return True


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How a language asks for a thing of each kind, and what such a thing is told by."""

    asks_number: re.Pattern[str]
    asks_date: re.Pattern[str]
    asks_name: re.Pattern[str]
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
        number=compiled(any_word(questions.number_words)),
        date=compiled(any_word(calendar.words | calendar.weekdays.keys() | months)),
        doubtful_month=re.compile(any_word(map(str.capitalize, calendar.doubtful_months))),
    )
