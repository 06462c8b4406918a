"""The commands in a message's own menu: "Answer this" and "Find sources"."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.question import parse
from bot.discord.conversation import words
from bot.discord.desk import Desk, Question
from bot.discord.identifiers import new_id
from bot.discord.message import Message
from bot.discord.replies import InteractionReply
from bot.discord.searching import page_of_search
from bot.discord.store import Asked
from index.documents import EVERYTHING


class Menus(commands.Cog):
    """Answers, or finds sources for, a message that somebody points at; shown to that person alone."""

    def __init__(self, desk: Desk, tree: app_commands.CommandTree[Any]) -> None:
        self._desk = desk
        tree.add_command(app_commands.ContextMenu(name=_("Answer this"), callback=self._answer_this))
        tree.add_command(app_commands.ContextMenu(name=_("Find sources"), callback=self._find_sources))

    async def _answer_this(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        asked = Asked(interaction.user.id, interaction.guild_id, interaction.channel_id)
        question = Question(words(message), asked, private=True, hidden=True)
        await self._desk.answer(InteractionReply(interaction, private=True), question)

    async def _find_sources(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        reply = InteractionReply(interaction, private=True)
        if await self._desk.admit(reply, Asked(interaction.user.id, interaction.guild_id)):
            await self._desk.jobs.run(reply, self._sources(words(message)))

    async def _sources(self, text: str) -> Sequence[Message]:
        lookup_id = new_id()
        await asyncio.to_thread(self._desk.store.keep_lookup, lookup_id, parse(text), EVERYTHING)
        return await page_of_search(self._desk, lookup_id, 0)
