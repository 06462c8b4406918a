"""/sources: what is indexed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.desk import Desk
from bot.discord.identifiers import new_id
from bot.discord.message import Message
from bot.discord.replies import InteractionReply
from bot.discord.searching import page_of_sources
from index.documents import EVERYTHING


class Sources(commands.Cog):
    """Lists the indexed documents."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(name=_("sources"), description=_("List the documents that I know"))
    @app_commands.describe(filter=_("Only documents with this in their title or path"))
    async def sources(
        self,
        interaction: discord.Interaction[Any],
        filter: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """Show the documents whose title or path holds `filter`."""
        await self._desk.jobs.run(InteractionReply(interaction, private=True), self._listed(filter or ""))

    async def _listed(self, wanted: str) -> Sequence[Message]:
        lookup_id = new_id()
        await asyncio.to_thread(self._desk.store.keep_lookup, lookup_id, wanted.strip(), EVERYTHING)
        return await page_of_sources(self._desk, lookup_id, 0)
