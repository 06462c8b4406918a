"""The answer service: a person's question goes in, and the messages that answer it are shown."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.answer import Answer, Turn
from bot.answering.understanding.question import parse
from bot.discord.answers.intent import is_small_talk
from bot.discord.answers.question import PersonsQuestion
from bot.discord.answers.rendering import headed, render, unfinished
from bot.discord.answers.sources import SourceNames
from bot.discord.backend import Answerer, Library, Manifest
from bot.discord.messaging.custom_id import new_id
from bot.discord.messaging.message import Button, Message
from bot.discord.messaging.replies import Reply
from bot.discord.store import EscalationTarget, Origin, Store
from bot.discord.work.admission import Admission
from bot.discord.work.jobs import Interim, Jobs
from bot.discord.work.limits import Queue
from bot.presenting import notes
from bot.presenting.counts import count
from index.documents import Filter
from index.errors import FootnoteError

log = logging.getLogger(__name__)


class AsksNothing(FootnoteError):
    """A text names nothing that could be looked up; the message is a friendly word."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer, of which documents it was asked, and the id of the stored answer that it follows up."""

    answer: Answer
    where: Filter
    follows: str | None


class AnswerButtons(Protocol):
    """What makes the buttons under an answer that are not its citations, five at most."""

    def __call__(
        self, answer: Answer, answer_id: str, target: EscalationTarget, *, private: bool
    ) -> tuple[Button, ...]:
        """Return the buttons under `answer`; `target` is whom a refused question can be handed to."""


class AnswerService:
    """Answers questions, each within `deadline` seconds once its turn has come, and stores what was answered."""

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        store: Store,
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
        self._jobs = jobs
        self._admission = admission
        self._queue = queue
        self._deadline = deadline
        self._buttons = buttons
        self._sources = sources

    async def answer(self, reply: Reply, question: PersonsQuestion) -> None:
        """Answer a question through `reply`; within the limits of how often people may ask."""
        asker = question.origin.asker
        if await self._admission.admit(reply, asker, question.origin.guild):
            interim = Interim()
            await self._jobs.run(reply, self._messages(question, interim), asker, interim)

    async def volunteer(self, reply: Reply, question: PersonsQuestion) -> None:
        """Answer a question that nobody asked the bot, and stay silent where the documents do not."""
        if await self._admission.admit(reply, question.origin.asker, question.origin.guild):
            await self._jobs.run(reply, self._messages_if_answered(question))

    async def _messages(self, question: PersonsQuestion, interim: Interim) -> Sequence[Message]:
        return await self._shown(question, await self._found(question, interim))

    async def _messages_if_answered(self, question: PersonsQuestion) -> Sequence[Message]:
        try:
            found = await self._found(question, Interim())
        except (FootnoteError, TimeoutError):
            return ()
        return await self._shown(question, found) if found.answer.statements else ()

    async def _found(self, question: PersonsQuestion, interim: Interim) -> _Found:
        text = parse(question.text)
        where = Filter(source=await self._sources.resolve(question.source))
        before = await question.before()
        if is_small_talk(text, goes_on=bool(before.turns)):
            raise AsksNothing("gladly. Ask me what the documents here may say; /help tells how.")

        async def wait(position: int) -> None:
            interim.tell(f"Busy: your question is number {position} in the queue.")

        def show(growing: Answer) -> None:
            interim.say(_headed(question, [unfinished(growing)])[0])

        async with self._queue.turn(wait), asyncio.timeout(self._deadline):
            answer = await self._answered(text, before.turns, where, show)
        return _Found(answer, where, before.follows)

    async def _shown(self, question: PersonsQuestion, found: _Found) -> Sequence[Message]:
        """Store an answer that is about to be shown, and return its messages."""
        answer_id = new_id()
        origin = replace(question.origin, follows=found.follows)
        await self._save(answer_id, origin, found.answer, private=question.private)
        return await self._rendered(found.answer, answer_id, question, found.where)

    async def _answered(
        self, text: str, turns: Sequence[Turn], where: Filter, show: Callable[[Answer], None]
    ) -> Answer:
        """Return the answer; `show` is given what there is of it each time that a chat model has written more.

        Whoever cancels this stops the chat model.
        """
        stop: Future[None] = Future()
        loop = asyncio.get_running_loop()

        def listen() -> Answer:
            for answer in self._answerer.stream(text, turns, where, stop):
                if answer.usage and answer.statements:  # quotes come all at once
                    loop.call_soon_threadsafe(show, answer)
            return answer

        try:
            return await asyncio.to_thread(listen)
        finally:
            stop.set_result(None)

    async def _rendered(
        self, answer: Answer, answer_id: str, question: PersonsQuestion, where: Filter
    ) -> Sequence[Message]:
        target = await asyncio.to_thread(self._store.escalation_target, question.origin.guild)
        buttons = self._buttons(answer, answer_id, target, private=question.private)
        generation = await asyncio.to_thread(lambda: self._library.generation)
        return _headed(question, render(answer, answer_id, buttons, _scope(where, generation)))

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
    """For the log: what the chat model read and wrote, and what went wrong, where there is anything to say."""
    facts: dict[str, object] = {"notes": [notes.of_answer(note) for note in answer.notes]} if answer.notes else {}
    if answer.usage:
        facts |= {"tokens_read": answer.usage.input_tokens, "tokens_written": answer.usage.output_tokens}
    return facts


def _scope(where: Filter, generation: Manifest | None) -> str:
    """Return in words which documents a question was asked of."""
    scope = where.source or (_all(generation.documents) if generation else "no documents yet")
    since = f", since {where.since}" if where.since else ""
    until = f", until {where.until}" if where.until else ""
    return scope + since + until


def _all(documents: int) -> str:
    return f"all {count(documents, 'document')}" if documents > 1 else count(documents, "document")
