from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.work.limits import Allowance, Buckets, Busy, Queue, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def no_matter(_: int) -> None:
    pass


def test_a_bucket_gives_so_many_at_once_and_then_so_many_a_minute() -> None:
    clock = Clock()
    buckets = Buckets(Rate(at_once=2, a_minute=6), clock)
    for _ in range(2):
        assert buckets.wait(1) == 0
        buckets.take(1)
    assert buckets.wait(1) == pytest.approx(10)
    clock.now += 10
    assert buckets.wait(1) == pytest.approx(0)


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_pattern_of_asking_gets_more_than_the_rate(pauses: list[float]) -> None:
    clock = Clock()
    buckets = Buckets(Rate(at_once=3, a_minute=6), clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        if buckets.wait(1) == 0:
            buckets.take(1)
            taken += 1
    assert taken <= 3 + sum(pauses) / 10 + 1e-6


def test_a_guild_shares_one_bucket_and_direct_messages_have_none() -> None:
    allowance = Allowance(person=Rate(9, 9), guild=Rate(1, 1), clock=Clock())
    assert allowance.ask(person=1, guild=5) == 0
    assert allowance.ask(person=2, guild=5) > 0
    assert allowance.ask(person=2, guild=6) == 0
    assert allowance.ask(person=3, guild=None) == 0


def test_a_refused_question_costs_nothing() -> None:
    clock = Clock()
    allowance = Allowance(person=Rate(1, 60), guild=Rate(9, 9), clock=clock)
    allowance.ask(1, 5)
    for _ in range(20):
        assert allowance.ask(1, 5) > 0
    clock.now += 1
    assert allowance.ask(1, 5) == 0


async def test_who_has_to_wait_is_told_the_position_and_served_in_order() -> None:
    queue, release, both = Queue(places=1, length=5, patience=0), asyncio.Event(), asyncio.Event()
    positions: list[int] = []
    served: list[str] = []

    async def told(position: int) -> None:
        positions.append(position)
        if len(positions) == 2:
            both.set()

    async def ask(name: str) -> None:
        async with queue.turn(told):
            served.append(name)
            await release.wait()

    tasks = [asyncio.create_task(ask(name)) for name in "abc"]
    await asyncio.wait_for(both.wait(), 10)
    assert (served, positions) == (["a"], [1, 2])
    release.set()
    await asyncio.gather(*tasks)
    assert served == ["a", "b", "c"]


async def test_a_full_queue_refuses() -> None:
    queue, release = Queue(places=1, length=1), asyncio.Event()

    async def ask() -> None:
        async with queue.turn(no_matter):
            await release.wait()

    tasks = [asyncio.create_task(ask()) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="1 questions are waiting"):
        await ask()
    release.set()
    await asyncio.gather(*tasks)


@given(st.integers(1, 3), st.lists(st.booleans(), min_size=1, max_size=12))
async def test_whoever_leaves_the_queue_takes_no_place_along(places: int, leaves: list[bool]) -> None:
    queue, release = Queue(places, length=20), asyncio.Event()

    async def ask() -> None:
        async with queue.turn(no_matter):
            await release.wait()

    tasks = [asyncio.create_task(ask()) for _ in leaves]
    await asyncio.sleep(0)
    for task, leaving in zip(tasks, leaves, strict=True):
        if leaving:
            task.cancel()
    release.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    release.clear()
    again = [asyncio.create_task(ask()) for _ in range(places)]
    await asyncio.sleep(0)
    assert not queue._waiting
    release.set()
    await asyncio.gather(*again)
