"""Stopping: the button under an answer that is still worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.work.jobs import STOP, Jobs
from bot.presenting.words import Words


class Stopping(Feature):
    """Ends a job for whoever started it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button."""
        return {STOP: self._stop}

    async def _stop(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._stopped(custom_id.subject, interaction.user.id, reply.words))

    async def _stopped(self, job_id: str, person: int, words: Words) -> Sequence[Message]:
        if self._jobs.stop(job_id, person):
            return (notice(words("Stopping.")),)
        return (notice(words("Only who asked can stop this, and only while it is under way.")),)
