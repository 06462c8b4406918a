"""Follow-ups: a question that leans on the conversation is made to stand alone before anything is looked up.

Without a chat model this is done by rules. A question leans where it points at something that it does not name
("When did she build it?"), where it goes on ("What about the wasps?", "I meant the old one"), and where there is too
little in it to look up ("Why?"). Then what the last questions were about is put before it: words to search with, and
never a claim, least of all one that the bot made itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from bot.answering.answer import Turn
from bot.answering.selecting.answer_type import AnswerType, asked_for
from bot.answering.selecting.novelty import Novelty, plain
from bot.answering.understanding.content_words import content_words
from bot.answering.understanding.question import LONGEST
from index.language import words
from index.language.analysis import Analysis
from index.language.language import Language
from index.language.names import full_name
from index.language.patterns import any_of, any_word, compiled
from index.language.words import QueryTerm

# A subject is rarely left for longer than this and still meant; found on MTRAG (Katsis et al. 2025, arXiv:2501.03468).
_QUESTIONS_BACK = 3
_ENOUGH_WORDS = 8
# Where so many words of its own stand before a pronoun, they are what it means.
_ANTECEDENT = 2
# So many names are enough to look up, whoever "she" is: "Who gave her assent to the Scotland Act of 1998?"
_ENOUGH_NAMES = 3
# The numbers of its citations behind a statement.
_MARK = re.compile(r"\s*\[\d+\]")
_TOO_FEW = 1
_FEW = 2


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How a question goes on with a conversation, points at what was said, and asks, in one language."""

    going_on: re.Pattern[str]
    pronoun: re.Pattern[str]
    person: re.Pattern[str]
    pointing: re.Pattern[str]
    pointed_at: re.Pattern[str]
    definition: re.Pattern[str]
    asking: re.Pattern[str]
    about_asker: re.Pattern[str]
    asked_second: re.Pattern[str]


def stand_alone(question: str, conversation: Sequence[Turn], language: str | None = None) -> str:
    """Return the text to look up: the question, after the words it leans on, in parentheses, if it leans.

    "When was it built?" becomes "(clock museum): When was it built?". What comes back has at most 2,000 characters
    wherever the question has, and is the question itself where nothing can be added.

    Args:
        question: The question.
        conversation: The turns before it, the oldest first.
        language: The language of the question (ISO 639-1), None where that is not plain.

    """
    if not conversation:
        return question
    asked = _Asked(question, language)
    said = [_Said(turn.role, Analysis(turn.text, language)) for turn in conversation]
    if not _leans(asked, said):
        return question
    carried = ""
    for word in _carried(asked, said):
        if len(f"({carried} {word}): {question}") <= LONGEST:
            carried = f"{carried} {word}".strip()
    return f"({carried}): {question}" if carried else question


def novelty_of(question: str, conversation: Sequence[Turn], language: str | None) -> Novelty:
    """Return what is new in a question (its language as ISO 639-1, None where that is not plain)."""
    asked = Analysis(question, language)
    earlier = [Analysis(turn.text, language) for turn in conversation if turn.role == "user"]
    answers = " ".join(turn.text for turn in conversation if turn.role == "assistant")
    known = frozenset().union(*(_terms(content_words(each)) for each in earlier))
    return Novelty(
        terms=_terms(content_words(asked)) - known,
        wanted=asked_for(question, asked.language),
        wanted_before=asked_for(earlier[-1].text, asked.language) if earlier else AnswerType.ANYTHING,
        said=plain(_MARK.sub("", answers)),
    )


class _Asked:
    """A question in a language: its content words and the patterns by which it is read."""

    def __init__(self, text: str, code: str | None) -> None:
        analysis = Analysis(text, code)
        self.text = text
        self.code = code
        self.language = analysis.language
        self.patterns = _patterns(self.language)
        self.content = content_words(analysis)
        self.first = self.patterns.asked_second.sub("", text)


class _Said:
    """A turn of the conversation, read as if it were in the language of the question."""

    def __init__(self, role: str, analysis: Analysis) -> None:
        self.role = role
        self.text = analysis.text
        self._analysis = analysis

    @cached_property
    def content(self) -> list[QueryTerm]:
        return content_words(self._analysis)


def _leans(asked: _Asked, conversation: Sequence[_Said]) -> bool:
    if asked.patterns.going_on.search(asked.text) or asked.patterns.pointing.search(asked.first):
        return True
    names = sum(word.is_name for word in asked.content)
    if names < _ENOUGH_NAMES and _has_open_pronoun(asked):
        return True
    if names:
        return False
    return _points_at_what_was_said(asked, conversation) or _says_too_little(asked)


def _has_open_pronoun(asked: _Asked) -> bool:
    pronoun = asked.patterns.pronoun.search(asked.first)
    if pronoun is None:
        return False
    before = content_words(Analysis(asked.first[: pronoun.start()], asked.code))
    return _size(before) < _ANTECEDENT and not any(word.is_name for word in before)


def _points_at_what_was_said(asked: _Asked, conversation: Sequence[_Said]) -> bool:
    """Return whether there is a "this club" in the question, and a club in the conversation."""
    said = _terms(word for turn in conversation for word in turn.content)
    pointed_at = (match["noun"] for match in asked.patterns.pointed_at.finditer(asked.first))
    return any(not said.isdisjoint(words.terms(noun, asked.language.code)) for noun in pointed_at)


def _says_too_little(asked: _Asked) -> bool:
    """Return whether a question, in which there is no name, cannot be looked up by itself."""
    question, patterns, size = asked.text, asked.patterns, _size(asked.content)
    if not size:
        # "Why?" asks, "Thank you!" does not.
        return "?" in question or patterns.asking.search(question) is not None
    if patterns.definition.search(question):
        return False
    is_loose = patterns.about_asker.search(question) or not patterns.asking.search(question)
    return size <= (_FEW if is_loose else _TOO_FEW)


def _carried(asked: _Asked, conversation: Sequence[_Said]) -> list[str]:
    """Return the words that the last questions were about and that the question lacks, oldest first.

    Where the question says "he" or "she", the first full name in the last answer comes before them.
    """
    person = _person(asked, conversation[-1])
    known = _terms(asked.content) | _terms(content_words(Analysis(person, asked.code)))
    carried: list[str] = []
    for earlier in _last_questions(conversation):
        fresh = [word for word in earlier if known.isdisjoint(word.forms)]
        known |= _terms(fresh)
        carried = list(dict.fromkeys(word.text for word in fresh)) + carried
        if len(carried) >= _ENOUGH_WORDS:
            break
    return [*person.split(), *carried]


def _last_questions(conversation: Sequence[_Said]) -> list[list[QueryTerm]]:
    """Return the content words of the last questions, latest first, without those that were a mere "thank you"."""
    asked = [turn.content for turn in reversed(conversation) if turn.role == "user"]
    return [content for content in asked if content][:_QUESTIONS_BACK]


def _person(asked: _Asked, last: _Said) -> str:
    if last.role != "assistant" or not asked.patterns.person.search(asked.text):
        return ""
    return full_name(last.text) or ""


def _size(content: Iterable[QueryTerm]) -> int:
    """Return how many terms these words have: one each, but a run of Chinese has one for each pair of characters."""
    return sum(len(word.forms) for word in content)


def _terms(content: Iterable[QueryTerm]) -> frozenset[str]:
    return frozenset().union(*(word.forms for word in content))


@cache
def _patterns(language: Language) -> _Patterns:
    questions, pronouns = language.questions, language.pronouns
    begins = any_word(questions.auxiliaries | questions.requests)
    return _Patterns(
        going_on=compiled(any_of(language.talk.going_on)),
        pronoun=compiled(rf"(?!{any_of(pronouns.expletives)}){any_word(pronouns.personal)}"),
        person=compiled(any_word(pronouns.masculine | pronouns.feminine)),
        pointing=compiled(any_of(pronouns.pointing)),
        pointed_at=compiled(rf"{any_word(pronouns.demonstratives)} (?P<noun>[^\W\d_]+)"),
        definition=compiled(any_of(questions.definitions)),
        asking=compiled(rf"{any_word(questions.words)}|^\W*(?:{any_word(questions.polite)} )?{begins}"),
        about_asker=compiled(any_word(questions.about_asker)),
        # What is asked second leans on what is asked first: "How much was sold, and how far was that down?".
        asked_second=re.compile(
            rf"(?<=[?？])\s*(?=\S).*|,\s+{any_word(questions.conjunctions)}\s.*", re.DOTALL | re.IGNORECASE
        ),
    )
