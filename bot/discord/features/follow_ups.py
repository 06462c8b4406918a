"""Follow-ups: the button under an answer, and the modal in which the next question is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot.answering.understanding.question import LONGEST
from bot.discord.answers.question import PersonsQuestion, PriorConversation, origin
from bot.discord.answers.service import AnswerService
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import Store


def follow_up_button(answer_id: str) -> Button:
    """Return the button that opens the modal."""
    return Button("Ask a follow-up", str(CustomId("follow", answer_id)), emoji="💬")


class FollowUps(Feature):
    """Answers the questions that people ask after an answer."""

    def __init__(self, service: AnswerService, store: Store) -> None:
        self._service = service
        self._store = store

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button, and the modal once it is filled in."""
        return {"follow": self._open, "ask": self._answer}

    async def _open(self, interaction: Interaction, custom_id: CustomId) -> None:
        await InteractionReply(interaction).open(_FollowUpModal(custom_id.subject))

    async def _answer(self, interaction: Interaction, custom_id: CustomId) -> None:
        async def before() -> PriorConversation:
            turns = await asyncio.to_thread(self._store.conversation, custom_id.subject)
            return PriorConversation(turns, custom_id.subject)

        private = interaction.message is not None and interaction.message.flags.ephemeral
        asked = PersonsQuestion(_typed(interaction), origin(interaction), before, private=private, hidden=True)
        await self._service.answer(InteractionReply(interaction, private=private), asked)


class _FollowUpModal(discord.ui.Modal):
    """Asks for the question that follows up the answer with this id."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(title="Ask a follow-up", custom_id=str(CustomId("ask", answer_id)))
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=LONGEST, required=True
        )
        self.add_item(discord.ui.Label(text="Your question", component=field))
        self.stop()  # what is sent is answered from its custom id, also after a restart


def _typed(interaction: Interaction) -> str:
    return " ".join(_values(interaction.data)).strip()


def _values(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(data.get("value"), str):
            yield data["value"]
        for part in (data.get("components"), data.get("component")):
            yield from _values(part)
    elif isinstance(data, list):
        for part in data:
            yield from _values(part)
