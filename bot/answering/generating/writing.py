"""Writing: a chat model states an answer, and what of it the passages support is said, with quotes that carry it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from bot.answering.answer import MOST_STATEMENTS
from bot.answering.generating.answer_prompt import answer_prompt
from bot.answering.generating.chat import Chat, Stop
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.draft import AnswerDraft, Draft, drafts
from bot.answering.generating.entailment import Pair
from bot.answering.generating.prompt import Prompt
from bot.answering.quoting.citing import SupportedStatement, one_line, quoted
from bot.answering.verifying.rejection import Rejection, RejectionReason
from bot.answering.verifying.verifying import Doubtful, Verifier
from bot.errors import ChatFailed, ChatFailureKind
from index.evidence import Sentence
from index.hits import Hit
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
    quotable: tuple[Sentence, ...]


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


class JudgesEntailment(Protocol):
    """What asks the chat model itself whether quotes say what its drafts do: `entailment.ChatJudge`."""

    @property
    def is_trusted(self) -> bool:
        """Whether what it says counts."""

    def __call__(self, session: ChatSession, pairs: Sequence[Pair]) -> list[bool]:
        """Return for each pair whether its sentence follows from its quote. Raises ChatFailed and Stopped."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A draft, what it may rest on, and what came of holding it to that."""

    draft: Draft
    cited: Passages
    verdict: SupportedStatement | Doubtful | Rejection


class AnswerWriter:
    """Has a chat model write, and lets through what its passages support.

    `judge` decides on drafts in words of their own; without one that is trusted they are not let through.
    """

    def __init__(self, chat: Chat, verifier: Verifier, judge: JudgesEntailment | None = None) -> None:
        self._chat = chat
        self._verifier = verifier
        self._judge = judge

    @property
    def model(self) -> str:
        """The chat model's name."""
        return self._chat.name

    def open_session(self, stop: Stop | None = None) -> ChatSession:
        """Begin what the chat model is asked for one question, until `stop` is done."""
        return ChatSession(self._chat, stop)

    def close(self) -> None:
        """Stop what the chat model still writes, and close its connections."""
        self._chat.close()

    def write(self, session: ChatSession, given: WritingInput) -> Iterator[WritingProgress]:
        """Yield the progress each time that a further statement may be said, and at the end: at least once.

        What cannot be read, or breaks off, is asked for once more; the statements then begin anew.

        Raises:
            ChatFailed: that failed too, or there was no use in trying.
            Stopped: nobody wants the answer any more.

        """
        prompt, passages = answer_prompt(given.question, given.sentences)
        try:
            yield from self._attempt(session, prompt, passages, given)
        except ChatFailed as failed:
            if not failed.worth_repeating:
                raise
            log.warning("the chat model is asked once more: %s", failed)
            yield from self._attempt(session, replace(prompt, is_repeated=True), passages, given)

    def _attempt(
        self, session: ChatSession, prompt: Prompt[AnswerDraft], passages: Mapping[str, Hit], given: WritingInput
    ) -> Iterator[WritingProgress]:
        known = _lower_case_words(given)
        progress, cites = WritingProgress(), False
        checked: list[_Checked] = []
        with closing(session.stream(prompt)) as answers:
            for draft in drafts(answers):
                cites |= bool(draft.keys)
                cited = _cited(draft, passages, given)
                checked.append(_Checked(draft, cited, self._verifier.verify(draft.text, cited, known)))
                grown = _with(progress, checked[-1], given)
                if len(grown.said) > len(progress.said):
                    yield grown
                progress = grown
                if len(progress.said) >= MOST_STATEMENTS:
                    break
        judge = self._judge if self._judge and self._judge.is_trusted else None
        if judge and any(isinstance(each.verdict, Doubtful) for each in checked):
            progress = WritingProgress()
            for each in _judged(checked, judge, session):
                progress = _with(progress, each, given)
        if progress.dropped and not progress.said and not cites:
            raise ChatFailed(ChatFailureKind.MALFORMED)
        yield progress


def _judged(checked: Sequence[_Checked], judge: JudgesEntailment, session: ChatSession) -> Iterator[_Checked]:
    """Put the doubtful drafts to the judge, all at once; where that fails, they stay what they are."""
    doubtful = [each.verdict for each in checked if isinstance(each.verdict, Doubtful)]
    try:
        answers = iter(judge(session, [Pair(each.premise, each.statement.text) for each in doubtful]))
    except ChatFailed as failed:
        log.warning("the chat model did not judge its drafts: %s", failed)
        answers = iter([False] * len(doubtful))
    for each in checked:
        if isinstance(each.verdict, Doubtful):
            rejection = Rejection(RejectionReason.NOT_ENTAILED)
            yield replace(each, verdict=each.verdict.statement if next(answers) else rejection)
        else:
            yield each


def _with(progress: WritingProgress, checked: _Checked, given: WritingInput) -> WritingProgress:
    """Add what becomes of one more draft."""
    draft, verdict = checked.draft, checked.verdict
    if isinstance(verdict, SupportedStatement) and _is_relevant(verdict, given):
        return _saying(progress, [verdict])
    log.info("a draft was not let through: %s", _reason(verdict))
    repaired = _repaired(draft, checked.cited, progress, given) if draft.keys else []
    if repaired:
        return replace(_saying(progress, repaired), repaired=progress.repaired + 1)
    is_first = not progress.said and not progress.dropped
    return replace(
        progress, dropped=progress.dropped + 1, main_statement_dropped=progress.main_statement_dropped or is_first
    )


def _reason(verdict: SupportedStatement | Doubtful | Rejection) -> str:
    match verdict:
        case SupportedStatement():
            return RejectionReason.IRRELEVANT.value
        case Doubtful():
            return RejectionReason.SOMETHING_ELSE.value
        case Rejection():
            return f"{verdict.reason.value} {verdict.text}"


def _saying(progress: WritingProgress, supported: Sequence[SupportedStatement]) -> WritingProgress:
    said = {each.text for each in progress.said}
    return replace(progress, said=(*progress.said, *(each for each in supported if each.text not in said)))


def _is_relevant(supported: SupportedStatement, given: WritingInput) -> bool:
    """Tell whether a statement has to do with the question: a passage may say much that is true and beside it."""
    relevant = {(sentence.passage.id, sentence.ordinal) for sentence in given.relevant}
    own = {(each.passage.id, each.ordinal) for quote in supported.quotes for each in quote.sentences}
    return not relevant.isdisjoint(own)


def _repaired(
    draft: Draft, cited: Passages, progress: WritingProgress, given: WritingInput
) -> list[SupportedStatement]:
    """Quote what the passages say themselves where a draft says it wrongly, nothing where they do not.

    Only what would be quoted if there were no model is near enough to the question to stand in for a draft.
    """
    ids = {sentences[0].passage.id for sentences in cited}
    said = {each.text for each in progress.said}
    near = [
        (_shared(draft, sentence), -place, sentence)
        for place, sentence in enumerate(given.quotable)
        if sentence.passage.id in ids and one_line(sentence.text) not in said
    ]
    share, _, nearest = max(near, key=lambda each: each[:2], default=(0.0, 0, None))
    return list(quoted([nearest], given.sentences)) if nearest and share >= _SAME_MATTER else []


def _shared(draft: Draft, sentence: Sentence) -> float:
    """Return the share of a draft's words that a sentence has, 0 to 1."""
    wanted = frozenset(words.terms(draft.text, sentence.language))
    return len(wanted & sentence.terms) / len(wanted) if wanted else 0.0


def _cited(draft: Draft, by_key: Mapping[str, Hit], given: WritingInput) -> Passages:
    """Find what a draft may rest on: the sentences of each passage that it names, or, if it names none, of all.

    Small models forget the keys more often than the facts. A key that was never given names no passage.
    """
    passages = {id_: list(sentences) for id_, sentences in groupby(given.sentences, key=lambda each: each.passage.id)}
    if not draft.keys:
        return list(passages.values())
    ids = dict.fromkeys(by_key[key].passage.id for key in draft.keys if key in by_key)
    return [passages[id_] for id_ in ids]


def _lower_case_words(given: WritingInput) -> frozenset[str]:
    texts = [given.question, *(sentence.text for sentence in given.sentences)]
    return frozenset(word for text in texts for word in _WORD.findall(text) if word.islower())
