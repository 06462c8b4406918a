"""The answer service: a person's question goes in, and the messages that answer it are shown."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.answer import Answer, NoteKind, Turn
from bot.answering.understanding.question import parse
from bot.discord.answers import deleted
from bot.discord.answers.intent import is_small_talk
from bot.discord.answers.question import PersonsQuestion
from bot.discord.answers.rendering import headed, render, unfinished
from bot.discord.answers.sources import SourceNames
from bot.discord.backend import Answerer, Library, Manifest
from bot.discord.messaging.custom_id import new_id
from bot.discord.messaging.message import Button, Message
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.replies import Reply
from bot.discord.servers import Servers
from bot.discord.store import EscalationTarget, Origin, Store
from bot.discord.work.admission import Admission
from bot.discord.work.jobs import Interim, Jobs
from bot.discord.work.limits import Busy, Queue
from bot.presenting import notes
from bot.presenting.words import Words
from index.access import Viewer
from index.documents import Filter
from index.errors import FootnoteError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer, of which documents it was asked, for whom, and the id of the stored answer that it follows up."""

    answer: Answer
    where: Filter
    viewer: Viewer
    follows: str | None


class AnswerButtons(Protocol):
    """What makes the buttons under an answer that are not its citations, five at most."""

    def __call__(
        self, answer: Answer, answer_id: str, target: EscalationTarget, words: Words, *, private: bool
    ) -> tuple[Button, ...]:
        """Return the buttons under `answer`; `target` is whom a refused question can be handed to."""


class AnswerService:
    """Answers questions, each within `deadline` seconds once its turn has come, and stores what was answered."""

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        store: Store,
        servers: Servers,
        jobs: Jobs,
        admission: Admission,
        sources: SourceNames,
        queue: Queue,
        deadline: float,
        buttons: AnswerButtons,
    ) -> None:
        self._library = library
        self._answerer = answerer
        self._store = store
        self._servers = servers
        self._jobs = jobs
        self._admission = admission
        self._queue = queue
        self._deadline = deadline
        self._buttons = buttons
        self._sources = sources

    async def answer(self, reply: Reply, question: PersonsQuestion) -> str | None:
        """Answer a question through `reply`; within the limits of how often people may ask.

        Returns the id under which the answer is kept, None where nothing was asked.
        """
        asker = question.origin.asker
        if not await self._admission.admit(reply, asker, question.origin.guild):
            return None
        interim, answer_id = Interim(reply.words), new_id()
        await self._jobs.run(reply, self._messages(answer_id, question, interim, reply.words), asker, interim)
        await self._note_place(answer_id, question, reply)
        return answer_id

    async def volunteer(self, reply: Reply, question: PersonsQuestion) -> None:
        """Answer a question that nobody asked the bot, and stay silent where the documents do not."""
        if await self._admission.admit(reply, question.origin.asker, question.origin.guild):
            answer_id = new_id()
            await self._jobs.run(reply, self._messages_if_answered(answer_id, question, reply.words))
            await self._note_place(answer_id, question, reply)

    async def _note_place(self, answer_id: str, question: PersonsQuestion, reply: Reply) -> None:
        """Keep which message asks or shows it, and which one of ours. One that only the asker sees has no address."""
        ours = None if question.private else reply.shown_in
        with contextlib.suppress(sqlite3.Error):
            await asyncio.to_thread(self._store.set_shown, answer_id, question.message or ours, reply.words.language)
            if ours is not None:
                await asyncio.to_thread(self._store.set_posted, answer_id, ours)

    async def _messages(
        self, answer_id: str, question: PersonsQuestion, interim: Interim, words: Words
    ) -> Sequence[Message]:
        return await self._shown(answer_id, question, await self._found(question, interim, words), words)

    async def _messages_if_answered(self, answer_id: str, question: PersonsQuestion, words: Words) -> Sequence[Message]:
        try:
            found = await self._found(question, Interim(words), words)
        except (FootnoteError, TimeoutError):
            return ()
        return await self._shown(answer_id, question, found, words) if found.answer.statements else ()

    async def _found(self, question: PersonsQuestion, interim: Interim, words: Words) -> _Found:
        text = parse(question.text)
        viewer = await question.viewer()
        named = question.source or await asyncio.to_thread(self._servers.source, question.home)
        where = Filter(source=await self._sources.resolve(named, viewer, words))
        before = await question.before(viewer)

        async def wait(position: int) -> None:
            interim.tell(words("Busy: your question is number {position} in the queue.", position=position))

        def show(growing: Answer) -> None:
            interim.say(_headed(question, [unfinished(growing, words)])[0])

        try:
            async with self._queue.turn(wait), asyncio.timeout(self._deadline):
                # In a thread, and in turn: to tell a question's language takes milliseconds, and a crowd asks at once.
                if await asyncio.to_thread(is_small_talk, text, goes_on=bool(before.turns)):
                    raise Refused(words("Gladly. Ask me what the documents here may say; /help tells how."))
                answer = await self._answered(text, viewer, before.turns, where, show)
        except Busy as busy:
            line = words(
                "Busy: {number} questions are waiting already. Please ask again in a minute.", number=busy.waiting
            )
            raise Refused(line) from None
        return _Found(answer, where, viewer, before.follows)

    async def _shown(self, answer_id: str, question: PersonsQuestion, found: _Found, words: Words) -> Sequence[Message]:
        """Store an answer that is about to be shown, and return its messages."""
        origin = replace(question.origin, follows=found.follows)
        await self._save(answer_id, origin, found.answer, private=question.private)
        return await self._rendered(found, answer_id, question, words)

    async def _answered(
        self, text: str, viewer: Viewer, turns: Sequence[Turn], where: Filter, show: Callable[[Answer], None]
    ) -> Answer:
        """Return the answer; `show` is given what there is of it each time that a chat model has written more.

        Whoever cancels this stops the chat model.
        """
        stop: Future[None] = Future()
        loop = asyncio.get_running_loop()

        def listen() -> Answer:
            for made in self._answerer.stream(text, viewer, turns, where, stop):
                answer = deleted.of_answer(made, self._library.kept_channels)
                if answer.usage and answer.statements:  # quotes come all at once
                    loop.call_soon_threadsafe(show, answer)
            return answer

        try:
            return await asyncio.to_thread(listen)
        finally:
            stop.set_result(None)

    async def _rendered(
        self, found: _Found, answer_id: str, question: PersonsQuestion, words: Words
    ) -> Sequence[Message]:
        answer = found.answer
        target = await asyncio.to_thread(self._store.escalation_target, question.origin.guild)
        buttons = self._buttons(answer, answer_id, target, words, private=question.private)
        generation = await asyncio.to_thread(self._library.generation, found.viewer)
        return _headed(question, render(answer, answer_id, words, buttons, _scope(found.where, generation, words)))

    async def _save(self, answer_id: str, origin: Origin, answer: Answer, *, private: bool) -> None:
        facts = {"answer": answer_id, "status": answer.status, "generation": answer.generation}
        log.info("answered", extra=facts | {"timings_ms": dict(answer.timings_ms)} | _cost(answer))
        try:
            await asyncio.to_thread(self._store.save_answer, answer_id, origin, answer, private=private)
        except sqlite3.Error:  # a full disk costs the buttons, not the answer
            log.exception("an answer could not be kept", extra=facts)


def _headed(question: PersonsQuestion, messages: Sequence[Message]) -> Sequence[Message]:
    return headed(messages, question.text) if question.hidden else messages


def _cost(answer: Answer) -> dict[str, object]:
    """For the log: what the chat model read and wrote, and what went wrong, where there is anything to say.

    How a question was read is not: it holds what was asked, and words of the documents.
    """
    said = [notes.of_answer(note) for note in answer.notes if note.kind is not NoteKind.READ_AS]
    facts: dict[str, object] = {"notes": said} if said else {}
    if answer.usage:
        facts |= {"tokens_read": answer.usage.input_tokens, "tokens_written": answer.usage.output_tokens}
    return facts


def _scope(where: Filter, generation: Manifest | None, words: Words) -> str:
    """Return in words which documents a question was asked of."""
    if where.source:
        return where.source
    if generation is None:
        return words("no documents yet")
    return words.plural("{number:,} document", "all {number:,} documents", generation.documents)
