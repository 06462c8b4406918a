"""Writing: a chat model states an answer, and what of it the passages support is said, with quotes that carry it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.answering.generating import draft as drafts
from bot.answering.generating.chat import Chat, Stop
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.draft import Draft
from bot.answering.generating.prompt import Prompt, prompt, repeated
from bot.answering.quoting.citing import SupportedStatement, one_line, quoted
from bot.answering.selecting.choosing import MOST_STATEMENTS, ScoredSentence
from bot.answering.verifying.verifying import Unsupported, Verifier
from bot.errors import ChatFailed
from index.evidence import Sentence
from index.language import words

log = logging.getLogger(__name__)

_WORD = re.compile(r"\w+")
# The share of its words at which a draft and a sentence are about one thing.
_SAME_MATTER = 0.3

Passages = Sequence[Sequence[Sentence]]


@dataclass(frozen=True, slots=True)
class WritingInput:
    """What an answer is written from: the question and the sentences found.

    `relevant` are those that may have to do with the question, `quotable` those that would be quoted as they are if
    there were no model.
    """

    question: str
    sentences: tuple[Sentence, ...]
    relevant: tuple[Sentence, ...]
    quotable: tuple[ScoredSentence, ...]


@dataclass(frozen=True, slots=True)
class WritingProgress:
    """How far the writing has come: what may be said so far, and what became of the drafts.

    `repaired` drafts were said in the words of a quote, `dropped` ones not at all; `main_statement_dropped`: the first
    one was, which is the one that answers the question.
    """

    said: tuple[SupportedStatement, ...] = ()
    repaired: int = 0
    dropped: int = 0
    main_statement_dropped: bool = False


class AnswerWriter:
    """Has a chat model write, and lets through what its passages support."""

    def __init__(self, chat: Chat, verifier: Verifier) -> None:
        self._chat = chat
        self._verifier = verifier

    @property
    def model(self) -> str:
        """The chat model's name."""
        return self._chat.name

    def talk(self, stop: Stop | None = None) -> ChatSession:
        """Return the talk with the chat model that one question needs."""
        return ChatSession(self._chat, stop)

    def close(self) -> None:
        """Stop what the chat model still writes, and close its connections."""
        self._chat.close()

    def write(self, talk: ChatSession, material: WritingInput) -> Iterator[WritingProgress]:
        """Yield the writing each time that a further statement may be said, and at its end: at least once.

        What cannot be read, or breaks off, is asked for once more; the statements then begin anew. Raises ChatFailed
        where that fails too, and Stopped when nobody wants the answer any more.
        """
        request = prompt(material.question, material.sentences, as_json=talk.keeps_form)
        try:
            yield from self._attempt(talk, request, material)
        except ChatFailed as failure:
            if not failure.worth_repeating:
                raise
            log.warning("the chat model %s; it is asked once more", failure)
            yield from self._attempt(talk, repeated(request), material)

    def _attempt(self, talk: ChatSession, request: Prompt, material: WritingInput) -> Iterator[WritingProgress]:
        known = _lower_case_words(material)
        writing, cites = WritingProgress(), False
        with talk.ask(request.messages, drafts.FORM) as reply:
            for draft in drafts.read(reply):
                cites |= bool(draft.keys)
                grown = self._with(writing, draft, _cited(draft, request, material), material, known)
                if len(grown.said) > len(writing.said):
                    yield grown
                writing = grown
                if len(writing.said) >= MOST_STATEMENTS:
                    break
        if writing.dropped and not writing.said and not cites:
            raise ChatFailed(drafts.MALFORMED, worth_repeating=True)
        yield writing

    def _with(
        self, writing: WritingProgress, draft: Draft, cited: Passages, material: WritingInput, known: frozenset[str]
    ) -> WritingProgress:
        """Return the writing with what becomes of one more draft."""
        verdict = self._verifier.verify(draft.text, cited, known)
        if isinstance(verdict, SupportedStatement) and _is_relevant(verdict, material):
            return _saying(writing, [verdict])
        reason = verdict.reason if isinstance(verdict, Unsupported) else "it has nothing to do with the question"
        log.info("a draft was not let through: %s", reason)
        repaired = _repaired(draft, cited, writing, material) if draft.keys else []
        if repaired:
            return replace(_saying(writing, repaired), repaired=writing.repaired + 1)
        is_first = not writing.said and not writing.dropped
        return replace(
            writing, dropped=writing.dropped + 1, main_statement_dropped=writing.main_statement_dropped or is_first
        )


def _saying(writing: WritingProgress, supported: Sequence[SupportedStatement]) -> WritingProgress:
    said = {each.text for each in writing.said}
    return replace(writing, said=(*writing.said, *(each for each in supported if each.text not in said)))


def _is_relevant(supported: SupportedStatement, material: WritingInput) -> bool:
    """Return whether a statement has to do with the question: a passage may say much that is true and beside it."""
    relevant = {(sentence.passage.id, sentence.ordinal) for sentence in material.relevant}
    own = {(each.passage.id, each.ordinal) for quote in supported.quotes for each in quote.sentences}
    return not relevant.isdisjoint(own)


def _repaired(
    draft: Draft, cited: Passages, writing: WritingProgress, material: WritingInput
) -> list[SupportedStatement]:
    """Return what the passages say themselves where a draft says it wrongly, nothing where they do not.

    Only what would be quoted if there were no model is near enough to the question to stand in for a draft.
    """
    ids = {sentences[0].passage.id for sentences in cited}
    said = {each.text for each in writing.said}
    near = [
        (_shared(draft, choice.sentence), -place, choice)
        for place, choice in enumerate(material.quotable)
        if choice.sentence.passage.id in ids and one_line(choice.sentence.text) not in said
    ]
    share, _, choice = max(near, key=lambda each: each[:2], default=(0.0, 0, None))
    return list(quoted([choice], material.sentences)) if choice and share >= _SAME_MATTER else []


def _shared(draft: Draft, sentence: Sentence) -> float:
    """Return the share of a draft's words that a sentence has, 0 to 1."""
    wanted = frozenset(words.terms(draft.text, sentence.language))
    return len(wanted & sentence.terms) / len(wanted) if wanted else 0.0


def _cited(draft: Draft, request: Prompt, material: WritingInput) -> Passages:
    """Return what a draft may rest on: the sentences of each passage that it names, or, if it names none, of all.

    Small models forget the keys more often than the facts. A key that was never given names no passage.
    """
    passages = {
        id_: list(sentences) for id_, sentences in groupby(material.sentences, key=lambda each: each.passage.id)
    }
    if not draft.keys:
        return list(passages.values())
    ids = dict.fromkeys(request.passages[key].passage.id for key in draft.keys if key in request.passages)
    return [passages[id_] for id_ in ids]


def _lower_case_words(material: WritingInput) -> frozenset[str]:
    texts = [material.question, *(sentence.text for sentence in material.sentences)]
    return frozenset(word for text in texts for word in _WORD.findall(text) if word.islower())
