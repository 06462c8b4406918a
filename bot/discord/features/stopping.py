"""Stopping: the button under an answer that is still worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.work.jobs import STOP, Jobs


class Stopping(Feature):
    """Ends a job for whoever started it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button."""
        return {STOP: self._stop}

    async def _stop(self, interaction: Interaction, custom_id: CustomId) -> None:
        work = self._stopped(custom_id.subject, interaction.user.id)
        await self._jobs.run(InteractionReply(interaction, private=True), work)

    async def _stopped(self, job_id: str, person: int) -> Sequence[Message]:
        stopped = self._jobs.stop(job_id, person)
        return (notice("Stopping." if stopped else "Only who asked can stop this, and only while it is under way."),)
