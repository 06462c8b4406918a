"""Admission: whether a person may ask now; who may not is told when."""

from __future__ import annotations

import math

from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import Reply
from bot.discord.work.limits import Allowance


class Admission:
    """Lets people ask within an allowance."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance

    def wait(self, person: int, guild: int | None) -> float:
        """Return the seconds until this person may ask; 0 when they may now."""
        return self._allowance.wait(person, guild)

    async def admit(self, reply: Reply, person: int, guild: int | None) -> bool:
        """Whether this person may ask now, which is counted; who may not is told so."""
        wait = self._allowance.ask(person, guild)
        if wait:
            seconds = math.ceil(wait)
            line = reply.words("That was a lot of questions. Please ask again in {seconds} s.", seconds=seconds)
            await reply.refuse(notice(line))
        return not wait
