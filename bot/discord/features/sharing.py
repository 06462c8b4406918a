"""Sharing: a private answer is shown to everybody in the channel, once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.answer import Answer, NoteKind
from bot.discord.answers.rendering import headed, render
from bot.discord.answers.service import AnswerButtons
from bot.discord.answers.stored import stored_answer
from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import CONTENT, Button, Message
from bot.discord.messaging.neutral import length
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import EscalationTarget, Store, message_link
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words


def share_button(answer_id: str, words: Words) -> Button:
    """Return the button by which somebody shows a private answer to everybody in the channel."""
    return Button(words("Share"), str(CustomId("share", answer_id)), emoji="📣")


class Sharing(Feature):
    """Shows a stored answer in public, with who shares it and the `buttons` of a public answer.

    What not everybody in the channel may see is not shown to them.
    """

    def __init__(self, library: Library, store: Store, jobs: Jobs, viewers: Viewers, buttons: AnswerButtons) -> None:
        self._library = library
        self._viewers = viewers
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
            await asyncio.to_thread(self._store.set_posted, custom_id.subject, reply.shown_in)

    async def _messages(self, interaction: Interaction, answer_id: str, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        answer = await self._for_everybody(interaction, stored.answer, words)
        if not await asyncio.to_thread(self._store.set_public, answer_id):
            shown_in, _ = await asyncio.to_thread(self._store.shown, answer_id)
            link = message_link(interaction.guild_id, interaction.channel_id, shown_in)
            raise Refused(words("This answer is shared already. {link}", link=link).strip())
        buttons = self._buttons(answer, answer_id, EscalationTarget(), words, private=False)
        shown = headed(render(answer, answer_id, words, buttons), answer.question)
        asked_in, _ = await asyncio.to_thread(self._store.shown, answer_id)
        by = words("Shared by {person}", person=interaction.user.mention)
        link = message_link(interaction.guild_id, interaction.channel_id, asked_in)
        return _with_head(shown, f"-# {by} {link}".rstrip())

    async def _for_everybody(self, interaction: Interaction, answer: Answer, words: Words) -> Answer:
        """Return of an answer what everybody in the channel may see. Raises Refused where that is not all it says."""
        viewer = await self._viewers.of(interaction, private=False)
        hides = await asyncio.to_thread(self._library.hides, viewer)
        is_for_all = await asyncio.to_thread(self._library.sees, viewer, answer.documents)
        if not is_for_all or (hides and answer.clarification):
            raise Refused(
                words(
                    "Not everybody here may see what this answer is made of, so I do not show it. Ask publicly for"
                    " what everybody may see."
                )
            )
        if not hides:
            return answer
        # How the question was read may name what stands in other documents.
        return replace(answer, notes=tuple(note for note in answer.notes if note.kind is not NoteKind.READ_AS))


def _with_head(messages: Sequence[Message], line: str) -> Sequence[Message]:
    first, *others = messages
    content = f"{line}\n{first.content}"
    if length(content) <= CONTENT:
        return (replace(first, content=content), *others)
    return (Message(line), *messages)
