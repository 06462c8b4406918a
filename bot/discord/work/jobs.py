"""Jobs: the work under way. Each job ends in exactly one visible reply, whatever happens to it.

Work is a coroutine that returns the messages to show; showing them, and before them what there is to show already,
saying that it takes long, explaining a failure, stopping on request and finishing before the process ends are done
here, once for all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from bot.discord.messaging.custom_id import CustomId, new_id
from bot.discord.messaging.message import Button, Message
from bot.discord.messaging.notices import complaint, failure, notice
from bot.discord.messaging.replies import Reply
from bot.presenting.words import Words
from index.errors import FootnoteError

log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, Sequence[Message]]

STOP = "stop"  # the action of the button that stops a job

_LONG = 3.0
_MOMENT = 1.0
_BETWEEN_EDITS = 1.0
# What is said so shortly before the end is not worth an edit of its own.
_ABOUT_TO_END = 0.1


class Interim:
    """What work has to show before it is done: what there is of the result, and a line on how far it is.

    Only the job shows it, one edit after the other, so that nothing is ever shown beside it. What there is of the
    result needs room for the line below it (MARGIN), and shows no buttons.
    """

    MARGIN = 200

    def __init__(self, words: Words) -> None:
        self._words = words
        self._result: Message | None = None
        self._line = ""
        self._changed = asyncio.Event()

    @property
    def result(self) -> Message | None:
        """What there is of the result."""
        return self._result

    @property
    def shown(self) -> Message:
        """The message to show now."""
        return _below(self._result, self._line)

    def say(self, result: Message, line: str | None = None) -> None:
        """Let `result` be shown next, in place of what there was, with `line` below it: that it is written, if None."""
        self._result = result
        words = self._words
        self.tell(words("Writing …") if line is None else line)

    def tell(self, line: str) -> None:
        """Let `line` be shown next, below what there is of the result."""
        self._line = line
        self._changed.set()

    def end(self) -> None:
        """Let nobody wait for more."""
        self._changed.set()

    async def changes(self, within: float) -> bool:
        """Whether there is something new, or the end, within so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._changed.wait()
        return self._changed.is_set()

    async def change(self) -> None:
        """Wait for something new, or the end."""
        await self._changed.wait()
        self._changed.clear()


@dataclass(eq=False, slots=True)
class _Job:
    id: str
    owner: int | None
    task: asyncio.Task[Sequence[Message]]
    interim: Interim
    ended: str  # what is said when the task is cancelled
    words: Words
    shown: Message | None = None  # what is seen of the result before it is done


class Jobs:
    """The jobs of one bot. `pause` sleeps for so many seconds between two edits of one reply."""

    def __init__(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._pause = pause
        self._jobs: dict[str, _Job] = {}
        self._under_way = 0
        self._unacknowledged = 0
        self._calm = asyncio.Event()
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self, reply: Reply, work: Work, owner: int | None = None, interim: Interim | None = None) -> None:
        """Acknowledge, do `work`, and show the messages that it returns, or say why there are none.

        What the work says through `interim` is shown until then, at most once a second. With it, or once the work
        takes long, `owner` is shown a button to stop it.
        """
        words = reply.words
        if self._closing:
            work.close()
            await reply.refuse(notice(_restarting(words)))
            return
        with self._counted():
            await self._acknowledge(reply)
            task, interim = asyncio.create_task(work), interim or Interim(words)
            job = _Job(new_id(), owner, task, interim, words("Stopped."), words)
            self._jobs[job.id] = job
            try:
                await self._see_through(job, reply)
            finally:
                del self._jobs[job.id]

    def stop(self, job_id: str, person: int) -> bool:
        """Stop a job of this person; returns whether there was one."""
        job = self._jobs.get(job_id)
        if job is None or job.owner != person:
            return False
        return job.task.cancel()

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, give those under way `seconds` to end, and let the rest say that the bot restarts."""
        self._closing = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()
                return
        for job in self._jobs.values():
            job.ended = _restarting(job.words)
            job.task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await self._idle.wait()

    async def _acknowledge(self, reply: Reply) -> None:
        """Acknowledge, and then let others be acknowledged first, for a moment: that cannot wait, work can."""
        started = monotonic()
        self._unacknowledged += 1
        self._calm.clear()
        try:
            await reply.acknowledge()
        finally:
            self._unacknowledged -= 1
            if not self._unacknowledged:
                self._calm.set()
        log.info("acknowledged", extra={"seconds": round(monotonic() - started, 3)})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT):
                await self._calm.wait()

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _see_through(self, job: _Job, reply: Reply) -> None:
        started = monotonic()
        if job.owner is not None:
            await self._accompany(job, reply)
        try:
            await reply.finish(await self._outcome(job))
        except FootnoteError as reason:
            await reply.refuse(complaint(reason, job.words))
        log.info("replied", extra={"job": job.id, "seconds": round(monotonic() - started, 3)})

    async def _accompany(self, job: _Job, reply: Reply) -> None:
        """Show what the work says until it is done; and, if it says nothing for long, that it goes on."""
        job.task.add_done_callback(lambda _: job.interim.end())
        if not await job.interim.changes(within=_LONG):
            job.interim.tell(_working(job.words))
        before: Message | None = None
        while not job.task.done():
            await job.interim.change()
            await asyncio.wait([job.task], timeout=_ABOUT_TO_END)
            shown = job.interim.shown
            if shown != before and not job.task.done():
                before, job.shown = shown, job.interim.result
                await reply.update(replace(shown, rows=((_stop(job),),)))
                await self._pause(_BETWEEN_EDITS)

    async def _outcome(self, job: _Job) -> Sequence[Message]:
        try:
            return await job.task
        except asyncio.CancelledError:
            if not job.task.cancelled():
                raise  # it is the bot that is cancelled, not the job
            return (_below(job.shown, job.ended),)
        except FootnoteError:
            raise
        except TimeoutError:
            log.warning("a job took too long", extra={"reference": job.id})
            return (_below(job.shown, _late(job)),)
        except Exception:
            log.exception("a job failed", extra={"reference": job.id})
            return (failure(job.id, job.words),)


def _stop(job: _Job) -> Button:
    words = job.words
    return Button(words("Stop"), str(CustomId(STOP, job.id)), style="danger")


def _working(words: Words) -> str:
    return words("Still working on it …")


def _restarting(words: Words) -> str:
    return words("I am restarting. Please ask again in a minute.")


def _late(job: _Job) -> str:
    words = job.words
    return words("This took too long, so I stopped. Please try again. (reference {reference})", reference=job.id)


def _below(shown: Message | None, line: str) -> Message:
    """Return the message that was shown with a line below it, if there is one, or the line alone."""
    if shown is not None and not line:
        return shown
    return notice(line) if shown is None else replace(shown, content=f"{shown.content}\n\n-# {line}")
