from __future__ import annotations

import pytest

from bot.answering.composing import stopwatch
from bot.answering.composing.stopwatch import Stopwatch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the time, in seconds, as a list of one number to be changed."""
    now = [100.0]
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: now[0])
    return now


def test_a_step_that_is_taken_twice_adds_up(clock: list[float]) -> None:
    watch = Stopwatch()
    for seconds in (0.25, 0.5):
        with watch.step("search"):
            clock[0] += seconds
    clock[0] += 1.0
    assert watch.timings() == {"search": 750.0, "total": 1750.0}


def test_a_mark_keeps_the_first_time(clock: list[float]) -> None:
    watch = Stopwatch()
    for _ in range(2):
        clock[0] += 0.125
        watch.mark("first_statement")
    assert watch.timings() == {"first_statement": 125.0, "total": 250.0}
