"""A reply that remembers what was shown, and a pause that a test ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.discord.messaging.message import Message
from bot.presenting.words import ENGLISH


class Said:
    """A reply that remembers what was shown."""

    words = ENGLISH
    shown_in: int | None = None

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


class Pause:
    """A pause between two edits that lasts until the test ends it."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.begun = asyncio.Event()
        self._over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.begun.set()
        await self._over.wait()
        self._over.clear()

    def end(self) -> None:
        self.begun.clear()
        self._over.set()
