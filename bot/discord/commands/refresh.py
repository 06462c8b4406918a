"""/refresh: the index is brought up to date with the documents."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.desk import Desk
from bot.discord.refreshing import NOT_ALLOWED, may_refresh, refresh
from bot.discord.replies import InteractionReply


class Refresh(commands.Cog):
    """Refreshes the index for people who manage the server or have one of `roles`."""

    def __init__(self, desk: Desk, roles: frozenset[int]) -> None:
        self._desk = desk
        self._roles = roles
        # Discord's own check knows no roles of ours; with some set, everybody sees the command and we check.
        self.refresh.default_permissions = None if roles else discord.Permissions(manage_guild=True)

    @app_commands.command(name=_("refresh"), description=_("Read the documents again"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def refresh(self, interaction: discord.Interaction[Any]) -> None:
        """Refresh the index and show what changed."""
        reply = InteractionReply(interaction)
        if not may_refresh(interaction, self._roles):
            await reply.refuse(NOT_ALLOWED)
            return
        await self._desk.jobs.run(reply, refresh(self._desk, reply))
