"""The answerer: a question and the library become an `Answer`, quoted or written, or a refusal.

There are three steps: what the question means, what the documents have on it, and what can be said. With no chat model
the last step quotes; with one it writes, and quotes where that fails.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain as chained
from itertools import groupby, zip_longest
from time import perf_counter

from bot.answering import question as questions
from bot.answering.answer import Answer, Made, Note, NoteKind, Status, Turn
from bot.answering.cache import AnswerCache
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.writing import AnswerWriter, WritingInput, WritingProgress
from bot.answering.quoting.citing import SupportedStatement, cite, quoted
from bot.answering.selecting.choosing import MOST_STATEMENTS, Choice, choose, relevant, weigh
from bot.answering.selecting.confidence import Confidence, Judgement
from bot.answering.understanding.parts import parts_of
from bot.answering.understanding.translating import is_foreign, translated
from bot.answering.understanding.understanding import Understood, by_model, by_rules
from bot.errors import ChatFailed
from index.documents import EVERYTHING, Filter
from index.library import Library
from index.serving.evidence import Evidence, Sentence, gather
from index.serving.instructions import without_instructions
from index.store.generation import Generation

log = logging.getLogger(__name__)

_PASSAGES = 8
_WRITTEN_FROM = 10
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class _Request:
    """A question on its way: what was asked where, in which generation, and the chat model's part in it, if any."""

    question: str
    conversation: tuple[Turn, ...]
    where: Filter
    generation: Generation
    clock: _Clock
    session: ChatSession | None


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found for one part of a question."""

    evidence: Evidence
    chosen: tuple[Choice, ...]
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question: the findings for its parts, in the language that the documents answer best.

    `elsewhere` are those in the other languages that it was looked up in.
    """

    asked: _Request
    understood: Understood
    findings: tuple[_Finding, ...]
    elsewhere: tuple[_Finding, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What went wrong or was skipped until here, each once."""
        skipped = (
            Note(NoteKind.RERANKER_SKIPPED, f"{note.seconds:g}")
            for finding in self.findings
            for note in finding.evidence.notes
        )
        return tuple(dict.fromkeys((*self.understood.notes, *skipped)))

    @property
    def good(self) -> tuple[_Finding, ...]:
        """The findings that suffice to answer their part."""
        return tuple(finding for finding in self.findings if finding.judgement.suffices)


class Answerer:
    """Answers questions out of a library, by local models alone unless there is a `writer`. Any thread may ask."""

    def __init__(
        self,
        library: Library,
        confidence: Confidence,
        writer: AnswerWriter | None = None,
        cache: AnswerCache | None = None,
    ) -> None:
        self._library = library
        self._confidence = confidence
        self._writer = writer
        self._cache = cache

    @property
    def model(self) -> str | None:
        """The chat model's name, None where answers are quotes alone."""
        return self._writer.model if self._writer else None

    def close(self) -> None:
        """Stop what a chat model still writes, and close its connections."""
        if self._writer:
            self._writer.close()

    def answer(self, question: str, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING) -> Answer:
        """Return the answer to a question from the documents that `where` allows, out of one generation of the index.

        Raises BadQuestion for what is empty, too long, or no text, and IndexMissing where nothing is indexed.
        """
        *_, answer = self.stream(question, conversation, where)
        return answer

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, each time with all statements that passed verification so far.

        The last one is the answer, and may differ from those before it: where the chat model fails midway, it quotes.
        Raises what `answer` raises, and Stopped as soon as `stop` is done and a chat model writes.
        """
        asked = questions.parse(question)
        with self._library.reading() as generation:
            session = self._writer.open_session(stop) if self._writer else None
            request = _Request(asked, tuple(conversation), where, generation, _Clock(), session)
            yield from self._remembered(request, self._cache) if self._cache else self._answers(request)

    def warm_up(self) -> None:
        """Load what the first question would have to wait for; no chat model is asked. Raises IndexMissing."""
        with self._library.reading() as generation:
            asked = _Request("What are these documents about?", (), EVERYTHING, generation, _Clock(), None)
            *_, _ = self._answers(asked)

    def _remembered(self, asked: _Request, cache: AnswerCache) -> Iterator[Answer]:
        """Yield the answer that was written to the same question before, or have it written and remember it."""
        key = cache.key(asked.question, asked.conversation, asked.where, asked.generation.manifest)
        known = cache.get(key)
        if known is not None:
            yield replace(known, timings_ms=asked.clock.timings())
            return
        answer = None
        for answer in self._answers(asked):
            yield answer
        if answer and answer.usage and not answer.notes:
            cache.keep(key, answer)

    def _answers(self, asked: _Request) -> Iterator[Answer]:
        yield from self._say(self._retrieve(asked, self._understand(asked)))

    def _understand(self, asked: _Request) -> Understood:
        with asked.clock.step("understand"):
            if asked.session is None:
                return by_rules(asked.question, asked.conversation)
            languages = asked.generation.manifest.languages
            return by_model(asked.session, asked.question, asked.conversation, languages)

    def _retrieve(self, asked: _Request, understood: Understood) -> _Found:
        readings = [
            tuple(self._find(part, asked) for part in parts_of(text))
            for text in (understood.question, *understood.translations)
        ]
        best = max(readings, key=_certainty)
        elsewhere = tuple(finding for reading in readings if reading is not best for finding in reading)
        return _Found(asked, understood, best, elsewhere)

    def _find(self, question: str, asked: _Request) -> _Finding:
        with asked.clock.step("embed"):
            query = self._library.query(questions.spelled_out(question))
        with asked.clock.step("search"):
            evidence = without_instructions(
                gather(asked.generation, query, _PASSAGES, asked.where, self._library.reranker)
            )
        with asked.clock.step("choose"):
            weights = weigh(evidence, self._library.rarity)
            chosen = choose(evidence, weights)
            return _Finding(evidence, chosen, self._confidence.judge(evidence, weights, chosen))

    def _relevant(self, finding: _Finding) -> tuple[Sentence, ...]:
        return relevant(finding.evidence, weigh(finding.evidence, self._library.rarity))

    def _say(self, found: _Found) -> Iterator[Answer]:
        if self._writer is None or found.asked.session is None or not found.good:
            yield self._quote(found)
            return
        try:
            yield from self._write(found, self._writer, found.asked.session)
        except ChatFailed as failed:
            log.warning("the answer is quoted, since the chat model failed: %s", failed)
            # What it failed at before, if it did, was the same and matters no more.
            yield replace(self._quote(found), notes=(Note(NoteKind.NOT_WRITTEN, failed.failure),))

    def _quote(self, found: _Found, *, whole: bool = True) -> Answer:
        with found.asked.clock.step("cite"):
            sentences = [sentence for finding in found.good for sentence in finding.evidence.sentences]
            said = tuple(quoted(_shared_out(found.good), sentences))
        return _answer(found, said, whole=whole)

    def _write(self, found: _Found, writer: AnswerWriter, session: ChatSession) -> Iterator[Answer]:
        asked, asker = found.asked, found.understood.language
        material = WritingInput(
            question=found.understood.question,
            sentences=_sentences(found),
            relevant=tuple(chained.from_iterable(self._relevant(each) for each in (*found.good, *found.elsewhere))),
            quotable=tuple(_shared_out(found.good)),
        )
        writing = WritingProgress()
        for writing in writer.write(session, material):
            if writing.said and not any(is_foreign(each, asker) for each in writing.said):
                asked.clock.mark("first_statement")
                yield _answer(found, writing.said, whole=not writing.main_statement_dropped)
        if writing.dropped and not writing.said:
            yield replace(self._quote(found, whole=False), notes=(Note(NoteKind.NOTHING_SUPPORTED),))
            return
        said = writing.said
        notes: tuple[Note, ...] = ()
        if asker and any(is_foreign(each, asker) for each in said):
            said, notes = _in_language(session, said, asker)
        asked.clock.mark("first_statement")
        answer = _answer(found, said, whole=not writing.main_statement_dropped)
        yield replace(answer, notes=(*answer.notes, *notes))


def _in_language(
    session: ChatSession, said: Sequence[SupportedStatement], asker: str
) -> tuple[tuple[SupportedStatement, ...], tuple[Note, ...]]:
    try:
        return translated(session, said, asker), ()
    except ChatFailed as failed:
        return tuple(said), (Note(NoteKind.NOT_TRANSLATED, failed.failure),)


def _answer(found: _Found, said: Sequence[SupportedStatement], *, whole: bool) -> Answer:
    """Return what is said as an answer; `whole` tells that nothing essential had to be left out of it."""
    asked, good = found.asked, found.good
    statements, citations = cite(said, functools.cache(asked.generation.catalogue.document))
    status = Status.ANSWERED if whole and len(good) == len(found.findings) else Status.PARTLY_ANSWERED
    return Answer(
        question=asked.question,
        status=status if statements else Status.NOT_FOUND,
        statements=statements,
        citations=citations,
        nearest=() if statements else found.findings[0].evidence.hits[:_NEAREST],
        confidence=round(_certainty(good or found.findings)[1], 4),
        generation=asked.generation.manifest.number,
        timings_ms=asked.clock.timings(),
        made=Made.of(each.made for each in said),
        usage=asked.session.usage if asked.session else None,
        notes=found.notes,
    )


def _certainty(findings: Sequence[_Finding]) -> tuple[bool, float]:
    """Return whether any of these findings suffices, and the highest probability among them."""
    suffices = any(finding.judgement.suffices for finding in findings)
    return suffices, max(finding.judgement.probability for finding in findings)


def _sentences(found: _Found) -> tuple[Sentence, ...]:
    """Return the sentences of the best passages, those of each finding by turns, so that every part has its share."""
    findings = (*found.good, *found.elsewhere)
    sentences: dict[str, tuple[Sentence, ...]] = {}
    ranked = []
    for finding in findings:
        groups = groupby(finding.evidence.sentences, key=lambda sentence: sentence.hit.passage.id)
        own = {id_: tuple(group) for id_, group in groups}
        sentences = own | sentences
        ranked.append(own)
    by_turns = chained.from_iterable(zip_longest(*ranked))
    ids = list(dict.fromkeys(id_ for id_ in by_turns if id_ is not None))
    return tuple(sentence for id_ in ids[:_WRITTEN_FROM] for sentence in sentences[id_])


def _shared_out(findings: Sequence[_Finding]) -> list[Choice]:
    """Return the best sentences of every part, part by part, as many in all as one answer holds."""
    each = max(1, MOST_STATEMENTS // max(1, len(findings)))
    return [choice for finding in findings for choice in finding.chosen[:each]]


class _Clock:
    """How long each step took, summed over the parts of a question."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        started = perf_counter()
        yield
        self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - started

    def mark(self, name: str) -> None:
        """Note when something happened for the first time."""
        self._seconds.setdefault(name, perf_counter() - self._started)

    def timings(self) -> dict[str, float]:
        """Return the milliseconds of each step, and of all."""
        seconds = self._seconds | {"total": perf_counter() - self._started}
        return {name: round(1000 * spent, 1) for name, spent in seconds.items()}
