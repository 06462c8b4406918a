from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
import pytest

from bot.discord.messaging.delivery import PATIENT, deliver
from tests.unit.bot.discord.faults import refused, reset


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    taken: list[float] = []

    async def pause(seconds: float) -> None:
        taken.append(seconds)

    monkeypatch.setattr("bot.discord.messaging.delivery.sleep", pause)
    return taken


def failing(*faults: Exception) -> Callable[[], Awaitable[str]]:
    left = list(faults)

    async def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return call


@pytest.mark.parametrize("fault", [reset(), refused(503), refused(500), TimeoutError()])
async def test_a_passing_fault_is_tried_again(fault: Exception, pauses: list[float]) -> None:
    assert await deliver(failing(fault, fault)) == "done"
    assert pauses == list(PATIENT[:2])


@pytest.mark.parametrize(("status", "code"), [(400, 40060), (403, 50013), (404, 10062), (401, 50027)])
async def test_a_refusal_is_final(status: int, code: int, pauses: list[float]) -> None:
    with pytest.raises(discord.HTTPException) as raised:
        await deliver(failing(refused(status, code)))
    assert raised.value.code == code
    assert pauses == []


async def test_a_fault_that_does_not_pass_is_raised_in_the_end(pauses: list[float]) -> None:
    with pytest.raises(discord.DiscordServerError):
        await deliver(failing(*[refused(503)] * 20))
    assert pauses == list(PATIENT)


async def test_a_limit_too_long_for_the_library_is_waited_out_and_logged(
    pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    assert await deliver(failing(discord.RateLimited(60.0))) == "done"
    assert pauses == [60.0]
    assert "repeating a call to Discord" in caplog.text


async def test_an_update_does_not_wait_out_a_limit(pauses: list[float]) -> None:
    with pytest.raises(discord.RateLimited):
        await deliver(failing(discord.RateLimited(60.0)), pauses=())
    assert pauses == []
