"""Clarifying: a question that was asked back has a button for each thing that it can mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answering.answer import Answer
from bot.discord.answers.question import PersonsQuestion, PriorConversation, home_of, origin
from bot.discord.answers.service import AnswerService
from bot.discord.answers.stored import Conversations, stored_answer
from bot.discord.features.components import Feature, Handler, Interaction, is_private
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button
from bot.discord.messaging.neutral import label
from bot.discord.messaging.notices import Refused, notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import Store
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words
from index.access import Viewer

_LABEL = 80


def choice_buttons(answer: Answer, answer_id: str) -> Sequence[Button]:
    """Return a button for each choice of a question that is asked back."""
    choices = answer.clarification.choices if answer.clarification else ()
    return [
        Button(label(choice.name, _LABEL), str(CustomId("choose", answer_id, f"{number}")), style="primary")
        for number, choice in enumerate(choices)
    ]


class Clarifying(Feature):
    """Asks a question again in the sense that somebody chose."""

    def __init__(self, service: AnswerService, store: Store, viewers: Viewers, conversations: Conversations) -> None:
        self._service = service
        self._store = store
        self._viewers = viewers
        self._conversations = conversations

    def handlers(self) -> Mapping[str, Handler]:
        """Return the buttons of the choices."""
        return {"choose": self._choose}

    async def _choose(self, interaction: Interaction, custom_id: CustomId) -> None:
        private = is_private(interaction)
        reply = InteractionReply(interaction, private=private)
        try:
            text, follows = await self._meant(custom_id, reply.words)
        except Refused as reason:
            await reply.refuse(notice(str(reason)))
            return

        async def before(viewer: Viewer) -> PriorConversation:
            alone = interaction.user.id if private else None
            return await self._conversations.upto(follows, viewer, alone) if follows else PriorConversation()

        asked = PersonsQuestion(
            text,
            origin(interaction),
            lambda: self._viewers.of(interaction, private=private),
            before,
            private=private,
            hidden=True,
            home=home_of(interaction.channel),
        )
        await self._service.answer(reply, asked)

    async def _meant(self, custom_id: CustomId, words: Words) -> tuple[str, str | None]:
        """Return the question in the sense that was chosen, and the answer that it follows up."""
        stored = await stored_answer(self._store, custom_id.subject, words)
        clarification = stored.answer.clarification
        number = int(custom_id.detail) if custom_id.detail.isdecimal() else -1
        if clarification is None or not 0 <= number < len(clarification.choices):
            raise Refused(words("I no longer have this answer. Please ask again."))
        return clarification.choices[number].question, stored.origin.follows
