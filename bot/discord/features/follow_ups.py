"""Follow-ups: the button under an answer, and the modal in which the next question is typed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering.understanding.question import LONGEST
from bot.discord.answers.question import PersonsQuestion, home_of, origin
from bot.discord.answers.service import AnswerService
from bot.discord.answers.stored import Conversations
from bot.discord.features.components import Feature, Handler, Interaction, is_private
from bot.discord.features.forms import Form, typed
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button
from bot.discord.messaging.replies import InteractionReply
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words


def follow_up_button(answer_id: str, words: Words) -> Button:
    """Return the button that opens the modal."""
    return Button(words("Ask a follow-up"), str(CustomId("follow", answer_id)), emoji="💬")


class FollowUps(Feature):
    """Answers the questions that people ask after an answer."""

    def __init__(self, service: AnswerService, viewers: Viewers, conversations: Conversations) -> None:
        self._service = service
        self._viewers = viewers
        self._conversations = conversations

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
        private = is_private(interaction)
        alone = interaction.user.id if private else None
        asked = PersonsQuestion(
            typed(interaction),
            origin(interaction),
            lambda: self._viewers.of(interaction, private=private),
            lambda viewer: self._conversations.upto(custom_id.subject, viewer, alone),
            private=private,
            hidden=True,
            home=home_of(interaction.channel),
        )
        await self._service.answer(InteractionReply(interaction, private=private), asked)
