"""/status: how the index and the bot are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.desk import Desk
from bot.discord.message import Message
from bot.discord.replies import InteractionReply
from bot.discord.reports import status_message


class Status(commands.Cog):
    """Says how things are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(name=_("status"), description=_("Show the age and the size of the index"))
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the generation in use, and how long answers take and what they cost."""
        await self._desk.jobs.run(InteractionReply(interaction, private=True), self._state())

    async def _state(self) -> Sequence[Message]:
        latest = await asyncio.to_thread(self._desk.store.latest)
        generation = await asyncio.to_thread(lambda: self._desk.library.generation)
        return (status_message(generation, latest, self._desk.chat_model, datetime.now(UTC)),)
