"""Jobs: the work under way. Each job ends in exactly one visible reply, whatever happens to it.

Work is a coroutine that returns the messages to show; showing them, saying that it takes long, explaining a failure,
stopping on request and finishing before the process ends are done here, once for all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from bot.discord.identifiers import Press, new_id
from bot.discord.message import Button, Message
from bot.discord.replies import Reply
from bot.discord.reports import complaint, notice
from index.errors import FootnoteError

log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, Sequence[Message]]

_LONG = 3.0
_MOMENT = 1.0
_RESTARTING = notice("I am restarting. Please ask again in a minute.")
_STOPPED = notice("Stopped.")


@dataclass(eq=False, slots=True)
class _Job:
    id: str
    owner: int | None
    task: asyncio.Task[Sequence[Message]]
    ended: Message = _STOPPED  # what is shown when the task is cancelled


class Jobs:
    """The jobs of one bot."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Job] = {}
        self._under_way = 0
        self._unacknowledged = 0
        self._calm = asyncio.Event()
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self, reply: Reply, work: Work, owner: int | None = None) -> None:
        """Acknowledge, do `work`, and show the messages that it returns, or say why there are none.

        Once the work takes long, `owner` is shown a button to stop it.
        """
        if self._closing:
            work.close()
            await reply.refuse(_RESTARTING)
            return
        with self._counted():
            await self._acknowledge(reply)
            job = _Job(new_id(), owner, asyncio.create_task(work))
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
            job.ended = _RESTARTING
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
            done, _ = await asyncio.wait([job.task], timeout=_LONG)
            if not done:
                await reply.update(_working(job.id))
        messages = await self._outcome(job)
        await reply.finish(messages)
        log.info("replied", extra={"job": job.id, "seconds": round(monotonic() - started, 3)})

    async def _outcome(self, job: _Job) -> Sequence[Message]:
        try:
            return await job.task
        except asyncio.CancelledError:
            if not job.task.cancelled():
                raise  # it is the bot that is cancelled, not the job
            return (job.ended,)
        except FootnoteError as reason:
            return (complaint(reason),)
        except TimeoutError:
            log.warning("a job took too long", extra={"reference": job.id})
            return (notice(f"This took too long, so I stopped. Please try again. (reference {job.id})"),)
        except Exception:
            log.exception("a job failed", extra={"reference": job.id})
            return (failure(job.id),)


def failure(reference: str) -> Message:
    """Return what is shown when something broke that should not have."""
    return notice(f"Something went wrong here, and it has been logged. Whoever runs me can find it by {reference}.")


def _working(job_id: str) -> Message:
    stop = Button("Stop", str(Press("stop", job_id)), style="danger")
    return Message("Still working on it …", rows=((stop,),))
