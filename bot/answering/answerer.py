"""The answerer: a question and the library become an `Answer`, quoted or written, or a refusal.

There are three steps: what the question means, what the documents have on it, and what can be said. With no chat model
the last step quotes; with one it writes, and quotes where that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import replace

from bot.answering.answer import Answer, Turn
from bot.answering.composing.composing import compose
from bot.answering.composing.request import Findings, Request
from bot.answering.composing.stopwatch import Stopwatch
from bot.answering.generating.entailment import ChatJudge, Proof
from bot.answering.generating.writing import AnswerWriter
from bot.answering.keeping.cache import AnswerCache
from bot.answering.selecting.confidence import Confidence
from bot.answering.selecting.context import Context, Selection, select
from bot.answering.selecting.novelty import Novelty
from bot.answering.selecting.passages import PassageReader
from bot.answering.understanding import question as questions
from bot.answering.understanding.follow_up import novelty_of
from bot.answering.understanding.parts import parts_of
from bot.answering.understanding.shorthand import written_out
from bot.answering.understanding.spelling import respelled
from bot.answering.understanding.understanding import Understood, by_model, by_rules
from index.access import NOBODY, Viewer
from index.documents import EVERYTHING, Filter
from index.language import detection, languages
from index.library import Library

_PASSAGES = 8


class Answerer:
    """Answers questions out of a library, by local models alone unless there is a `writer`. Any thread may ask."""

    def __init__(
        self,
        library: Library,
        confidence: Confidence,
        writer: AnswerWriter | None = None,
        cache: AnswerCache | None = None,
        reader: PassageReader | None = None,
        judge: ChatJudge | None = None,
    ) -> None:
        self._library = library
        self._confidence = confidence
        self._reader = reader or PassageReader()
        self._writer = writer
        self._cache = cache
        self._judge = judge

    @property
    def model(self) -> str | None:
        """The chat model's name, None where answers are quotes alone."""
        return self._writer.model if self._writer else None

    @property
    def proof(self) -> Proof | None:
        """How the chat model proved that it can judge its own drafts, None where it has not, or need not."""
        return self._judge.proof if self._judge else None

    def prove_judge(self) -> Proof | None:
        """Have the chat model prove that it can judge its own drafts, unless it has or need not; return how it did.

        Raises ChatFailed where it does not answer, and OSError where that cannot be kept.
        """
        if self._judge is None:
            return None
        return self._judge.proof or self._judge.prove()

    def close(self) -> None:
        """Stop what a chat model still writes, and close its connections."""
        if self._writer:
            self._writer.close()

    def answer(
        self, question: str, viewer: Viewer, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING
    ) -> Answer:
        """Answer a question out of one generation of the index.

        Args:
            question: The question as somebody typed it.
            viewer: Who will see the answer: it is made of what they may see, and of nothing else.
            conversation: The turns before it, the oldest first.
            where: The documents that may be used.

        Raises:
            BadQuestion: The question is empty, too long, or no text.
            IndexMissing: Nothing is indexed, or with another embedding model.

        """
        *_, answer = self.stream(question, viewer, conversation, where)
        return answer

    def stream(
        self,
        question: str,
        viewer: Viewer,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, each time with all statements that passed verification so far.

        The last one is the answer, and may differ from those before it: where the chat model fails midway, it quotes.

        Args:
            question: The question as somebody typed it.
            viewer: Who will see the answer.
            conversation: The turns before it, the oldest first.
            where: The documents that may be used.
            stop: Once it is done nobody wants the answer any more.

        Raises:
            BadQuestion: The question is empty, too long, or no text.
            IndexMissing: Nothing is indexed, or with another embedding model.
            Stopped: `stop` is done, and a chat model writes.

        """
        asked = questions.parse(question)
        with self._library.pinned(viewer) as snapshot:
            session = self._writer.open_session(stop) if self._writer else None
            request = Request(asked, tuple(conversation), where, snapshot, Stopwatch(), session)
            # What was answered before could be made of what is no longer to be seen.
            cache = None if snapshot.is_outdated else self._cache
            yield from self._remembered(request, cache) if cache else self._answers(request)

    def warm_up(self) -> None:
        """Load what the first question would have to wait for; no chat model is asked. Raises IndexMissing."""
        with self._library.pinned(NOBODY) as snapshot:
            question = "What are these documents about?"
            *_, _ = self._answers(Request(question, (), EVERYTHING, snapshot, Stopwatch(), None))

    def forget_messages(self, messages: AbstractSet[int]) -> None:
        """Forget what was written out of these messages of Discord, which were deleted."""
        if self._cache:
            self._cache.forget_messages(messages)

    def _remembered(self, request: Request, cache: AnswerCache) -> Iterator[Answer]:
        """Yield the answer that was written to the same question before, or have it written and remember it."""
        snapshot = request.snapshot
        key = cache.key(request.question, request.conversation, request.where, snapshot.manifest, snapshot.hidden)
        known = cache.get(key)
        if known is not None:
            yield replace(known, timings_ms=request.stopwatch.timings())
            return
        answer = None
        for answer in self._answers(request):
            yield answer
        if answer and answer.usage and not answer.notes:
            cache.keep(key, answer)

    def _answers(self, request: Request) -> Iterator[Answer]:
        yield from self._compose(self._retrieve(request, self._understand(request)))

    def _understand(self, request: Request) -> Understood:
        with request.stopwatch.step("understand"):
            snapshot, language = request.snapshot, languages.of(detection.of_question(request.question))
            typed = written_out(request.question, language)
            read = respelled(typed, snapshot, snapshot.knows, language)
            if request.session is None:
                understood = by_rules(read.text, request.conversation)
            else:
                understood = by_model(request.session, read.text, request.conversation, snapshot.languages)
            return replace(understood, respelled=read.text) if read.changes else understood

    def _retrieve(self, request: Request, understood: Understood) -> Findings:
        novelty = novelty_of(request.question, request.conversation, understood.language) if understood.leans else None
        readings = [
            tuple(self._select(part, request, novelty) for part in parts_of(text, detection.of_question(text)))
            for text in (understood.question, *understood.translations)
        ]
        return Findings(request, understood, Context.of(readings))

    def _select(self, question: str, request: Request, novelty: Novelty | None) -> Selection:
        snapshot, stopwatch = request.snapshot, request.stopwatch
        with stopwatch.step("embed"):
            query = snapshot.query(question)
        with stopwatch.step("search"):
            evidence = snapshot.evidence(query, _PASSAGES, request.where)
        with stopwatch.step("read"):
            readings = self._reader.read(evidence)
        with stopwatch.step("choose"):
            return select(evidence, snapshot.rarity, self._confidence, readings, novelty)

    def _compose(self, found: Findings) -> Iterator[Answer]:
        yield from compose(found, self._writer)
