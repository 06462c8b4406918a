"""Understanding: what to look up for a question, alone, after others, or in another language than the documents'."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic import ConfigDict, OnErrorOmit

from bot.answering.answer import Note, NoteKind, Turn
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.prompt import Prompt
from bot.answering.generating.structured import Fields, Structured
from bot.answering.understanding import question as questions
from bot.answering.understanding.follow_up import stand_alone
from bot.errors import BadQuestion, ChatFailed
from index.language import detection as language
from index.language import words
from index.language.analysis import Analysis
from index.language.normal import normal

log = logging.getLogger(__name__)

_TURNS = 8
_LONGEST_TURN = 1_000
# A question is looked up in no more languages than these, besides its own.
_MOST_LANGUAGES = 3
_TASK = """\
You prepare a question for a search in documents. You do not answer it.

The data is a conversation, oldest turn first, and the last question. Write the last question so that it can be \
understood without the conversation: put the name or the thing that it means in the place of "he", "it", "there" and \
the like, and add what it leaves out. Keep its own words, and its language. Take nothing for true that was said \
before. If it can be understood alone, repeat it as it is."""
_TRANSLATE = " Translate the question that you wrote into each of these languages: {languages}."
_AS_JSON = (
    'Reply with JSON: {"question": "...", "translations": [{"language": "the two-letter code", "text": "..."}]}, '
    "with an empty list where no translation is asked for."
)
_AS_LINES = "Reply with one line for the question, QUESTION: ..., and one for each translation, such as DE: ..."
_LINE = re.compile(r"\W*(question|[a-z]{2})\W*[:：]\s*(.+)", re.IGNORECASE)


class TranslatedQuestion(Structured):
    """The question in another language."""

    language: str
    text: str


class StandaloneQuestion(Structured):
    """The last question, made to stand alone, and its translations."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="question")
    question: str = ""
    translations: tuple[OnErrorOmit[TranslatedQuestion], ...] = ()

    @classmethod
    def of_line(cls, line: str) -> Fields:
        """Take QUESTION: for the question, and a two-letter code for one of its translations."""
        match = _LINE.fullmatch(line)
        if match is None:
            return {}
        name, text = match.groups()
        is_question = name.lower() == "question"
        return {"question": text} if is_question else {"translations": [{"language": name, "text": text}]}


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it can be understood alone, and its translations into languages of the documents.

    `language` is that of the asker (ISO 639-1), None where a few words do not tell it. `respelled` is the question as
    it is looked up where some of its words had to be read otherwise than they were typed, else empty. `leans` tells
    that rules put words of the conversation before it.
    """

    question: str
    translations: tuple[str, ...] = ()
    language: str | None = None
    notes: tuple[Note, ...] = ()
    respelled: str = ""
    leans: bool = False


def by_rules(question: str, conversation: Sequence[Turn]) -> Understood:
    """Find out what a question means, as far as rules can tell."""
    own = language.of_question(question)
    alone = stand_alone(question, conversation, own)
    return Understood(alone, language=own, leans=alone != question)


def by_model(session: ChatSession, question: str, conversation: Sequence[Turn], languages: Sequence[str]) -> Understood:
    """Find out what a question means, from a chat model where there is something to find out.

    That is a conversation before it, or documents in other languages than its own. Where the model brings up names or
    numbers of its own, or fails, rules serve instead; its translations are for searching alone.

    Args:
        session: The session in which the chat model is asked.
        question: The question, spelled as the documents spell it.
        conversation: The turns before it, the oldest first.
        languages: Those of the documents (ISO 639-1).

    Raises:
        Stopped: Nobody wants the answer any more.

    """
    plain = by_rules(question, conversation)
    own = (plain.language, words.UNKNOWN)
    foreign = [code for code in languages if plain.language and code not in own][:_MOST_LANGUAGES]
    if not conversation and not foreign:
        return plain
    try:
        reply = session.ask(_prompt(question, conversation, foreign))
    except ChatFailed as failed:
        log.warning("the chat model did not say what a question means: %s", failed)
        return replace(plain, notes=(Note(NoteKind.QUESTION_NOT_REWRITTEN, failed.failure),))
    return _checked(reply, plain, question, conversation, foreign) if reply else plain


def _prompt(question: str, conversation: Sequence[Turn], foreign: Sequence[str]) -> Prompt[StandaloneQuestion]:
    turns = [f"{turn.role}: {turn.text[:_LONGEST_TURN]}" for turn in conversation[-_TURNS:]]
    return Prompt(
        schema=StandaloneQuestion,
        task=_TASK + (_TRANSLATE.format(languages=", ".join(foreign)) if foreign else ""),
        as_json=_AS_JSON,
        as_lines=_AS_LINES,
        data=(("conversation", "\n\n".join(turns)), ("last question", question)),
    )


def _checked(
    reply: StandaloneQuestion, plain: Understood, question: str, conversation: Sequence[Turn], foreign: Sequence[str]
) -> Understood:
    """Keep what of a reply can be used: a question with no new names in it, translations that were asked for."""
    alone = _question(reply.question) if conversation else question
    known = normal("\n".join([question, *(turn.text for turn in conversation)])).lower()
    brings_its_own = any(name not in known for name in _names_behind_the_first_word(alone))
    translations = {each.language.lower(): each.text for each in reversed(reply.translations)}
    asked_for = (_question(translations.get(code, "")) for code in foreign)
    return Understood(
        question=plain.question if not alone or brings_its_own else alone,
        translations=tuple(filter(None, asked_for)),
        language=plain.language,
    )


def _names_behind_the_first_word(text: str) -> Iterator[str]:
    for word in Analysis(text).words[1:]:
        for part in word.parts:
            if part.has_digit or any(map(str.isupper, part.text)):
                yield part.text.removesuffix("'s").lower()


def _question(text: str) -> str:
    """Parse a text as a question; an empty one where it cannot be asked."""
    try:
        return questions.parse(text)
    except BadQuestion:
        return ""
