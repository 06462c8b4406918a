"""Going back: the button under `/status` that puts an earlier generation of the index into use again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.features.refreshing import may_not_refresh, may_refresh_here
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.servers import Servers
from bot.discord.work.jobs import Jobs
from bot.presenting.words import Words

log = logging.getLogger(__name__)

_ACTION = "rollback"


class GoingBack(Feature):
    """Goes back to an earlier generation, for those who may refresh: see `Refreshing`."""

    def __init__(self, library: Library, jobs: Jobs, servers: Servers, roles: frozenset[int]) -> None:
        self._library = library
        self._jobs = jobs
        self._servers = servers
        self._roles = roles

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button that goes back."""
        return {_ACTION: self._go_back}

    async def _go_back(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InPlaceReply(interaction)
        if not await may_refresh_here(interaction, self._servers, self._roles):
            await InteractionReply(interaction).refuse(may_not_refresh(reply.words))
            return
        number = int(custom_id.subject) if custom_id.subject.isdecimal() else 0
        log.info("an earlier generation was asked for", extra={"person": interaction.user.id, "number": number})
        await self._jobs.run(reply, self._restored(number, reply.words))

    async def _restored(self, number: int, words: Words) -> Sequence[Message]:
        now = await asyncio.to_thread(self._library.roll_back, number)
        said = words("Generation {number} brings back {earlier}.", number=now.number, earlier=number)
        until = words("It stays until somebody refreshes; until then nothing is indexed by itself.")
        return (notice(f"{said} {until}"),)


def back_button(number: int, words: Words) -> Button:
    """Return the button that goes back to the generation of this number."""
    return Button(words("Go back to {number}", number=number), str(CustomId(_ACTION, str(number))), style="danger")
