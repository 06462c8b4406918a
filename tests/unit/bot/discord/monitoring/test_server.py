from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.discord.monitoring.measurements import Measurements
from bot.discord.monitoring.server import Monitor
from bot.discord.work.limits import Limits
from bot.settings import Address
from index.access import Viewer
from index.errors import IndexDamaged
from tests.fakes import FakeLibrary
from tests.unit.bot.discord.sample_answers import PAGE


class Bot:
    """A bot whose state the tests set, and what its monitoring answers."""

    def __init__(self) -> None:
        self.library = FakeLibrary(PAGE, number=1)
        self.is_connected = True
        self.address = Address("127.0.0.1", free_port())
        self.monitor = Monitor(self.library, Measurements(self.library, Limits()), lambda: self.is_connected)

    async def get(self, path: str) -> tuple[int, str, str]:
        """Return the status, the type and the text of a page."""
        url = f"http://{self.address.host}:{self.address.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, response.headers["Content-Type"], await response.text()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    async with bot.monitor.serving(bot.address):
        yield bot


async def test_a_bot_that_would_answer_is_healthy(bot: Bot) -> None:
    status, kind, text = await bot.get("/healthz")
    assert (status, kind) == (200, "application/json; charset=utf-8")
    assert text == '{"discord": true, "generation": 1, "problem": null}'


@pytest.mark.parametrize("trouble", ["out_of_touch", "words_alone"])
async def test_a_bot_that_goes_on_with_what_it_has_is_healthy_and_says_why(bot: Bot, trouble: str) -> None:
    setattr(bot.library, trouble, "http://server cannot be reached")
    status, _, text = await bot.get("/healthz")
    assert status == 200
    assert "http://server cannot be reached" in text


async def test_a_bot_that_discord_does_not_reach_is_not_healthy(bot: Bot) -> None:
    bot.is_connected = False
    status, _, text = await bot.get("/healthz")
    assert (status, '"discord": false' in text) == (503, True)


async def test_a_bot_without_an_index_is_not_healthy(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    bot.library.number = None
    status, _, text = await bot.get("/healthz")
    assert (status, "nothing is indexed yet" in text) == (503, True)

    def damaged(_: FakeLibrary, __: Viewer) -> None:
        raise IndexDamaged("generation 1 is damaged")

    monkeypatch.setattr(FakeLibrary, "generation", damaged)
    status, _, text = await bot.get("/healthz")
    assert (status, "generation 1 is damaged" in text) == (503, True)


async def test_prometheus_is_told_in_its_own_format(bot: Bot) -> None:
    status, kind, text = await bot.get("/metrics")
    assert (status, kind.split(";")[0]) == (200, "text/plain")
    assert "# TYPE footnote_generation_age_seconds gauge" in text
    assert "process_resident_memory_bytes" in text


async def test_there_is_nothing_else(bot: Bot) -> None:
    assert (await bot.get("/"))[0] == 404


async def test_when_the_block_is_left_nothing_is_served_any_more(bot: Bot) -> None:
    async with Bot().monitor.serving(other := Address("127.0.0.1", free_port())):
        pass
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{other.port}/healthz")
