from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Message
from bot.discord.work.jobs import Interim, Jobs
from bot.presenting.words import ENGLISH
from index.errors import IndexMissing
from tests.unit.bot.discord.recording import Pause, Said

DONE = Message("Done.")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every job for a long one."""
    monkeypatch.setattr("bot.discord.work.jobs._LONG", 0.0)


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
    assert said.final == [Message("Nothing is indexed yet: whoever manages this server can say /refresh.")]


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
    press = CustomId.parse(button.action or "")
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


class Writing:
    """A job that says what a test lets it say, until it is done."""

    def __init__(self) -> None:
        self.said, self.interim, self.pause = Said(), Interim(words=ENGLISH), Pause()
        self.jobs = Jobs(self.pause)
        self.done = asyncio.Event()
        self.run = asyncio.create_task(self.jobs.run(self.said, self._work(), owner=7, interim=self.interim))

    @property
    def shown(self) -> list[str]:
        return [message.content for message in self.said.interim]

    async def says(self, text: str) -> None:
        """Say something, and wait until it is shown and the pause after it has begun."""
        self.interim.say(Message(text))
        await asyncio.wait_for(self.pause.begun.wait(), 10)

    async def ends(self) -> None:
        self.done.set()
        self.pause.end()
        await asyncio.wait_for(self.run, 10)

    async def _work(self) -> Sequence[Message]:
        await self.done.wait()
        return (DONE,)


async def test_what_work_says_is_shown_until_it_is_done_with_a_button_to_stop_it() -> None:
    writing = Writing()
    await writing.says("One. [1]")
    assert writing.shown == ["One. [1]\n\n-# Writing …"]
    ((button,),) = writing.said.interim[0].rows
    assert isinstance(button, Button) and button.label == "Stop"
    await writing.ends()
    assert len(writing.said.interim) == 1 and writing.said.final == [DONE]


async def test_what_is_said_within_a_second_of_an_edit_is_shown_after_it_and_only_the_latest() -> None:
    writing = Writing()
    await writing.says("One.")
    writing.interim.say(Message("One. Two."))
    writing.interim.say(Message("One. Two. Three."))
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(writing.shown) == 1
    writing.pause.end()
    await asyncio.wait_for(writing.pause.begun.wait(), 10)
    assert [content.partition("\n")[0] for content in writing.shown] == ["One.", "One. Two. Three."]
    assert writing.pause.seconds == [1.0, 1.0]
    await writing.ends()


async def test_the_end_keeps_its_distance_from_the_last_edit_too() -> None:
    writing = Writing()
    await writing.says("One.")
    writing.done.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert writing.said.final == []
    await writing.ends()
    assert writing.said.final == [DONE]


async def test_what_is_said_once_more_is_no_reason_to_edit() -> None:
    writing = Writing()
    await writing.says("One.")
    writing.interim.say(Message("One."))
    writing.pause.end()
    await writing.ends()
    assert len(writing.shown) == 1


async def test_what_is_said_at_the_very_end_is_no_reason_to_edit() -> None:
    said, interim = Said(), Interim(words=ENGLISH)

    async def works_and_talks() -> Sequence[Message]:
        interim.say(DONE)
        await asyncio.sleep(0)
        return (DONE,)

    await Jobs().run(said, works_and_talks(), owner=7, interim=interim)
    assert (said.interim, said.final) == ([], [DONE])


async def test_a_line_on_how_far_it_is_stands_alone_until_there_is_something_of_the_result() -> None:
    writing = Writing()
    writing.interim.tell("Busy: your question is number 3 in the queue.")
    await asyncio.wait_for(writing.pause.begun.wait(), 10)
    writing.pause.end()
    await writing.says("One.")
    assert writing.shown == ["Busy: your question is number 3 in the queue.", "One.\n\n-# Writing …"]
    await writing.ends()


@pytest.mark.usefixtures("at_once")
async def test_what_is_said_takes_the_place_of_the_line_that_it_takes_long() -> None:
    writing = Writing()
    await asyncio.wait_for(writing.pause.begun.wait(), 10)
    writing.pause.end()
    await writing.says("One.")
    assert writing.shown == ["Still working on it …", "One.\n\n-# Writing …"]
    await writing.ends()


async def test_who_stops_it_keeps_what_was_shown_and_is_told_that_it_was_stopped() -> None:
    writing = Writing()
    await writing.says("One. [1]")
    ((button,),) = writing.said.interim[0].rows
    assert isinstance(button, Button)
    press = CustomId.parse(button.action or "")
    assert press is not None and writing.jobs.stop(press.subject, person=7)
    await writing.ends()
    assert writing.said.final == [Message("One. [1]\n\n-# Stopped.")]


async def test_what_was_shown_stays_when_the_bot_restarts() -> None:
    writing = Writing()
    await writing.says("One. [1]")
    drain = asyncio.create_task(writing.jobs.drain(0))
    await asyncio.sleep(0)
    writing.pause.end()
    await asyncio.gather(writing.run, drain)
    ((shown),) = writing.said.final
    assert shown.content.startswith("One. [1]\n\n-# I am restarting")


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
    monkeypatch.setattr("bot.discord.work.jobs._MOMENT", 0.0)
    jobs, slow, said = Jobs(), Slow(), Said()
    first = asyncio.create_task(jobs.run(slow, works()))
    await asyncio.sleep(0)
    await jobs.run(said, works())
    assert said.final == [DONE]
    slow.release.set()
    await first
