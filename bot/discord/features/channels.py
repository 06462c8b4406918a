"""Channels: `/channel`, when the bot speaks up, and whom it asks when the documents do not say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.message import Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.permissions import lacking
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
_NO_FORUM = "is no forum: posts can be answered in a forum alone."
_NO_MODE = notice("That is none of the modes: choose one from the list.")
_NO_ROLE = notice("This server has no such role any more. Nothing was changed.")
_UNSEEN = notice("I cannot see that channel. Let me see it, and set this again.")
_CHOICES = [
    app_commands.Choice(name=_("never, but for commands"), value=Mode.OFF.value),
    app_commands.Choice(name=_("whoever mentions me or replies to me"), value=Mode.MENTION.value),
    app_commands.Choice(name=_("every question that the documents answer"), value=Mode.EVERY.value),
    app_commands.Choice(name=_("each new post of a forum"), value=Mode.FORUM.value),
]
_SAID = {
    Mode.OFF: "I am silent there now. Commands still work.",
    Mode.MENTION: "I answer there who mentions me, or replies to me.",
    Mode.EVERY: "I answer every question there, and stay silent where the documents do not say.",
    Mode.FORUM: "I answer each new post there that asks something, once.",
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
    @app_commands.choices(mode=_CHOICES)
    @app_commands.describe(mode=_("When to answer"), channel=_("The channel; this one, if none is given"))
    async def mode(
        self,
        interaction: Interaction,
        mode: str,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """Set the mode of a channel."""
        if mode not in set(Mode):
            await InteractionReply(interaction).refuse(_NO_MODE)
            return
        work = self._set_mode(interaction, Mode(mode), channel or interaction.channel)
        await self._jobs.run(InteractionReply(interaction, private=True), work)

    @app_commands.command(name=_("humans"), description=_("Whom to ask when the documents do not say"))
    @app_commands.describe(channel=_("A channel to post questions in"), role=_("A role to call"))
    async def humans(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Set where people are asked; with neither, nobody is."""
        given: object = role
        if isinstance(given, discord.Object):  # one that the server has no more
            await InteractionReply(interaction).refuse(_NO_ROLE)
            return
        await self._jobs.run(
            InteractionReply(interaction, private=True), self._set_escalation_target(interaction, channel, role)
        )

    async def _set_mode(self, interaction: Interaction, mode: Mode, place: Any) -> Sequence[Message]:
        if mode in {Mode.EVERY, Mode.FORUM} and not interaction.client.intents.message_content:
            return (_NEEDS_CONTENT,)
        assert interaction.guild is not None  # the command is for guilds only
        channel: Any = interaction.guild.get_channel(getattr(place, "parent_id", None) or place.id)
        if channel is None:
            return (_UNSEEN,)
        if mode is Mode.FORUM and not isinstance(channel, discord.ForumChannel):
            return (Message(f"{channel.mention} {_NO_FORUM}"),)
        speaks = "send_messages_in_threads" if isinstance(channel, discord.ForumChannel) else "send_messages"
        missing = lacking(channel, "view_channel", speaks) if mode is not Mode.OFF else []
        if missing:
            return (_cannot(channel, missing),)
        await asyncio.to_thread(self._store.set_mode, interaction.guild.id, channel.id, mode)
        above = ", the channel of this thread" if channel.id != place.id else ""
        return (Message(f"{channel.mention}{above}: {_SAID[mode]}"),)

    async def _set_escalation_target(
        self, interaction: Interaction, channel: discord.TextChannel | None, role: discord.Role | None
    ) -> Sequence[Message]:
        assert interaction.guild_id is not None  # the command is for guilds only
        missing = lacking(channel, "view_channel", "send_messages") if channel else []
        if channel and missing:
            return (_cannot(channel, missing),)
        target = EscalationTarget(channel.id if channel else None, role.id if role else None)
        note = _CANNOT_CALL if role is not None and not role.mentionable else ""
        await asyncio.to_thread(self._store.set_escalation_target, interaction.guild_id, target)
        if target == EscalationTarget():
            return (notice("Nobody is asked now when the documents do not say."),)
        return (notice("Under an answer that I cannot give, people find a button to ask a human now." + note),)


def _cannot(channel: discord.abc.GuildChannel, missing: Sequence[str]) -> Message:
    """Say that the bot may not speak in a channel, and what it lacks for that."""
    return Message(f"I may not speak in {channel.mention}: I lack “{'”, “'.join(missing)}” there. Nothing was changed.")
