"""Who is looking, where Discord does not say: then nobody, or nobody more than is certain."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.work import viewers
from bot.discord.work.viewers import Viewers, places
from index.access import Viewer
from index.errors import IndexMissing

SERVER, GENERAL, CLOSED, STAFF = 1, 10, 11, 5
READ = discord.PermissionOverwrite(view_channel=True)
SHUT = discord.PermissionOverwrite(view_channel=False)
FORGETFUL = discord.PermissionOverwrite(read_message_history=False)


class Channel(discord.TextChannel):
    """A channel with these overwrites, by the id of whom they are for, without a Discord behind it."""

    def __init__(self, guild: Any, id_: int, overwrites: dict[int, discord.PermissionOverwrite]) -> None:
        self.guild, self.id, self.own = guild, id_, overwrites

    @property
    def overwrites(self) -> Any:
        return {discord.Object(id_): each for id_, each in self.own.items()}

    def permissions_for(self, obj: Any, /) -> discord.Permissions:
        shut = self.own.get(SERVER, READ).view_channel is False
        return discord.Permissions(view_channel=not shut, read_message_history=not shut)


def everybody(**permissions: bool) -> Any:
    return SimpleNamespace(id=SERVER, permissions=discord.Permissions(**permissions))


GUILD: Any = SimpleNamespace(id=SERVER, default_role=everybody(view_channel=True, read_message_history=True))


class Named:
    """What names the channels to be asked about."""

    def channels(self) -> frozenset[int]:
        return frozenset({GENERAL, CLOSED})


class Broken:
    """An index that is not there."""

    def channels(self) -> frozenset[int]:
        raise IndexMissing("nothing is indexed yet")


def looking(*channels: Channel, library: Any = None) -> Viewers:
    known = {channel.id: channel for channel in channels}
    return Viewers(library or Named(), SimpleNamespace(get_channel=known.get))


@pytest.mark.parametrize(
    ("there", "other", "read"),
    [
        ({}, {}, True),
        ({SERVER: SHUT, STAFF: READ}, {SERVER: SHUT, STAFF: READ}, True),
        ({SERVER: SHUT, STAFF: READ}, {}, True),
        ({}, {SERVER: SHUT, STAFF: READ}, False),
        ({SERVER: SHUT, STAFF: READ}, {SERVER: SHUT, 6: READ}, False),
        # Open to everybody, but for those with one role, or for one person.
        ({}, {STAFF: SHUT}, False),
        # Whoever may not read what was said before they came reads nothing of it here.
        ({}, {SERVER: FORGETFUL}, False),
        ({}, {STAFF: FORGETFUL}, False),
    ],
)
async def test_everybody_in_a_channel_reads_another_only_if_that_is_certain(
    there: dict[int, discord.PermissionOverwrite], other: dict[int, discord.PermissionOverwrite], read: bool
) -> None:
    home, elsewhere = Channel(GUILD, GENERAL, there), Channel(GUILD, CLOSED, other)
    assert (CLOSED in (await looking(home, elsewhere).in_channel(home)).readable) is read


async def test_a_channel_whose_history_is_not_for_everybody_is_not_read_by_everybody_in_it() -> None:
    guild: Any = SimpleNamespace(id=SERVER, default_role=everybody(view_channel=True))
    home = Channel(guild, GENERAL, {})
    assert (await looking(home).in_channel(home)).readable == frozenset()


async def test_channels_that_the_bot_does_not_see_and_an_index_that_is_not_there_show_nothing() -> None:
    home = Channel(GUILD, GENERAL, {})
    assert (await looking().in_channel(home)).readable == frozenset()
    assert (await looking(home, library=Broken()).in_channel(home)).readable == frozenset()


async def test_whom_discord_does_not_answer_for_in_time_is_no_member(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: int) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(viewers, "_SECONDS_TO_ASK", 0.0)
    guild: Any = SimpleNamespace(id=SERVER, default_role=GUILD.default_role, fetch_member=never)
    message: Any = SimpleNamespace(guild=None, author=SimpleNamespace(id=7), channel=SimpleNamespace(id=99))
    viewer = await looking(Channel(guild, GENERAL, {})).of_message(message)
    assert viewer == Viewer(channels=frozenset({99}))


async def test_in_a_conversation_of_several_a_reply_that_all_see_is_made_of_what_is_public() -> None:
    group: Any = SimpleNamespace(
        user=SimpleNamespace(id=7),
        guild_id=None,
        channel=SimpleNamespace(id=99),
        context=discord.app_commands.AppCommandContext(private_channel=True),
    )
    assert await looking(Channel(GUILD, GENERAL, {})).of(group, private=False) == Viewer(channels=frozenset({99}))


def test_a_thread_is_in_two_places_and_what_is_not_known_in_none() -> None:
    assert places(SimpleNamespace(id=3, parent_id=2)) == {2, 3}
    assert places(None) == frozenset()
