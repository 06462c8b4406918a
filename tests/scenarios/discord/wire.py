"""The scene of the wire-level scenarios: the stand-in, and the whole bot in this process, connected to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.discord.client import FootnoteClient
from bot.discord.messaging.custom_id import CustomId
from bot.discord.store import Store
from bot.discord.watching import watch
from bot.discord.work.jobs import Jobs
from tests import fakes
from tests.fakes import FakeAnswerer, FakeLibrary, Quoting
from tests.scenarios.discord.standin import Channel, Message, Standin
from tests.scenarios.discord.standin.limits import walk

DOCUMENTS = (
    fakes.document("Rates", "The rate rose to 4.6 percent in May. It had been 4.1 percent in April."),
    fakes.document("Harbour", "The harbour opens at six. Ships wait outside until the tide turns."),
)


class Wire:
    """A guild with a channel; ada is a member of it, grace manages it. Every answer quotes DOCUMENTS.

    `pause` is what lies between two edits of one reply.
    """

    def __init__(self, standin: Standin, folder: Path) -> None:
        self.discord = standin
        self.library = FakeLibrary(*DOCUMENTS)
        self.library.lies_in(folder)
        self.quoting = Quoting(self.library)
        self.answerer = FakeAnswerer(self.quoting)
        self.store = Store(folder / "answers.sqlite")
        self.guild = standin.guild()
        self.general: Channel = standin.channel("general", self.guild)
        self.ada = standin.user("ada").joins(self.guild)
        self.grace = standin.user("grace").joins(self.guild, standin.admins(self.guild))
        self.pause: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.clients: list[FootnoteClient] = []
        self._bot: asyncio.Task[None] | None = None
        self.answerer.noticed = standin.changed_from_a_thread()

    async def start(self, **options: Any) -> None:
        """Let the bot run, given `options`, and wait until it has identified."""
        wanted = len(self.discord.gateway.identifies) + 1
        self._bot = bot = asyncio.create_task(self._run(**options))
        bot.add_done_callback(lambda task: self.discord.changed())
        await self.discord.until(
            lambda: bot.done() or len(self.discord.gateway.identifies) >= wanted, what="the bot to identify"
        )
        if bot.done():
            bot.result()

    async def stop(self) -> None:
        """End the bot, if it runs."""
        if self._bot is not None:
            self.answerer.gate.set()
            self._bot.cancel()
            await asyncio.wait([self._bot])

    async def restart(self, **options: Any) -> None:
        """End the bot, and let another one run."""
        await self.stop()
        await self.start(**options)

    async def _run(self, **options: Any) -> None:
        jobs = Jobs(lambda seconds: self.pause(seconds))
        async with FootnoteClient(self.library, self.answerer, self.store, jobs, **options) as client:
            self.clients.append(client)
            await client.login(self.discord.token)
            watching = asyncio.create_task(watch(self.library, client))
            try:
                await client.connect()
            finally:
                watching.cancel()

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
async def connected(standin: Standin, folder: Path, **options: Any) -> AsyncIterator[Wire]:
    """Start the stand-in and the bot, which is given `options`."""
    async with standin:
        wire = Wire(standin, folder)
        with standin.pointed_at(), contextlib.closing(wire.store):
            try:
                await wire.start(**options)
                yield wire
            finally:
                await wire.stop()


def actions(message: Message) -> list[str]:
    """Return the actions of the buttons and menus under a message, in order."""
    found = [CustomId.parse(each.get("custom_id") or "") for _, each in walk(list(message.components))]
    return [custom_id.action for custom_id in found if custom_id]


def custom_id(message: Message, action: str) -> str:
    """Return the custom id of the first button with this action."""
    ids = [button.custom_id or "" for button in message.buttons]
    return next(each for each in ids if (parsed := CustomId.parse(each)) and parsed.action == action)
