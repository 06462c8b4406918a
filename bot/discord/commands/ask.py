"""/ask: a question, answered with citations; and autocomplete for the sources that it can be asked of."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.question import LONGEST
from bot.discord.desk import Desk, Question
from bot.discord.neutral import label
from bot.discord.replies import InteractionReply
from bot.discord.store import Asked
from index.errors import FootnoteError

_CHOICES = 25
_CHOICE_LENGTH = 100


class Ask(commands.Cog):
    """Answers questions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(name=_("ask"), description=_("Ask the documents a question"))
    @app_commands.describe(
        question=_("Your question, in your own words"),
        private=_("Show the answer to you alone"),
        source=_("Ask only this document or folder"),
    )
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, LONGEST],
        private: bool = False,
        source: str | None = None,
    ) -> None:
        """Answer `question`."""
        asked = Asked(interaction.user.id, interaction.guild_id, interaction.channel_id)
        handed_in = Question(question, asked, source=source, private=private, hidden=True)
        await self._desk.answer(InteractionReply(interaction, private=private), handed_in)

    @ask.autocomplete("source")
    async def choices(self, __: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Return the documents whose title or path holds what was typed."""
        return await source_choices(self._desk, typed)


async def source_choices(desk: Desk, typed: str) -> list[app_commands.Choice[str]]:
    """Return up to 25 documents whose title or path holds `typed`, by title; none where there is no index."""
    wanted = typed.strip().casefold()
    try:
        records = await asyncio.to_thread(desk.library.sources)
    except FootnoteError:
        return []
    found = sorted(
        (metadata for metadata in records if wanted in f"{metadata.title}\n{metadata.source}".casefold()),
        key=lambda metadata: (
            not metadata.title.casefold().startswith(wanted),
            metadata.title.casefold(),
            metadata.source,
        ),
    )
    return [
        app_commands.Choice(name=label(metadata.title, _CHOICE_LENGTH), value=metadata.id)
        for metadata in found[:_CHOICES]
    ]
