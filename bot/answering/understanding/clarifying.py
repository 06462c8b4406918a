"""Clarifying: a question that means two things in the documents is asked back, with choices.

Two sentences say the same thing of two quarters, years or products, with different figures, and the question names
none of them: then either would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.answering.answer import Choice, Clarification, Distinction
from index.language import words
from index.language.language import Language
from index.language.patterns import any_of, compiled, longest_first

_PRODUCT = re.compile(r"\b(?=[A-Za-z]*\d)[A-Z][A-Za-z]{0,9}-?\d[\w-]{0,9}\b")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
# The share of their words that two sentences have in common when they say the same of two things.
_PARALLEL = 0.6
_MOST_CHOICES = 5


def ambiguity(question: str, sentences: Sequence[str], language: Language) -> Clarification | None:
    """Tell what a question leaves open, None where it is clear.

    Args:
        question: The question.
        sentences: Those that answer it, the best first.
        language: That of the sentences.

    """
    if len(sentences) < 2:
        return None
    patterns = _patterns(language)
    for distinction in Distinction:
        # Whoever asks which quarter it was wants to be told.
        if patterns.values(distinction, question) or patterns.asked_for[distinction].search(question):
            continue
        choices = _choices(distinction, sentences, patterns)
        if len(choices) > 1:
            named = [Choice(name, _asked_of(question, name)) for name in choices[:_MOST_CHOICES]]
            return Clarification(distinction, tuple(named))
    return None


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What tells quarters, halves, years and products apart, by the distinction, and what asks for one of them."""

    told_by: Mapping[Distinction, re.Pattern[str]]
    asked_for: Mapping[Distinction, re.Pattern[str]]
    quarters: Mapping[str, int]

    def values(self, distinction: Distinction, text: str) -> tuple[str, ...]:
        found = (self._read(distinction, match) for match in self.told_by[distinction].finditer(text))
        return tuple(dict.fromkeys(found))

    def _read(self, distinction: Distinction, match: re.Match[str]) -> str:
        match distinction:
            case Distinction.QUARTER if match[2]:
                return next((name for name, number in self.quarters.items() if number == int(match[2])), match[0])
            case Distinction.QUARTER | Distinction.HALF:
                return match[1].lower().replace("-", " ")
            case Distinction.YEAR:
                return match[1]
            case Distinction.PRODUCT:
                return match[0]


def _asked_of(question: str, name: str) -> str:
    """Return a question that names what it left open: "What was the profit (third quarter)?"."""
    return f"{question.rstrip(' ?!.？')} ({name})?"


def _choices(distinction: Distinction, sentences: Sequence[str], patterns: _Patterns) -> tuple[str, ...]:
    """List what the sentences that say the same as the first one differ in, nothing where one names two."""
    found: list[str] = []
    first = sentences[0]
    for sentence in sentences:
        values = patterns.values(distinction, sentence)
        if sentence is not first and not _is_parallel(first, sentence, patterns.told_by[distinction], patterns):
            continue
        if len(values) != 1:
            return ()
        found.extend(values)
    return tuple(dict.fromkeys(found))


def _is_parallel(one: str, other: str, told_by: re.Pattern[str], patterns: _Patterns) -> bool:
    mine, theirs = _rest(one, patterns), _rest(other, patterns)
    figures, others = _figures(one, told_by), _figures(other, told_by)
    alike = len(mine & theirs) / max(1, len(mine | theirs))
    return alike >= _PARALLEL and bool(figures) and bool(others) and figures != others


def _rest(sentence: str, patterns: _Patterns) -> frozenset[str]:
    """Give the terms of a sentence without its figures and without what tells quarters, years and products apart."""
    for pattern in (*patterns.told_by.values(), _FIGURE):
        sentence = pattern.sub(" ", sentence)
    return frozenset(words.terms(sentence))


def _figures(sentence: str, told_by: re.Pattern[str]) -> frozenset[str]:
    return frozenset(_FIGURE.findall(told_by.sub(" ", sentence)))


@cache
def _patterns(language: Language) -> _Patterns:
    asking = language.questions.distinctions
    asked_for = {each: [word for word, told in asking.items() if told == each.value] for each in Distinction}
    return _Patterns(
        told_by={
            Distinction.QUARTER: compiled(rf"\b({_parts(language.shorthand.quarters)})\b|\bQ([1-4])\b"),
            Distinction.HALF: compiled(rf"\b({_parts(language.shorthand.halves)})\b"),
            Distinction.YEAR: compiled(rf"\b{any_of(language.calendar.fiscal)}?((?:19|20)\d{{2}})\b"),
            Distinction.PRODUCT: _PRODUCT,
        },
        asked_for={each: compiled(any_of(longest_first(named))) for each, named in asked_for.items()},
        quarters=language.shorthand.quarters,
    )


def _parts(names: Iterable[str]) -> str:
    """Make a pattern of the names of parts of a year, in which a hyphen may stand for the space."""
    return any_of(name.replace("\\ ", "[ -]") for name in longest_first(names))
