"""Channels: `/channel`, when the bot speaks up, and whom it asks when the documents do not say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.message import Message
from bot.discord.messaging.notices import notice
from bot.discord.messaging.permissions import lacking
from bot.discord.messaging.replies import InteractionReply
from bot.discord.servers import Servers
from bot.discord.store import EscalationTarget, Mode, Store
from bot.discord.work.jobs import Jobs
from bot.presenting.words import Words

_CHOICES = [
    app_commands.Choice(name=_("never, but for commands"), value=Mode.OFF.value),
    app_commands.Choice(name=_("whoever mentions me or replies to me"), value=Mode.MENTION.value),
    app_commands.Choice(name=_("every question that the documents answer"), value=Mode.EVERY.value),
    app_commands.Choice(name=_("each new post of a forum"), value=Mode.FORUM.value),
]


@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
class Channels(Feature, commands.GroupCog, group_name=_("channel"), group_description=_("Settings for this channel")):
    """Keeps the settings of guilds and channels."""

    def __init__(self, store: Store, servers: Servers, jobs: Jobs) -> None:
        self._store = store
        self._servers = servers
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
        reply = InteractionReply(interaction, private=True)
        words = reply.words
        if mode not in set(Mode):
            await reply.refuse(notice(words("That is none of the modes: choose one from the list.")))
            return
        await self._jobs.run(reply, self._set_mode(interaction, Mode(mode), channel or interaction.channel, words))

    @app_commands.command(name=_("humans"), description=_("Whom to ask when the documents do not say"))
    @app_commands.describe(channel=_("A channel to post questions in"), role=_("A role to call"))
    async def humans(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Set where people are asked; with neither, nobody is."""
        reply = InteractionReply(interaction, private=True)
        words, given = reply.words, cast(object, role)
        if isinstance(given, discord.Object):  # one that the server has no more
            await reply.refuse(notice(words("This server has no such role any more. Nothing was changed.")))
            return
        await self._jobs.run(reply, self._set_escalation_target(interaction, channel, role, words))

    async def _set_mode(self, interaction: Interaction, mode: Mode, place: Any, words: Words) -> Sequence[Message]:
        assert interaction.guild is not None  # the command is for guilds only
        channel: Any = interaction.guild.get_channel(getattr(place, "parent_id", None) or place.id)
        refusal = why_no_mode(mode, channel, words, reads_all=interaction.client.intents.message_content)
        if refusal:
            return (Message(refusal),)
        guild, person = interaction.guild.id, interaction.user.id
        await asyncio.to_thread(self._store.set_mode, guild, channel.id, mode)
        await asyncio.to_thread(self._servers.note_change, guild, person, "mode", f"<#{channel.id}> {mode}")
        above = channel.mention
        if channel.id != place.id:
            above = words("{channel}, the channel of this thread", channel=channel.mention)
        return (Message(f"{above}: {said(mode, words)}"),)

    async def _set_escalation_target(
        self, interaction: Interaction, channel: discord.TextChannel | None, role: discord.Role | None, words: Words
    ) -> Sequence[Message]:
        assert interaction.guild_id is not None  # the command is for guilds only
        refusal = why_no_requests(channel, words) if channel else None
        if refusal:
            return (Message(refusal),)
        target = EscalationTarget(channel.id if channel else None, role.id if role else None)
        guild, person = interaction.guild_id, interaction.user.id
        await asyncio.to_thread(self._store.set_escalation_target, guild, target)
        await asyncio.to_thread(self._servers.note_change, guild, person, "humans", f"{target}")
        if target == EscalationTarget():
            return (notice(words("Nobody is asked now when the documents do not say.")),)
        lines = [words("Under an answer that I cannot give, people find a button to ask a human now.")]
        if role is not None and not role.mentionable:
            lines.append(cannot_call(words))
        return (notice(" ".join(lines)),)


def why_no_mode(mode: Mode, channel: Any, words: Words, *, reads_all: bool) -> str | None:
    """Return why a channel cannot have this mode, None where it can; the bot `reads_all` with the intent for that."""
    if mode in {Mode.EVERY, Mode.FORUM} and not reads_all:
        return cannot_read(words)
    if channel is None:
        return words("I cannot see that channel. Let me see it, and set this again.")
    is_forum = isinstance(channel, discord.ForumChannel)
    if mode is Mode.FORUM and not is_forum:
        return words("{channel} is no forum: posts can be answered in a forum alone.", channel=channel.mention)
    speaks = "send_messages_in_threads" if is_forum else "send_messages"
    return _lacking(channel, ("view_channel", speaks), words) if mode is not Mode.OFF else None


def why_no_requests(channel: discord.abc.GuildChannel, words: Words) -> str | None:
    """Return why people cannot be asked in a channel, None where they can."""
    return _lacking(channel, ("view_channel", "send_messages"), words)


def said(mode: Mode, words: Words) -> str:
    """Say what the bot does in a channel of this mode."""
    match mode:
        case Mode.OFF:
            return words("I am silent there now. Commands still work.")
        case Mode.MENTION:
            return words("I answer there who mentions me, or replies to me.")
        case Mode.EVERY:
            return words("I answer every question there, and stay silent where the documents do not say.")
        case Mode.FORUM:
            return words("I answer each new post there that asks something, once.")


def cannot_read(words: Words) -> str:
    """Say that the bot does not read what does not mention it, and what to change."""
    return words(
        "For this I must be able to read messages that do not mention me. Whoever runs me switches on “Message"
        " Content Intent” in the Discord developer portal, sets FOOTNOTE_DISCORD_MESSAGE_CONTENT=true and starts me"
        " again."
    )


def cannot_call(words: Words) -> str:
    """Say that a role cannot be called, and what to change."""
    return words(
        "Nobody may mention that role, so I cannot call it: allow everyone to mention it in the server's settings."
    )


def _lacking(channel: discord.abc.GuildChannel, wanted: Sequence[str], words: Words) -> str | None:
    missing = lacking(channel, *wanted)
    if not missing:
        return None
    return words(
        "I may not speak in {channel}: I lack “{missing}” there. Nothing was changed.",
        channel=channel.mention,
        missing="”, “".join(missing),
    )
