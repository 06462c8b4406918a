"""Sharing: a private answer is shown to everybody in the channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.discord.answers.rendering import headed, render
from bot.discord.answers.service import AnswerButtons
from bot.discord.answers.stored import stored_answer
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Message
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import EscalationTarget, Store
from bot.discord.work.jobs import Jobs


def share_button(answer_id: str) -> Button:
    """Return the button by which somebody shows a private answer to everybody in the channel."""
    return Button("Share", str(CustomId("share", answer_id)), emoji="📣")


class Sharing(Feature):
    """Shows a stored answer in public, with the `buttons` of a public answer."""

    def __init__(self, store: Store, jobs: Jobs, buttons: AnswerButtons) -> None:
        self._store = store
        self._jobs = jobs
        self._buttons = buttons

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button."""
        return {"share": self._share}

    async def _share(self, interaction: Interaction, custom_id: CustomId) -> None:
        await self._jobs.run(InteractionReply(interaction), self._messages(custom_id.subject))

    async def _messages(self, answer_id: str) -> Sequence[Message]:
        answer = (await stored_answer(self._store, answer_id)).answer
        buttons = self._buttons(answer, answer_id, EscalationTarget(), private=False)
        return headed(render(answer, answer_id, buttons), answer.question)
