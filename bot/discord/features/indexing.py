"""Indexing: `/index`, by which those who may refresh add to what is indexed, take from it, and see what they added.

What is added on a server is shown there alone, and what is said in a channel to those who can read the channel.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.backend import Library
from bot.discord.features.channels import cannot_read
from bot.discord.features.components import Feature, Interaction
from bot.discord.features.refreshing import may_not_refresh, may_refresh_here, reported
from bot.discord.following.following import Following
from bot.discord.messaging.delivery import REFUSED, deliver
from bot.discord.messaging.message import Embed, Message, Upload
from bot.discord.messaging.neutral import inline, label
from bot.discord.messaging.notices import Refused, complaint, without_folders
from bot.discord.messaging.permissions import lacking
from bot.discord.messaging.replies import InteractionReply
from bot.discord.messaging.splitting import fitting
from bot.discord.servers import Servers
from bot.discord.work.jobs import Interim, Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words
from index.errors import BadConfiguration, CorpusEmpty, CorpusShrunk, FootnoteError, NotAccepted, WriterBusy
from index.messages import Attachment, Channel, Holds
from index.report import RefreshReport

log = logging.getLogger(__name__)

_CHOICES, _CHOICE_LENGTH = 25, 100
_LIST = 3500
_WHILE_BUSY = 1.0
_NOTHING: frozenset[str] = frozenset()
_HOLDS = [
    app_commands.Choice(name=_("its pinned messages"), value=Holds.PINNED.value),
    app_commands.Choice(name=_("everything that is said in it"), value=Holds.MESSAGES.value),
]

Work = Callable[[Interaction, Words, Interim], Coroutine[Any, Any, Sequence[Message]]]


@dataclass(frozen=True, slots=True)
class Added:
    """What was added on a server: channels, with what is wrong with them by their ids, files, and named addresses."""

    channels: Sequence[Channel] = ()
    problems: Mapping[int, str] = field(default_factory=dict)
    files: Sequence[Attachment] = ()
    addresses: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class _Removable:
    """Something that can be removed: what to call it, the value that names it in a choice, and what removes it."""

    name: str
    key: str
    remove: Callable[[], Coroutine[Any, Any, object]]


@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
class Indexing(Feature, commands.GroupCog, group_name=_("index"), group_description=_("What I answer from")):
    """Adds web addresses, files and channels to the index, lists and removes them; each change is kept and logged."""

    def __init__(
        self,
        library: Library,
        following: Following,
        jobs: Jobs,
        servers: Servers,
        viewers: Viewers,
        roles: frozenset[int],
    ) -> None:
        self._library = library
        self._viewers = viewers
        self._following = following
        self._jobs = jobs
        self._servers = servers
        self._roles = roles

    @app_commands.command(name=_("add"), description=_("Add a web address, a file or a channel to what I answer from"))
    @app_commands.describe(
        url=_("A page, a sitemap, a feed or a git repository"),
        file=_("A document; it is posted here, so that everybody can check what I quote"),
        channel=_("A channel, a forum or a thread"),
        messages=_("What of the channel counts; its kind tells, if nothing is chosen"),
    )
    @app_commands.choices(messages=_HOLDS)
    async def add(
        self,
        interaction: Interaction,
        url: app_commands.Range[str, 1, 2000] | None = None,
        file: discord.Attachment | None = None,
        channel: discord.TextChannel | discord.ForumChannel | discord.Thread | None = None,
        messages: str | None = None,
    ) -> None:
        """Add one thing to the index."""
        given = [each for each in (url, file, channel) if each is not None]

        async def work(interaction: Interaction, words: Words, interim: Interim) -> Sequence[Message]:
            if len(given) != 1:
                raise Refused(words("Give me one thing to add: an address, a file or a channel."))
            if url is not None:
                return await self._add_address(interaction, url.strip(), words, interim)
            if file is not None:
                return await self._add_file(interaction, file, words, interim)
            return await self._add_channel(interaction, channel, messages, words, interim)

        await self._run(interaction, work, private=file is None)

    @app_commands.command(name=_("remove"), description=_("Answer no longer from something that was added here"))
    @app_commands.describe(source=_("What to remove"))
    async def remove(self, interaction: Interaction, source: app_commands.Range[str, 1, 200]) -> None:
        """Remove one thing from the index."""

        async def work(interaction: Interaction, words: Words, interim: Interim) -> Sequence[Message]:
            every = self._removable(await self._added(_server(interaction)), _server(interaction))
            wanted = source.strip().casefold().removeprefix("#")
            found = [each for each in every if each.key == source.strip()] or [
                each for each in every if each.name.casefold().removeprefix("#") == wanted
            ]
            if len(found) != 1:
                line = words("Nothing that was added here is called “{name}”. /index list shows what was.", name=source)
                raise Refused(line)
            await found[0].remove()
            await self._note(interaction, "index remove", found[0].name)
            line = words("{name} is no longer indexed.", name=inline(found[0].name, 200))
            return await self._refreshed(interaction, line, interim, words, shrinking=True)

        await self._run(interaction, work, private=True)

    @remove.autocomplete("source")
    async def choices(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Return what can be removed whose name holds what was typed, to those who may."""
        if not await may_refresh_here(interaction, self._servers, self._roles):
            return []
        try:
            every = self._removable(await self._added(_server(interaction)), _server(interaction))
        except FootnoteError:
            return []
        named = [each for each in every if typed.strip().casefold() in each.name.casefold()]
        return [
            app_commands.Choice(name=label(each.name, _CHOICE_LENGTH), value=each.key)
            for each in named
            if len(each.key) <= _CHOICE_LENGTH
        ][:_CHOICES]

    @app_commands.command(name=_("list"), description=_("List what was added here to what I answer from"))
    async def listing(self, interaction: Interaction) -> None:
        """List what was added on this server."""

        async def work(interaction: Interaction, words: Words, _: Interim) -> Sequence[Message]:
            return (list_message(await self._added(_server(interaction)), words),)

        await self._run(interaction, work, private=True)

    async def _run(self, interaction: Interaction, work: Work, *, private: bool) -> None:
        reply = InteractionReply(interaction, private=private)
        if not await may_refresh_here(interaction, self._servers, self._roles):
            await reply.refuse(may_not_refresh(reply.words))
            return
        interim = Interim(reply.words)
        await self._jobs.run(reply, work(interaction, reply.words, interim), interaction.user.id, interim)

    async def _add_address(
        self, interaction: Interaction, url: str, words: Words, interim: Interim
    ) -> Sequence[Message]:
        add = self._library.add_source
        try:
            name = await asyncio.to_thread(lambda: add(url, server=_server(interaction)))
        except BadConfiguration as error:
            raise Refused(without_folders(str(error))) from error
        await self._note(interaction, "index add", url)
        line = words("{name} is added.", name=inline(name, 200))
        return await self._refreshed(interaction, line, interim, words, only=frozenset({name}))

    async def _add_file(
        self, interaction: Interaction, file: discord.Attachment, words: Words, interim: Interim
    ) -> Sequence[Message]:
        assert interaction.guild is not None  # the command is for guilds only
        if file.size > interaction.guild.filesize_limit:
            megabytes = interaction.guild.filesize_limit // 2**20
            raise Refused(words("The file is larger than {megabytes} MB: split it.", megabytes=megabytes))
        try:
            data = await deliver(file.read)
            # What a citation links to is this very reply, with the file in it.
            shown_in = await deliver(interaction.original_response)
            about = Attachment(file.filename, shown_in.jump_url, interaction.guild.id, interaction.user.id)
            await asyncio.to_thread(self._library.attached.keep, about, data)
        except REFUSED as fault:
            log.warning("a file could not be fetched", extra={"fault": repr(fault)})
            raise Refused(words("Discord did not give me the file. Please try again.")) from fault
        except NotAccepted as reason:
            raise Refused(f"{file.filename}: {reason}") from reason
        report, message = await self._refresh(interaction, interim, words, private=False)
        unread = [failure.reason for failure in report.failed if failure.source == about.address]
        if unread:
            await asyncio.to_thread(self._library.attached.remove, about)
            raise Refused(f"{file.filename}: {unread[0]}")
        await self._note(interaction, "index add", file.filename)
        line = words("{name} is added.", name=inline(file.filename, 200))
        return (replace(message, content=line, file=Upload(file.filename, data)),)

    async def _add_channel(
        self, interaction: Interaction, channel: Any, chosen: str | None, words: Words, interim: Interim
    ) -> Sequence[Message]:
        if not self._following.reads:
            raise Refused(cannot_read(words))
        missing = lacking(channel, "view_channel", "read_message_history")
        if missing:
            raise Refused(
                words(
                    "I may not read {channel}: I lack “{missing}” there. Nothing was changed.",
                    channel=f"#{channel.name}",
                    missing="”, “".join(missing),
                )
            )
        if channel.id in {each.id for each in await asyncio.to_thread(self._library.kept_channels.every)}:
            await self._following.remove(channel.id)
        elif self._following.is_in_forum(channel):
            raise Refused(words("“{thread}” is indexed with its forum already.", thread=channel.name))
        holds = _what_counts(channel, chosen)
        added = Channel(
            channel.id, channel.guild.id, channel.name, channel.guild.name, holds, added_by=interaction.user.id
        )
        problem = await self._following.add(added)
        await self._note(interaction, "index add", f"#{channel.name} ({holds.value})")
        line = words("{channel} is added: {what}.", channel=channel.mention, what=in_words(holds, words))
        line += f" {inline(problem, 200)}" if problem else ""
        return await self._refreshed(interaction, line, interim, words)

    async def _added(self, server: int) -> Added:
        """Return what was added on a server. Raises Refused where `corpus.toml` cannot be read."""
        channels, attached = self._library.kept_channels, self._library.attached
        try:
            return Added(
                await asyncio.to_thread(channels.every, server),
                await asyncio.to_thread(channels.problems),
                await asyncio.to_thread(attached.every, server),
                await asyncio.to_thread(self._library.added_on, server),
            )
        except BadConfiguration as error:
            raise Refused(without_folders(str(error))) from error

    def _removable(self, added: Added, server: int) -> list[_Removable]:
        library, following, thread = self._library, self._following, asyncio.to_thread
        remove, forget = library.remove_source, library.attached.remove
        channels = (
            _Removable(f"#{one.name}", f"#{one.id}", partial(following.remove, one.id)) for one in added.channels
        )
        files = (_Removable(one.name, one.address, partial(thread, forget, one)) for one in added.files)
        addresses = (_Removable(name, name, partial(thread, remove, name, server)) for name, _ in added.addresses)
        return [*channels, *files, *addresses]

    async def _note(self, interaction: Interaction, change: str, what: str) -> None:
        await asyncio.to_thread(self._servers.note_change, _server(interaction), interaction.user.id, change, what)

    async def _refreshed(
        self,
        interaction: Interaction,
        line: str,
        interim: Interim,
        words: Words,
        *,
        shrinking: bool = False,
        only: frozenset[str] = _NOTHING,
    ) -> Sequence[Message]:
        """Bring the index up to date; the messages say what was changed, and what came of it."""
        try:
            _, message = await self._refresh(interaction, interim, words, shrinking=shrinking, only=only)
        except (CorpusShrunk, CorpusEmpty) as reason:
            return (Message(f"{line}\n{complaint(reason, words).content}"),)
        return (replace(message, content=line),)

    async def _refresh(
        self,
        interaction: Interaction,
        interim: Interim,
        words: Words,
        *,
        private: bool = True,
        shrinking: bool = False,
        only: frozenset[str] = _NOTHING,
    ) -> tuple[RefreshReport, Message]:
        viewer = partial(self._viewers.of, interaction, private=private)
        while True:
            try:
                return await reported(self._library, viewer, interim, words, allow_shrinking=shrinking, only=only)
            except WriterBusy:
                # Whoever is at it may have looked before the change.
                await asyncio.sleep(_WHILE_BUSY)


def in_words(holds: Holds, words: Words) -> str:
    """Return what of a channel is indexed."""
    match holds:
        case Holds.PINNED:
            return words("its pinned messages")
        case Holds.MESSAGES:
            return words("everything that is said in it")
        case Holds.THREADS:
            return words("each of its threads")


def list_message(added: Added, words: Words) -> Message:
    """Return the list of what was added on a server."""
    lines = [*(_line(each, added.problems.get(each.id), words) for each in added.channels)]
    lines += [f"- [{inline(each.name, 100)}]({each.address})" for each in added.files]
    lines += [f"- **{inline(name, 100)}**: {inline(address, 200)}" for name, address in added.addresses]
    if not lines:
        return Message(words("Nothing was added here. /index add adds an address, a file or a channel."))
    shown = fitting(lines, _LIST)
    more = len(lines) - len(shown)
    shown += [words("… and {number} more", number=f"{more:,}")] if more else []
    return Message(embeds=(Embed(words("Added on this server"), "\n".join(shown)),))


def _line(channel: Channel, problem: str | None, words: Words) -> str:
    wrong = f" · {inline(problem, 200)}" if problem else ""
    return f"- <#{channel.id}>: {in_words(channel.holds, words)}{wrong}"


def _what_counts(channel: Any, chosen: str | None) -> Holds:
    """Return what of a channel is indexed: all of one in which members read and do not write, of another its pins."""
    if isinstance(channel, discord.ForumChannel):
        return Holds.THREADS
    if isinstance(channel, discord.Thread):
        return Holds.MESSAGES
    if chosen in {Holds.PINNED, Holds.MESSAGES}:
        return Holds(chosen)
    guild = channel.guild
    is_for_reading = not channel.permissions_for(guild.default_role).send_messages
    return Holds.MESSAGES if channel.is_news() or channel == guild.rules_channel or is_for_reading else Holds.PINNED


def _server(interaction: Interaction) -> int:
    assert interaction.guild_id is not None  # the commands are for guilds only
    return interaction.guild_id
