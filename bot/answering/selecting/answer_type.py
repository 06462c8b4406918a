"""The expected type of an answer: "how many" asks for a number, "when" for a date, "who" and "where" for a name."""

from __future__ import annotations

import re
from enum import Enum

_NUMBER = re.compile(
    r"\bhow (many|much|far|long|old|tall|fast|high|large|big|deep|heavy|often)\b"
    r"|\bwhat (percent|percentage|number|amount|share|portion|fraction|proportion|size)\b"
    r"|\b(percentage|number|amount|population|price|cost) (of|did|does|was|is)\b"
    r"|多少|几[个次名位年人]|多[大高长久远重]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\bwhen\b|\b(what|which) (year|date|month|day|century|decade|time|season)\b"
    r"|什么时候|什麼時候|何时|何時|哪一?年|哪天|几月|幾月",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(who|whom|whose|where)\b|\b(what|which) (country|city|state|place|region|town|location)\b", re.IGNORECASE
)
_NUMBER_WORD = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion"
    r"|half|third|quarter|dozen|first|second|twice|once|double|percent)\b",
    re.IGNORECASE,
)
_DATE_WORD = re.compile(
    r"\b((?i:january|february|april|june|july|august|september|october|november|december|century|today|yesterday|ago"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|summer|winter|spring|autumn|before|after|during|until"
    r"|since)|March|May)\b"
)
_HAN_NUMBER = re.compile("[一二三四五六七八九十百千万億亿两]")
_HAN_DATE = re.compile("世纪|世紀|[年月日]")
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"\w+")


class AnswerType(Enum):
    """What kind of thing a question asks for."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    ANYTHING = "anything"


def asked_for(question: str) -> AnswerType:
    """Return what kind of thing a question, English or Chinese, asks for."""
    if _DATE.search(question):
        return AnswerType.DATE
    if _NUMBER.search(question):
        return AnswerType.NUMBER
    return AnswerType.NAME if _NAME.search(question) else AnswerType.ANYTHING


def holds(sentence: str, wanted: AnswerType, question: str) -> bool:
    """Return whether a sentence holds a thing of the wanted kind that the question did not bring along itself."""
    asked = {word.lower() for word in _WORD.findall(question)}
    fresh = [word for word in _WORD.findall(sentence) if word.lower() not in asked]
    has_digits = any(character.isdigit() for word in fresh for character in word)
    match wanted:
        case AnswerType.NUMBER:
            return has_digits or bool(_NUMBER_WORD.search(" ".join(fresh)) or _HAN_NUMBER.search(sentence))
        case AnswerType.DATE:
            return has_digits or bool(_DATE_WORD.search(sentence) or _HAN_DATE.search(sentence))
        case AnswerType.NAME:
            return any(word[0].isupper() for word in fresh) or bool(_HAN.search(sentence))
        case AnswerType.ANYTHING:
            return True
