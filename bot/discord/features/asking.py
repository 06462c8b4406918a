"""Asking: `/ask`, and "Answer this" in the menu of somebody's message."""

from __future__ import annotations

from collections.abc import Iterable

import discord
from discord import app_commands
from discord.app_commands import locale_str as _

from bot.answering.understanding.question import LONGEST
from bot.discord.answers.conversation import without_mentions
from bot.discord.answers.question import PersonsQuestion, origin
from bot.discord.answers.service import AnswerService
from bot.discord.answers.sources import SourceNames
from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.replies import InteractionReply


class Asking(Feature):
    """Answers questions, with citations."""

    def __init__(self, service: AnswerService, sources: SourceNames) -> None:
        self._service = service
        self._sources = sources

    @app_commands.command(name=_("ask"), description=_("Ask the documents a question"))
    @app_commands.describe(
        question=_("Your question, in your own words"),
        private=_("Show the answer to you alone"),
        source=_("Ask only this document or folder"),
    )
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, LONGEST],
        private: bool = False,
        source: str | None = None,
    ) -> None:
        """Answer `question`."""
        asked = PersonsQuestion(question, origin(interaction), source=source, private=private, hidden=True)
        await self._service.answer(InteractionReply(interaction, private=private), asked)

    @ask.autocomplete("source")
    async def choices(self, __: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Return the documents whose title or path holds what was typed."""
        return await self._sources.choices(typed)

    def message_menu(self) -> Iterable[app_commands.ContextMenu]:
        """Answers a message to whoever points at it, alone."""
        return (app_commands.ContextMenu(name=_("Answer this"), callback=self._answer_this),)

    async def _answer_this(self, interaction: Interaction, message: discord.Message) -> None:
        asked = PersonsQuestion(without_mentions(message), origin(interaction), private=True, hidden=True)
        await self._service.answer(InteractionReply(interaction, private=True), asked)
