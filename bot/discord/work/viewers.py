"""Viewers: who will see a reply, asked of Discord when it is made: one person, or everybody in a channel."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any, Protocol

import discord

from bot.discord.messaging.delivery import REFUSED
from index.access import Viewer
from index.errors import FootnoteError

# Whoever is not known as a member by then sees what is public.
_SECONDS_TO_ASK = 3.0


class NamesChannels(Protocol):
    """What knows which channels have to be asked about: `index.library.Library`."""

    def channels(self) -> frozenset[int]:
        """Return the channels of which the readers alone see some document."""


class Viewers:
    """Tells who is looking. `client` knows the servers, and asks Discord about their members."""

    def __init__(self, library: NamesChannels, client: Any) -> None:
        self._library = library
        self._client = client

    async def of(self, interaction: discord.Interaction[Any], *, private: bool) -> Viewer:
        """Return who sees the reply to the use of a command or a component: its user alone where it is `private`."""
        channel, server = interaction.channel, interaction.guild_id
        if private or interaction.context.dm_channel:
            return await self._person(interaction.user, channel, server)
        return await self._everybody(channel, server)

    async def of_message(self, message: discord.Message) -> Viewer:
        """Return who sees the reply to a message: everybody in its channel, its author in a direct message."""
        if message.guild is None:
            return await self._person(message.author, message.channel, None)
        return await self._everybody(message.channel, message.guild.id)

    async def in_channel(self, channel: Any) -> Viewer:
        """Return everybody in a channel of a server."""
        return await self._everybody(channel, channel.guild.id)

    async def _person(self, person: discord.abc.User, channel: Any, server: int | None) -> Viewer:
        roles = frozenset(role.id for role in getattr(person, "roles", ()))
        where, named = places(channel), await self._named()
        if server is not None:
            readable = {each.id for each in named if each.guild.id == server and _reads(person, each, where)}
        else:
            readable = await self._readable_anywhere(person, named)
        return Viewer(_some(server), where, roles, frozenset(readable))

    async def _everybody(self, channel: Any, server: int | None) -> Viewer:
        where, home = places(channel), getattr(channel, "parent", None) or channel
        # The role that everybody has is called by the id of its server.
        if server is None or not isinstance(home, discord.abc.GuildChannel):
            return Viewer(_some(server), where, _some(server))
        named = [each for each in await self._named() if each.guild.id == server]
        readable = frozenset(each.id for each in named if _all_read(each, home, where))
        return Viewer(_some(server), where, _some(server), readable)

    async def _named(self) -> list[Any]:
        """Return those channels that documents are limited to the readers of, as far as the bot sees them."""
        try:
            ids = await asyncio.to_thread(self._library.channels)
        except FootnoteError:
            return []
        found = (self._client.get_channel(id_) for id_ in sorted(ids))
        return [each for each in found if isinstance(each, discord.abc.GuildChannel | discord.Thread)]

    async def _readable_anywhere(self, person: discord.abc.User, named: Iterable[Any]) -> set[int]:
        servers = {each.guild.id: each.guild for each in named}
        members = await asyncio.gather(*(_member(server, person) for server in servers.values()))
        by_server = dict(zip(servers, members, strict=True))
        return {each.id for each in named if _reads(by_server[each.guild.id], each, frozenset())}


def places(channel: Any) -> frozenset[int]:
    """Return the ids of a channel and, where it is a thread, of the channel that it hangs in."""
    ids = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    return frozenset(id_ for id_ in ids if id_ is not None)


async def _member(guild: discord.Guild, person: discord.abc.User) -> discord.Member | None:
    with contextlib.suppress(discord.NotFound, TimeoutError, *REFUSED):
        async with asyncio.timeout(_SECONDS_TO_ASK):
            return await guild.fetch_member(person.id)
    return None


def _reads(person: Any, channel: Any, where: frozenset[int]) -> bool:
    """Return whether a member can read a channel. Who is in a private thread nobody knows but for who asks in it."""
    if not isinstance(person, discord.Member):
        return False
    if isinstance(channel, discord.Thread) and (
        channel.parent is None or (channel.is_private() and channel.id not in where)
    ):
        return False
    can: discord.Permissions = channel.permissions_for(person)
    return can.view_channel and can.read_message_history


def _all_read(channel: Any, home: discord.abc.GuildChannel, where: frozenset[int]) -> bool:
    """Return whether whoever sees the channel `home` can read another: itself, or one as open, or open to all."""
    if isinstance(channel, discord.Thread):
        return channel.id in where
    everybody = channel.guild.default_role
    denied = [(target, overwrite.pair()[1]) for target, overwrite in channel.overwrites.items()]
    if not everybody.permissions.read_message_history or any(deny.read_message_history for _, deny in denied):
        return False
    if channel.id == home.id or channel.overwrites == home.overwrites:
        return True
    shut_out = any(deny.view_channel for target, deny in denied if target.id != everybody.id)
    return channel.permissions_for(everybody).view_channel and not shut_out


def _some(id_: int | None) -> frozenset[int]:
    return frozenset() if id_ is None else frozenset({id_})
