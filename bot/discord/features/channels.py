"""Channels: `/channel`, when the bot speaks up, and whom it asks when the documents do not say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.message import Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import EscalationTarget, Mode, Store
from bot.discord.work.jobs import Jobs

_NEEDS_CONTENT = notice(
    "For this I must be able to read messages that do not mention me. Whoever runs me switches on “Message Content"
    " Intent” in the Discord developer portal, sets FOOTNOTE_DISCORD_MESSAGE_CONTENT=true and starts me again."
)
_CANNOT_CALL = (
    " Nobody may mention that role, so I cannot call it: allow everyone to mention it in the server's settings."
)
_SAID = {
    Mode.OFF: "I am silent in this channel now. Commands still work.",
    Mode.MENTION: "I answer who mentions me in this channel, or replies to me.",
    Mode.EVERY: "I answer every question in this channel, and stay silent where the documents do not say.",
    Mode.FORUM: "I answer each new post in this forum, once.",
}


@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
class Channels(Feature, commands.GroupCog, group_name=_("channel"), group_description=_("Settings for this channel")):
    """Keeps the settings of guilds and channels."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    @app_commands.command(name=_("mode"), description=_("When I speak up in this channel"))
    @app_commands.describe(mode=_("When to answer"), channel=_("The channel; this one, if none is given"))
    async def mode(
        self,
        interaction: Interaction,
        mode: Mode,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """Set the mode of a channel."""
        reply = InteractionReply(interaction, private=True)
        place = channel or interaction.channel
        parent = getattr(place, "parent_id", None) or getattr(place, "id", None)
        await self._jobs.run(reply, self._set_mode(interaction, mode, parent))

    @app_commands.command(name=_("humans"), description=_("Whom to ask when the documents do not say"))
    @app_commands.describe(channel=_("A channel to post questions in"), role=_("A role to call"))
    async def humans(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Set where people are asked; with neither, nobody is."""
        target = EscalationTarget(channel.id if channel else None, role.id if role else None)
        silent = role is not None and not role.mentionable
        work = self._set_escalation_target(interaction, target, _CANNOT_CALL if silent else "")
        await self._jobs.run(InteractionReply(interaction, private=True), work)

    async def _set_mode(self, interaction: Interaction, mode: Mode, channel: int | None) -> Sequence[Message]:
        if mode in {Mode.EVERY, Mode.FORUM} and not interaction.client.intents.message_content:
            return (_NEEDS_CONTENT,)
        assert interaction.guild_id is not None and channel is not None  # the command is for guilds only
        await asyncio.to_thread(self._store.set_mode, interaction.guild_id, channel, mode)
        return (notice(_SAID[mode]),)

    async def _set_escalation_target(
        self, interaction: Interaction, target: EscalationTarget, note: str
    ) -> Sequence[Message]:
        assert interaction.guild_id is not None  # the command is for guilds only
        await asyncio.to_thread(self._store.set_escalation_target, interaction.guild_id, target)
        if target == EscalationTarget():
            return (notice("Nobody is asked now when the documents do not say."),)
        return (notice("Under an answer that I cannot give, people find a button to ask a human now." + note),)
