"""Clarifying: a question that means two things in the documents is asked back, with choices.

Two sentences say the same thing of two quarters, years or products, with different figures, and the question names
none of them: then either would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.answer import Choice, Clarification, Distinction
from index.language import words

_QUARTER = re.compile(r"\b(first|second|third|fourth)[ -]quarter\b|\bQ([1-4])\b", re.IGNORECASE)
_HALF = re.compile(r"\b(first|second)[ -]half\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:fiscal (?:year )?|FY ?)?((?:19|20)\d{2})\b", re.IGNORECASE)
_PRODUCT = re.compile(r"\b(?=[A-Za-z]*\d)[A-Z][A-Za-z]{0,9}-?\d[\w-]{0,9}\b")
_PREPOSITIONS = {
    Distinction.QUARTER: "in the",
    Distinction.HALF: "in the",
    Distinction.YEAR: "in",
    Distinction.PRODUCT: "for",
}
_ORDINALS = ("first", "second", "third", "fourth")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
# The share of their words that two sentences have in common when they say the same of two things.
_PARALLEL = 0.6
_MOST_CHOICES = 5


def ambiguity(question: str, sentences: Sequence[str]) -> Clarification | None:
    """Tell what a question leaves open; `sentences` are those that answer it, best first. None where it is clear."""
    if len(sentences) < 2:
        return None
    for distinction in Distinction:
        # Whoever asks which quarter it was wants to be told.
        if _values(distinction, question) or distinction.value in question.lower():
            continue
        choices = _choices(distinction, sentences)
        if len(choices) > 1:
            named = [Choice(name, _asked_of(question, distinction, name)) for name in choices[:_MOST_CHOICES]]
            return Clarification(distinction, tuple(named))
    return None


def _asked_of(question: str, distinction: Distinction, name: str) -> str:
    """Return a question that names what it left open: "What was the profit in the third quarter?"."""
    asked = question.rstrip(" ?!.")
    return f"{asked} {_PREPOSITIONS[distinction]} {name}?"


def _choices(distinction: Distinction, sentences: Sequence[str]) -> tuple[str, ...]:
    """List what the sentences that say the same as the first one differ in, nothing where one names two."""
    found: list[str] = []
    first = sentences[0]
    for sentence in sentences:
        values = _values(distinction, sentence)
        if sentence is not first and not _is_parallel(first, sentence, distinction):
            continue
        if len(values) != 1:
            return ()
        found.extend(values)
    return tuple(dict.fromkeys(found))


def _is_parallel(one: str, other: str, distinction: Distinction) -> bool:
    mine, theirs = _rest(one), _rest(other)
    figures, others = _figures(one, distinction), _figures(other, distinction)
    alike = len(mine & theirs) / max(1, len(mine | theirs))
    return alike >= _PARALLEL and bool(figures) and bool(others) and figures != others


def _rest(sentence: str) -> frozenset[str]:
    """Give the terms of a sentence without its figures and without what tells quarters, years and products apart."""
    for pattern in (_QUARTER, _HALF, _YEAR, _PRODUCT, _FIGURE):
        sentence = pattern.sub(" ", sentence)
    return frozenset(words.terms(sentence))


def _figures(sentence: str, distinction: Distinction) -> frozenset[str]:
    return frozenset(_FIGURE.findall(_PATTERNS[distinction].sub(" ", sentence)))


def _values(distinction: Distinction, text: str) -> tuple[str, ...]:
    found = (_read(distinction, match) for match in _PATTERNS[distinction].finditer(text))
    return tuple(dict.fromkeys(found))


def _read(distinction: Distinction, match: re.Match[str]) -> str:
    match distinction:
        case Distinction.QUARTER:
            return f"{match[1].lower() if match[1] else _ORDINALS[int(match[2]) - 1]} quarter"
        case Distinction.HALF:
            return f"{match[1].lower()} half"
        case Distinction.YEAR:
            return match[1]
        case Distinction.PRODUCT:
            return match[0]


_PATTERNS = {
    Distinction.QUARTER: _QUARTER,
    Distinction.HALF: _HALF,
    Distinction.YEAR: _YEAR,
    Distinction.PRODUCT: _PRODUCT,
}
