"""Asking: `/ask`, and "Answer this" in the menu of somebody's message."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import discord
from discord import app_commands
from discord.app_commands import locale_str as _

from bot.answering.understanding.question import LONGEST
from bot.discord.answers.conversation import without_mentions
from bot.discord.answers.question import PersonsQuestion, home_of, origin
from bot.discord.answers.service import AnswerService
from bot.discord.answers.sources import SourceNames
from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.delivery import REFUSED, deliver
from bot.discord.messaging.neutral import label
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.work.viewers import Viewers

_THREAD_NAME = 100


class Asking(Feature):
    """Answers questions, with citations."""

    def __init__(self, service: AnswerService, sources: SourceNames, viewers: Viewers) -> None:
        self._service = service
        self._sources = sources
        self._viewers = viewers

    @app_commands.command(name=_("ask"), description=_("Ask the documents a question"))
    @app_commands.describe(
        question=_("Your question, in your own words"),
        private=_("Show the answer to you alone"),
        source=_("Ask only this document or folder"),
        thread=_("Open a thread below the answer, to go on in"),
    )
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, LONGEST],
        private: bool = False,
        source: str | None = None,
        thread: bool = False,
    ) -> None:
        """Answer `question`."""
        reply = InteractionReply(interaction, private=private)
        asked = PersonsQuestion(
            question,
            origin(interaction),
            lambda: self._viewers.of(interaction, private=private),
            source=source,
            private=private,
            hidden=True,
            home=home_of(interaction.channel),
        )
        answered = await self._service.answer(reply, asked)
        if answered and thread and not private:
            await _open_thread(interaction, reply, question)

    @ask.autocomplete("source")
    async def choices(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Return the folders and documents whose title or path holds what was typed."""
        return await self._sources.choices(typed, await self._viewers.of(interaction, private=True))

    def message_menu(self) -> Iterable[app_commands.ContextMenu]:
        """Answers a message to whoever points at it, alone."""
        return (app_commands.ContextMenu(name=_("Answer this"), callback=self._answer_this),)

    async def _answer_this(self, interaction: Interaction, message: discord.Message) -> None:
        asked = PersonsQuestion(
            without_mentions(message),
            origin(interaction),
            lambda: self._viewers.of(interaction, private=True),
            private=True,
            hidden=True,
            message=message.id,
            home=home_of(message.channel),
        )
        await self._service.answer(InteractionReply(interaction, private=True), asked)


async def _open_thread(interaction: Interaction, reply: InteractionReply, question: str) -> None:
    """Open a thread below the answer; where that is not possible, say so to the asker alone."""
    channel, shown_in, words = interaction.channel, reply.shown_in, reply.words
    if isinstance(channel, discord.TextChannel) and shown_in is not None:
        answer = channel.get_partial_message(shown_in)
        name = label(question, _THREAD_NAME)
        with contextlib.suppress(*REFUSED):
            await deliver(lambda: answer.create_thread(name=name, auto_archive_duration=1440))
            return
    await reply.add(notice(words("I cannot open a thread here.")))
