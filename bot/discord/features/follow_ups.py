"""Follow-ups: the button under an answer, and the modal in which the next question is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.answering.understanding.question import LONGEST
from bot.discord.answers.question import PersonsQuestion, PriorConversation, home_of, origin
from bot.discord.answers.service import AnswerService
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.features.forms import Form, typed
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import Store
from bot.presenting.words import Words


def follow_up_button(answer_id: str, words: Words) -> Button:
    """Return the button that opens the modal."""
    return Button(words("Ask a follow-up"), str(CustomId("follow", answer_id)), emoji="💬")


class FollowUps(Feature):
    """Answers the questions that people ask after an answer."""

    def __init__(self, service: AnswerService, store: Store) -> None:
        self._service = service
        self._store = store

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button, and the modal once it is filled in."""
        return {"follow": self._open, "ask": self._answer}

    async def _open(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction)
        words = reply.words
        form = Form(
            words("Ask a follow-up"), CustomId("ask", custom_id.subject), words("Your question"), max_length=LONGEST
        )
        await reply.open(form)

    async def _answer(self, interaction: Interaction, custom_id: CustomId) -> None:
        async def before() -> PriorConversation:
            turns = await asyncio.to_thread(self._store.conversation, custom_id.subject)
            return PriorConversation(turns, custom_id.subject)

        private = interaction.message is not None and interaction.message.flags.ephemeral
        home = home_of(interaction.channel)
        asked = PersonsQuestion(
            typed(interaction), origin(interaction), before, private=private, hidden=True, home=home
        )
        await self._service.answer(InteractionReply(interaction, private=private), asked)
