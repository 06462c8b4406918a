"""Sharing: a private answer is shown to everybody in the channel, once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.discord.answers.rendering import headed, render
from bot.discord.answers.service import AnswerButtons
from bot.discord.answers.stored import stored_answer
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import CONTENT, Button, Message
from bot.discord.messaging.neutral import length
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import EscalationTarget, Store, message_link
from bot.discord.work.jobs import Jobs
from bot.presenting.words import Words


def share_button(answer_id: str, words: Words) -> Button:
    """Return the button by which somebody shows a private answer to everybody in the channel."""
    return Button(words("Share"), str(CustomId("share", answer_id)), emoji="📣")


class Sharing(Feature):
    """Shows a stored answer in public, with who shares it and the `buttons` of a public answer."""

    def __init__(self, store: Store, jobs: Jobs, buttons: AnswerButtons) -> None:
        self._store = store
        self._jobs = jobs
        self._buttons = buttons

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button."""
        return {"share": self._share}

    async def _share(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction)
        await self._jobs.run(reply, self._messages(interaction, custom_id.subject, reply.words))
        if reply.shown_in is not None:
            locale = str(interaction.locale)
            await asyncio.to_thread(self._store.set_shown, custom_id.subject, reply.shown_in, locale)

    async def _messages(self, interaction: Interaction, answer_id: str, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        if not await asyncio.to_thread(self._store.set_public, answer_id):
            shown_in, _ = await asyncio.to_thread(self._store.shown, answer_id)
            link = message_link(interaction.guild_id, interaction.channel_id, shown_in)
            raise Refused(words("This answer is shared already. {link}", link=link).strip())
        buttons = self._buttons(stored.answer, answer_id, EscalationTarget(), words, private=False)
        shown = headed(render(stored.answer, answer_id, words, buttons), stored.answer.question)
        asked_in, _ = await asyncio.to_thread(self._store.shown, answer_id)
        by = words("Shared by {person}", person=interaction.user.mention)
        link = message_link(interaction.guild_id, interaction.channel_id, asked_in)
        return _with_head(shown, f"-# {by} {link}".rstrip())


def _with_head(messages: Sequence[Message], line: str) -> Sequence[Message]:
    first, *others = messages
    content = f"{line}\n{first.content}"
    if length(content) <= CONTENT:
        return (replace(first, content=content), *others)
    return (Message(line), *messages)
