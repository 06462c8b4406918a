"""The scene of the wire-level scenarios: the stand-in, and the whole bot in this process, connected to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from bot.discord.client import FootnoteClient
from bot.discord.desk import Desk
from bot.discord.jobs import Jobs
from bot.discord.store import Store
from bot.discord.watching import watch
from tests.scenarios.discord.canned import CannedAnswerer, CannedLibrary
from tests.scenarios.discord.standin import Channel, Message, Standin


class Wire:
    """A guild with a channel; ada is a member of it, grace manages it. The answers are canned.

    `pause` is what lies between two edits of one reply.
    """

    def __init__(self, standin: Standin) -> None:
        self.discord = standin
        self.library = CannedLibrary()
        self.answerer = CannedAnswerer(self.library)
        self.guild = standin.guild()
        self.general: Channel = standin.channel("general", self.guild)
        self.ada = standin.user("ada").joins(self.guild)
        self.grace = standin.user("grace").joins(self.guild, standin.admins(self.guild))
        self.pause: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.answerer.noticed = standin.changed_from_a_thread()

    async def asked(self, times: int = 1) -> None:
        """Wait until the answerer was asked."""
        await self.discord.until(lambda: len(self.answerer.asked) >= times, what="a question to be worked on")

    async def one_reply_in(self, channel: Channel, within: float = 20.0) -> Message:
        """Wait for the one finished message of the bot in a channel, and let what is still on its way arrive."""

        def finished() -> list[Message]:
            return [message for message in self.discord.messages(channel) if not message.thinking and message.text]

        await self.discord.until(finished, within, f"a reply in {channel.name}")
        await self.discord.quiet()
        assert len(finished()) == 1, [message.text for message in finished()]
        return finished()[0]

    async def reply_number(self, number: int, channel: Channel) -> Message:
        """Wait for so many messages of the bot in a channel, and return the last."""
        await self.discord.until(lambda: len(self.discord.messages(channel)) >= number, what=f"reply {number}")
        return self.discord.messages(channel)[number - 1]

    async def nothing_went_wrong(self) -> None:
        """No request was refused, nobody was pinged, nobody was left without a reply."""
        await self.discord.quiet()
        assert not self.discord.refusals, self.discord.refusals
        assert not self.discord.pinged
        assert not [each for each in self.discord.interactions.all.values() if each.ack is None]


@contextlib.asynccontextmanager
async def connected(standin: Standin, folder: Path, *, message_content: bool = False) -> AsyncIterator[Wire]:
    async with standin:
        wire = Wire(standin)
        with standin.pointed_at():
            bot = asyncio.create_task(_run(wire, folder, message_content))
            bot.add_done_callback(lambda task: standin.changed())
            try:
                await standin.until(lambda: bot.done() or standin.gateway.identifies, what="the bot to identify")
                if bot.done():
                    bot.result()
                yield wire
            finally:
                wire.answerer.gate.set()
                bot.cancel()
                await asyncio.wait([bot])


async def _run(wire: Wire, folder: Path, message_content: bool) -> None:
    store = Store(folder / "answers.sqlite")
    desk = Desk(wire.library, wire.answerer, store, Jobs(lambda seconds: wire.pause(seconds)))
    async with FootnoteClient(desk, message_content=message_content) as client:
        await client.login(wire.discord.token)
        watching = asyncio.create_task(watch(client))
        try:
            await client.connect()
        finally:
            watching.cancel()
    store.close()
