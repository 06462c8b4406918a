"""Intent: whether a text asks something that documents could answer."""

from __future__ import annotations

import re
from functools import cache

from bot.answering.understanding.content_words import content_words
from index.language import detection, languages
from index.language.analysis import Analysis
from index.language.patterns import any_of, compiled

_QUESTION_MARK = re.compile(r"\?[\"')\]*_]*(?:\s|$)|？|؟")
_WORD = re.compile(r"[^\W_]+")


def asks(text: str) -> bool:
    """Whether `text` is put as a question: by its mark, a word that asks, or an opening such as "did" or "list"."""
    return has_a_question_mark(text) or _asks_by_its_words(text)


def _asks_by_its_words(text: str) -> bool:
    questions = languages.of(detection.of_question(text)).questions
    words = _WORD.findall(text.lower())
    return not questions.words.isdisjoint(words) or (
        bool(words) and words[0] in questions.auxiliaries | questions.requests
    )


def has_a_question_mark(text: str) -> bool:
    """Whether a sentence of `text` ends in a question mark; that of an address is none."""
    return _QUESTION_MARK.search(text) is not None


def is_small_talk(text: str, *, goes_on: bool) -> bool:
    """Whether `text` names nothing that could be looked up: "hello", "merci !", "What's up?".

    In a conversation that `goes_on`, a mere "Why?" asks something, and "lol really???" still does not.
    """
    if not _WORD.search(text):
        return False
    if _greetings().fullmatch(text):
        return True
    if content_words(Analysis(text, detection.of_question(text))):
        return False
    return not (goes_on and _asks_by_its_words(text))


@cache
def _greetings() -> re.Pattern[str]:
    """Return the pattern of a text that holds greetings alone, in whatever language: one word hardly tells which."""
    every = any_of(pattern for each in languages.known().values() for pattern in each.talk.greetings)
    return compiled(rf"(?:{every}|[\W_])+")
