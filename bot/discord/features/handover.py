"""Handing over: a question that the documents do not answer goes to whom the guild names for that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.discord.answers.stored import stored_answer
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.delivery import REFUSED, post
from bot.discord.messaging.message import Button, Message
from bot.discord.messaging.neutral import inline
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import EscalationTarget, Store, StoredAnswer
from bot.discord.work.jobs import Jobs

log = logging.getLogger(__name__)

_MAY_NOT_ASK = notice(
    "I may not write where people are asked, so nobody was. Whoever manages this server can let me, or name another"
    " channel with /channel humans; then press again."
)


def ask_a_human_button(answer_id: str) -> Button:
    """Return the button under a refusal that hands the question over."""
    return Button("Ask a human", str(CustomId("human", answer_id)), emoji="🙋", style="primary")


class Handover(Feature):
    """Hands a refused question to the guild's escalation target, once."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button."""
        return {"human": self._hand_over}

    async def _hand_over(self, interaction: Interaction, custom_id: CustomId) -> None:
        work = self._outcome(interaction, custom_id.subject)
        await self._jobs.run(InteractionReply(interaction, private=True), work)

    async def _outcome(self, interaction: Interaction, answer_id: str) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id)
        target = await asyncio.to_thread(self._store.escalation_target, stored.origin.guild)
        channel: Any = interaction.client.get_channel(target.channel) if target.channel else interaction.channel
        if target == EscalationTarget() or channel is None:
            return (
                notice(
                    "Nobody is named for questions here any more. Whoever runs this server can say /channel humans."
                ),
            )
        if not await asyncio.to_thread(self._store.mark_handed_over, stored.id):
            return (notice("The people here have been asked already."),)
        try:
            sent = await post(channel, request_message(stored, target, _where(interaction)), role=target.role)
        except REFUSED as fault:
            await asyncio.to_thread(self._store.set_handover, stored.id, None)
            log.warning("a question could not be handed over", extra={"to": channel.id, "fault": repr(fault)})
            return (_MAY_NOT_ASK,)
        await asyncio.to_thread(self._store.set_handover, stored.id, sent.id)
        return (notice("I have asked the people here."),)


def request_message(stored: StoredAnswer, target: EscalationTarget, link: str) -> Message:
    """Return the question that the documents do not answer, for people; `link` shows where it was asked."""
    call = f"<@&{target.role}> " if target.role else ""
    link = f"\n{link}" if link else ""
    question = inline(stored.answer.question, 1500)
    return Message(f"{call}<@{stored.origin.asker}> asks what the documents do not answer:\n> {question}{link}")


def _where(interaction: Interaction) -> str:
    """Return the link to the refusal, or its channel where the asker alone sees it; nothing outside of a guild."""
    if interaction.message is None or interaction.guild_id is None:
        return ""
    if interaction.message.flags.ephemeral:
        return f"<#{interaction.channel_id}>"
    return interaction.message.jump_url
