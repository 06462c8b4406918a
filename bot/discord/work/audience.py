"""The audience: who may ask at all."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from time import monotonic
from typing import Any

import discord

from bot.discord.messaging.delivery import REFUSED

_REMEMBERED = 10_000
_SECONDS = 3600.0
# Whoever runs the bot in more servers than these has opened it to everybody.
_ASKED = 20


class Audience:
    """The members of the servers that the operator names, or of those that the bot is in.

    In a server it is the server that counts. In a direct message, and where somebody uses the bot in a server that it
    is not in, that person must be a member of one of those servers.
    """

    def __init__(self, servers: frozenset[int] = frozenset()) -> None:
        self._servers = servers
        self._members: OrderedDict[int, tuple[float, bool]] = OrderedDict()

    async def holds(self, client: Any, person: int, guild: int | None) -> bool:
        """Whether this person may ask in this guild, or in a direct message where it is None."""
        if guild is not None and client.get_guild(guild) is not None:
            return not self._servers or guild in self._servers
        known = self._members.get(person)
        if known and monotonic() - known[0] < _SECONDS:
            return known[1]
        found = await self._is_a_member(client, person)
        self._members[person] = monotonic(), found
        self._members.move_to_end(person)
        if len(self._members) > _REMEMBERED:
            self._members.popitem(last=False)
        return found

    async def _is_a_member(self, client: Any, person: int) -> bool:
        servers = [each for each in client.guilds if not self._servers or each.id in self._servers]
        if not self._servers and len(servers) > _ASKED:
            return True
        for server in servers:
            with contextlib.suppress(discord.NotFound, *REFUSED):
                await server.fetch_member(person)
                return True
        return False
