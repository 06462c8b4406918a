from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.discord.identifiers import Press
from bot.discord.jobs import Jobs
from bot.discord.message import Button, Message
from index.errors import IndexMissing

DONE = Message("Done.")


class Said:
    """A reply that remembers what was shown."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.interim: list[Message] = []
        self.final: list[Message] = []
        self.told = asyncio.Event()

    async def acknowledge(self) -> None:
        self.acknowledged += 1

    async def update(self, message: Message) -> None:
        self.interim.append(message)
        self.told.set()

    async def finish(self, messages: Sequence[Message]) -> None:
        self.final.extend(messages)

    async def refuse(self, message: Message) -> None:
        self.final.append(message)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every job for a long one."""
    monkeypatch.setattr("bot.discord.jobs._LONG", 0.0)


async def works() -> Sequence[Message]:
    return (DONE,)


async def test_work_is_acknowledged_before_and_shown_after() -> None:
    said = Said()
    await Jobs().run(said, works())
    assert (said.acknowledged, said.interim, said.final) == (1, [], [DONE])


async def test_a_reason_for_people_is_shown_as_a_sentence() -> None:
    async def refuses() -> Sequence[Message]:
        raise IndexMissing("nothing is indexed yet")

    said = Said()
    await Jobs().run(said, refuses())
    assert said.final == [Message("Nothing is indexed yet.")]


async def test_a_failure_is_shown_by_a_reference_and_never_by_its_words(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> Sequence[Message]:
        raise ValueError("secret detail")

    said = Said()
    await Jobs().run(said, breaks())
    ((shown),) = said.final
    assert "secret detail" not in shown.content
    assert "secret detail" in caplog.text
    assert any(getattr(record, "reference", "?") in shown.content for record in caplog.records)


@pytest.mark.usefixtures("at_once")
async def test_long_work_can_be_stopped_by_whoever_asked_and_by_nobody_else() -> None:
    jobs, said = Jobs(), Said()

    async def waits() -> Sequence[Message]:
        await asyncio.Event().wait()
        return (DONE,)

    run = asyncio.create_task(jobs.run(said, waits(), owner=7))
    await asyncio.wait_for(said.told.wait(), 10)
    ((button,),) = said.interim[0].rows
    assert isinstance(button, Button) and button.label == "Stop"
    press = Press.read(button.action or "")
    assert press is not None and press.action == "stop"
    assert not jobs.stop(press.subject, person=8)
    assert jobs.stop(press.subject, person=7)
    await run
    assert said.final == [Message("Stopped.")]
    assert not jobs.stop(press.subject, person=7)


async def test_work_that_takes_too_long_says_so(caplog: pytest.LogCaptureFixture) -> None:
    async def late() -> Sequence[Message]:
        raise TimeoutError

    said = Said()
    await Jobs().run(said, late())
    assert "took too long" in said.final[0].content


async def test_draining_lets_work_finish_and_takes_no_more() -> None:
    jobs, said, more, release = Jobs(), Said(), Said(), asyncio.Event()

    async def waits() -> Sequence[Message]:
        await release.wait()
        return (DONE,)

    run = asyncio.create_task(jobs.run(said, waits()))
    await asyncio.sleep(0)
    drain = asyncio.create_task(jobs.drain(60))
    await asyncio.sleep(0)
    await jobs.run(more, works())
    assert "restarting" in more.final[0].content
    release.set()
    await asyncio.gather(run, drain)
    assert said.final == [DONE]


async def test_what_is_not_finished_when_the_time_is_up_says_that_the_bot_restarts() -> None:
    jobs, said = Jobs(), Said()

    async def waits() -> Sequence[Message]:
        await asyncio.Event().wait()
        return (DONE,)

    run = asyncio.create_task(jobs.run(said, waits()))
    await asyncio.sleep(0)
    await jobs.drain(0)
    await run
    assert "restarting" in said.final[0].content


class Slow(Said):
    """A reply whose acknowledgement takes until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.release = asyncio.Event()

    async def acknowledge(self) -> None:
        await self.release.wait()


async def test_work_waits_while_others_are_being_acknowledged() -> None:
    jobs, slow, said = Jobs(), Slow(), Said()
    first = asyncio.create_task(jobs.run(slow, works()))
    await asyncio.sleep(0)
    second = asyncio.create_task(jobs.run(said, works()))
    for _ in range(20):
        await asyncio.sleep(0)
    assert (said.acknowledged, said.final) == (1, [])
    slow.release.set()
    await asyncio.gather(first, second)
    assert said.final == slow.final == [DONE]


async def test_work_waits_for_others_no_longer_than_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.jobs._MOMENT", 0.0)
    jobs, slow, said = Jobs(), Slow(), Said()
    first = asyncio.create_task(jobs.run(slow, works()))
    await asyncio.sleep(0)
    await jobs.run(said, works())
    assert said.final == [DONE]
    slow.release.set()
    await first
