"""The desk: a question is handed in, and the messages that answer it come out.

Everything that a command, a button or a message needs to answer somebody is here: the library, the answerer, what was
answered before, and the limits.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from bot.answering.answer import Answer, Turn
from bot.answering.question import parse
from bot.discord.actions import actions, share
from bot.discord.backend import Answerer, Library, Manifest
from bot.discord.identifiers import new_id
from bot.discord.jobs import Interim, Jobs
from bot.discord.limits import Allowance, Queue, Rate
from bot.discord.message import Message
from bot.discord.rendering import headed, render, unfinished
from bot.discord.replies import Reply
from bot.discord.reports import notice
from bot.discord.store import Asked, Store
from bot.presenting import notes
from index.documents import DocumentMetadata, Filter
from index.errors import FootnoteError

log = logging.getLogger(__name__)


class NoSuchSource(FootnoteError):
    """A source that somebody named is not in the index."""


@dataclass(frozen=True, slots=True)
class Continued:
    """What was said before a question, oldest first, and the id of the kept answer that it follows up, if any."""

    turns: tuple[Turn, ...] = ()
    follows: str | None = None


async def nothing() -> Continued:
    """Return that nothing was said before."""
    return Continued()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was handed in: who asked what, after what, and of which source.

    `before` looks up what was said before, once the question has been acknowledged; `source` is as somebody typed it.
    `private` means that only the asker sees the answer; `hidden` that nobody sees the question unless it is shown.
    """

    text: str
    asked: Asked
    before: Callable[[], Awaitable[Continued]] = nothing
    source: str | None = None
    private: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What the front end works with. An answer may take `deadline` seconds once its turn has come.

    `chat_model` is the name of what writes the answers; None where they are quotes alone.
    """

    library: Library
    answerer: Answerer
    store: Store
    jobs: Jobs = field(default_factory=Jobs)
    queue: Queue = field(default_factory=lambda: Queue(places=2, length=100))
    allowance: Allowance = field(default_factory=lambda: Allowance(Rate(5, 10), Rate(30, 60)))
    deadline: float = 60.0
    chat_model: str | None = None

    async def answer(self, reply: Reply, question: Question) -> None:
        """Answer a question through `reply`; within the limits of how often people may ask."""
        if await self.admit(reply, question.asked):
            interim = Interim()
            await self.jobs.run(reply, self._answer(reply, question, interim), question.asked.asker, interim)

    async def volunteer(self, reply: Reply, question: Question) -> None:
        """Answer a question that nobody asked the bot, and stay silent where the documents do not."""
        if await self.admit(reply, question.asked):
            await self.jobs.run(reply, self._answer_if_known(reply, question))

    async def admit(self, reply: Reply, asked: Asked) -> bool:
        """Return whether this person may ask now; who may not is told so."""
        wait = self.allowance.ask(asked.asker, asked.guild)
        if wait:
            seconds = math.ceil(wait)
            await reply.refuse(notice(f"That was a lot of questions. Please ask again in {seconds} s."))
        return not wait

    async def source(self, name: str | None) -> str | None:
        """Return the source that somebody means by a document's id, title or path, or by a folder's path.

        Raises NoSuchSource when nothing indexed is meant; None means every source.
        """
        if not name:
            return None
        found = meant(name, await asyncio.to_thread(self.library.sources))
        if found is None:
            raise NoSuchSource(f"No indexed document or folder is called “{name[:200]}”. /sources lists what there is.")
        return found

    async def _answer(self, reply: Reply, question: Question, interim: Interim) -> Sequence[Message]:
        _, messages = await self._found(reply, question, interim)
        return messages

    async def _found(self, reply: Reply, question: Question, interim: Interim) -> tuple[Answer, Sequence[Message]]:
        text = parse(question.text)
        where = Filter(source=await self.source(question.source))
        before = await question.before()

        async def wait(position: int) -> None:
            await reply.update(notice(f"Busy: your question is number {position} in the queue."))

        def say(growing: Answer) -> None:
            interim.say(_headed(question, [unfinished(growing)])[0])

        async with self.queue.turn(wait), asyncio.timeout(self.deadline):
            answer = await self._heard(text, before.turns, where, say)
        answer_id = new_id()
        await self._keep(answer_id, replace(question.asked, follows=before.follows), answer)
        return answer, await self._shown(answer, answer_id, question, where)

    async def _heard(self, text: str, turns: Sequence[Turn], where: Filter, say: Callable[[Answer], None]) -> Answer:
        """Return the answer; `say` is told how far it has come each time that a chat model has written more of it.

        Whoever cancels this stops the chat model.
        """
        stop: Future[None] = Future()
        loop = asyncio.get_running_loop()

        def listen() -> Answer:
            for answer in self.answerer.stream(text, turns, where, stop):
                if answer.usage and answer.statements:  # quotes come all at once
                    loop.call_soon_threadsafe(say, answer)
            return answer

        try:
            return await asyncio.to_thread(listen)
        finally:
            stop.set_result(None)

    async def _shown(self, answer: Answer, answer_id: str, question: Question, where: Filter) -> Sequence[Message]:
        humans = await asyncio.to_thread(self.store.humans, question.asked.guild)
        buttons = actions(answer, answer_id, humans)
        if question.private:
            buttons = (*buttons, share(answer_id))
        generation = await asyncio.to_thread(lambda: self.library.generation)
        return _headed(question, render(answer, answer_id, buttons, _scope(where, generation)))

    async def _keep(self, answer_id: str, asked: Asked, answer: Answer) -> None:
        facts = {"answer": answer_id, "status": answer.status, "generation": answer.generation}
        log.info("answered", extra=facts | {"timings_ms": dict(answer.timings_ms)} | _cost(answer))
        try:
            await asyncio.to_thread(self.store.keep, answer_id, asked, answer)
        except sqlite3.Error:  # a full disk costs the buttons, not the answer
            log.exception("an answer could not be kept", extra=facts)

    async def _answer_if_known(self, reply: Reply, question: Question) -> Sequence[Message]:
        try:
            answer, messages = await self._found(reply, question, Interim())
        except (FootnoteError, TimeoutError):
            return ()
        return messages if answer.statements else ()


def _headed(question: Question, messages: Sequence[Message]) -> Sequence[Message]:
    return headed(messages, question.text) if question.hidden else messages


def _cost(answer: Answer) -> dict[str, object]:
    """Return for the log what the chat model read and wrote, and what went wrong, where there is anything to say."""
    facts: dict[str, object] = {"notes": [notes.of_answer(note) for note in answer.notes]} if answer.notes else {}
    if answer.usage:
        facts |= {"tokens_read": answer.usage.input_tokens, "tokens_written": answer.usage.output_tokens}
    return facts


def meant(name: str, records: Sequence[DocumentMetadata]) -> str | None:
    """Return the source or folder that `name` means among `records`, or None: exact names first, then a part of one."""
    wanted = name.strip().casefold().rstrip("/")
    for metadata in records:
        if wanted in {metadata.id, metadata.source.casefold(), metadata.title.casefold()}:
            return metadata.source
    for metadata in records:
        if metadata.source.casefold().startswith(f"{wanted}/"):
            return metadata.source[: len(wanted)]
    parts = [metadata.source for metadata in records if wanted in f"{metadata.title}\n{metadata.source}".casefold()]
    return parts[0] if len(parts) == 1 else None


def _scope(where: Filter, generation: Manifest | None) -> str:
    """Return in words what a question was asked of."""
    scope = where.source or (f"all {generation.documents:,} documents" if generation else "no documents yet")
    since = f", since {where.since}" if where.since else ""
    until = f", until {where.until}" if where.until else ""
    return scope + since + until
