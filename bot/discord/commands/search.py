"""/search: the passages that come closest to some words, with no answer made of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.question import LONGEST, parse
from bot.discord.commands.ask import source_choices
from bot.discord.desk import Desk
from bot.discord.identifiers import new_id
from bot.discord.message import Message
from bot.discord.replies import InteractionReply
from bot.discord.searching import page_of_search
from bot.discord.store import Asked
from bot.errors import BadQuestion
from index.documents import Filter


class Search(commands.Cog):
    """Finds passages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(name=_("search"), description=_("Find passages in the documents"))
    @app_commands.describe(
        query=_("What to look for"),
        source=_("Search only this document or folder"),
        since=_("Published on or after this day, as 2025-12-31"),
        until=_("Published on or before this day, as 2025-12-31"),
    )
    async def search(
        self,
        interaction: discord.Interaction[Any],
        query: app_commands.Range[str, 1, LONGEST],
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        """Show the passages that `query` finds."""
        reply = InteractionReply(interaction)
        if await self._desk.admit(reply, Asked(interaction.user.id, interaction.guild_id)):
            await self._desk.jobs.run(reply, self._found(query, source, since, until))

    @search.autocomplete("source")
    async def choices(self, __: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Return the documents whose title or path holds what was typed."""
        return await source_choices(self._desk, typed)

    async def _found(self, query: str, source: str | None, since: str | None, until: str | None) -> Sequence[Message]:
        where = Filter(await self._desk.source(source), day(since), day(until))
        lookup_id = new_id()
        await asyncio.to_thread(self._desk.store.keep_lookup, lookup_id, parse(query), where)
        return await page_of_search(self._desk, lookup_id, 0)


def day(text: str | None) -> date | None:
    """Return the day that `text` names as 2025-12-31. Raises BadQuestion when it names none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadQuestion(f"“{text[:40]}” is not a day; write it as 2025-12-31.") from None
