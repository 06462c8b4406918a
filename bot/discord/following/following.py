"""Following: what is said in the channels that are indexed, as it is said, changed and deleted.

What happened while nobody listened is caught up with: a channel is read anew, and what is not there any more is gone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.discord.backend import Channels
from bot.discord.following import conversations
from bot.discord.history import History
from bot.discord.messaging.delivery import PASSING, REFUSED, deliver
from bot.discord.messaging.permissions import lacking
from index.errors import FootnoteError
from index.messages import MOST_MESSAGES, MOST_THREADS, Channel, Conversation, Holds

log = logging.getLogger(__name__)

_PAGE = 100
_AGAIN = 60.0  # seconds until what Discord did not let us read is asked for again


class Following(commands.Cog):
    """Writes what is said in the channels that are indexed into `channels`, and forgets what is deleted there.

    `forget_written` forgets what a chat model wrote out of messages. `changed` is set with everything that a refresh
    would find.
    """

    def __init__(
        self,
        client: discord.Client,
        channels: Channels,
        history: History,
        forget_written: Callable[[frozenset[int]], None],
    ) -> None:
        self._client = client
        self._channels = channels
        self._history = history
        self._forget_written = forget_written
        self.changed = asyncio.Event()
        self._followed: dict[int, Channel] = {}
        self._silent: frozenset[int] = frozenset()
        # What is read may have been deleted by the time it is written down: whoever writes looks here first.
        self._gone: set[int] = set()
        self._writing = asyncio.Lock()
        self._catching_up: asyncio.Task[None] | None = None

    @property
    def reads(self) -> bool:
        """Whether the bot may read messages that do not mention it."""
        return self._client.intents.message_content

    async def cog_load(self) -> None:
        """Learn which channels there are; where that cannot be told, none is followed, and all else goes on."""
        self._silent = await asyncio.to_thread(self._history.forgotten)
        try:
            self._followed = {each.id: each for each in await asyncio.to_thread(self._channels.every)}
        except FootnoteError as error:
            log.error("no channel is followed: %s", error)

    async def cog_unload(self) -> None:
        """Stop reading."""
        if self._catching_up is not None:
            self._catching_up.cancel()

    def is_in_forum(self, channel: Any) -> bool:
        """Whether a channel is a thread of one that is followed with all its threads."""
        kept = self._of(channel)
        return kept is not None and kept.id != channel.id

    async def add(self, channel: Channel) -> str | None:
        """Follow a channel from now on, and read what it holds; return what is wrong with it, None where nothing is."""
        await asyncio.to_thread(self._channels.add, channel)
        self._followed[channel.id] = channel
        await self._read(channel)
        problems = await asyncio.to_thread(self._channels.problems)
        return problems.get(channel.id)

    async def remove(self, channel: int) -> None:
        """Follow a channel no longer, and forget what was said there."""
        self._followed.pop(channel, None)
        async with self._writing:
            await asyncio.to_thread(self._channels.remove, channel)
        self.changed.set()

    async def forget_person(self, person: int) -> int:
        """Forget what a person said in any channel, now and from now on; return how many messages that were."""
        await asyncio.to_thread(self._history.set_forgotten, person, forgotten=True)
        self._silent |= {person}
        async with self._writing:
            gone = await asyncio.to_thread(self._channels.forget_person, person)
        await self._forgotten(gone)
        return len(gone)

    async def hear_again(self, person: int) -> None:
        """Read what a person says in the channels that are indexed again."""
        await asyncio.to_thread(self._history.set_forgotten, person, forgotten=False)
        self._silent -= {person}
        self._catch_up()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with what happened before this session began."""
        self._catch_up()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Keep what is said."""
        kept = self._of(message.channel)
        if kept is not None and kept.holds is not Holds.PINNED:
            await self._said(kept, message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Keep what a message says by now, or, where only pinned ones count, whether it is one."""
        message = payload.message
        kept = self._of(message.channel)
        if kept is None or not self.reads:
            return
        if (kept.holds is Holds.PINNED and not message.pinned) or conversations.of_message(message) is None:
            await self._drop({message.id})
        else:
            await self._said(kept, message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Forget a message that is deleted."""
        await self._delete({payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget messages that are deleted at one time."""
        await self._delete(payload.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_pins_update(self, channel: Any, _: object) -> None:
        """Look at the pinned messages anew."""
        kept = self._followed.get(channel.id)
        if kept is not None and kept.holds is Holds.PINNED:
            await self._read(kept)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Keep the title and the tags of a thread: whether it is solved, say."""
        kept = self._followed.get(payload.thread_id) or self._followed.get(payload.parent_id)
        if kept is None or (kept.id == payload.parent_id and kept.holds is not Holds.THREADS):
            return
        try:
            thread: Any = payload.thread or await deliver(lambda: self._client.fetch_channel(payload.thread_id))
        except REFUSED as fault:
            log.warning("a thread that changed cannot be looked at", extra={"fault": repr(fault)})
            return
        if await self._keep(conversations.of_channel(thread, kept), ()):
            self.changed.set()

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Forget a thread that is deleted."""
        if self._followed:
            await self._lose(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _: object, after: discord.abc.GuildChannel) -> None:
        """Keep the name of a channel."""
        kept = self._followed.get(after.id)
        if kept is not None and kept.name != after.name:
            await asyncio.to_thread(self._channels.add, replace(kept, name=after.name))
            self._followed[after.id] = kept = replace(kept, name=after.name)
            if kept.holds is not Holds.THREADS and await self._keep(conversations.of_channel(after, kept), ()):
                self.changed.set()

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that is deleted."""
        await self._lose(channel.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the channels of a server that the bot was removed from."""
        await self._leave(guild.id)

    def _catch_up(self) -> None:
        if self._catching_up is not None:
            self._catching_up.cancel()
        self._catching_up = asyncio.create_task(self._read_everything())

    async def _read_everything(self) -> None:
        """Read every channel anew, one after the other, and what cannot be read again in a minute."""
        self._gone.clear()
        for server in {each.server for each in self._followed.values()}:
            if self._client.get_guild(server) is None:
                await self._leave(server)
        waiting = list(self._followed.values())
        while waiting:
            waiting = [each for each in waiting if not await self._has_been_read(each)]
            if waiting:
                await asyncio.sleep(_AGAIN)

    async def _has_been_read(self, kept: Channel) -> bool:
        try:
            return kept.id not in self._followed or await self._read(kept)
        except Exception:
            log.exception("a channel could not be read", extra={"channel": kept.id})
            return False

    async def _read(self, kept: Channel) -> bool:
        """Read all that a channel holds, note what is wrong with it, and return False where that may pass."""
        try:
            channel: Any = await deliver(lambda: self._client.fetch_channel(kept.id))
            missing = lacking(channel, "view_channel", "read_message_history")
            problem = f"I lack “{'”, “'.join(missing)}” there" if missing else await self._take_in(channel, kept)
            is_read = True
        except discord.NotFound:
            log.info("a channel that was followed is gone", extra={"channel": kept.id})
            await self._lose(kept.id)
            return True
        except discord.Forbidden:
            problem, is_read = "I may not see it: give me “view channel” and “read message history” there", True
        except REFUSED as fault:
            log.warning("a channel cannot be read", extra={"channel": kept.id, "fault": repr(fault)})
            problem, is_read = (
                f"Discord did not let me read it ({type(fault).__name__})",
                not isinstance(fault, PASSING),
            )
        await asyncio.to_thread(self._channels.note, kept.id, problem)
        if problem:
            log.warning("a channel is not wholly read", extra={"channel": kept.id, "problem": problem})
        return is_read

    async def _take_in(self, channel: Any, kept: Channel) -> str | None:
        """Read all conversations of a channel; return what was left out, None where nothing was."""
        before = await asyncio.to_thread(self._channels.conversations, kept.id)
        seen: set[int] = set()
        problem = None
        async for conversation, messages in conversations.every(channel, kept):
            seen.add(conversation.id)
            if await self._take_in_conversation(conversation, messages) >= MOST_MESSAGES:
                problem = f"it has more than {MOST_MESSAGES:,} messages: the newest are indexed"
        if len(seen) >= MOST_THREADS:
            return f"it has more than {MOST_THREADS:,} threads: the newest are indexed"
        for gone in before.keys() - seen:
            await self._end(gone)
        return problem

    async def _take_in_conversation(self, conversation: Conversation, messages: AsyncIterator[discord.Message]) -> int:
        """Read a conversation; what is not in it any more is gone. Return how many messages there are."""
        before = await asyncio.to_thread(self._channels.ids, conversation.id)
        seen: set[int] = set()
        page: list[discord.Message] = []
        changed = await self._keep(conversation, ())
        async for message in messages:
            seen.add(message.id)
            page.append(message)
            if len(page) >= _PAGE:
                changed |= await self._keep(conversation, page)
                page = []
        changed |= await self._keep(conversation, page)
        await self._delete(before - seen)
        if changed:
            self.changed.set()
        return len(seen)

    def _of(self, channel: Any) -> Channel | None:
        """Return the channel that is kept to which what is said in a channel belongs, None where it is none."""
        if not self._followed:
            return None
        kept = self._followed.get(channel.id) or self._followed.get(getattr(channel, "parent_id", None) or 0)
        if kept is None or (kept.id != channel.id and kept.holds is not Holds.THREADS):
            return None
        return kept

    async def _said(self, kept: Channel, message: discord.Message) -> None:
        if await self._keep(conversations.of_channel(message.channel, kept), (message,)):
            self.changed.set()

    async def _keep(self, conversation: Conversation, messages: Sequence[discord.Message]) -> bool:
        """Keep what is said by others than the bot and those who want to be forgotten; return whether it is news."""
        me = self._client.user
        heard = [each for each in messages if self.reads and each.author != me]
        async with self._writing:
            said = [conversations.of_message(each) for each in heard if each.id not in self._gone]
            wanted = [each for each in said if each is not None and each.author not in self._silent]
            return await asyncio.to_thread(self._channels.keep, conversation, wanted)

    async def _drop(self, messages: Iterable[int]) -> frozenset[int]:
        """Forget messages in the index; return those that were there."""
        async with self._writing:
            known = await asyncio.to_thread(self._channels.delete, messages)
        if known:
            self.changed.set()
        return known

    async def _delete(self, messages: Iterable[int]) -> None:
        """Forget messages that were deleted in Discord, wherever they are kept or quoted."""
        if self._followed:
            self._gone.update(messages)
            await self._forgotten(await self._drop(messages))

    async def _end(self, conversation: int) -> None:
        async with self._writing:
            gone = await asyncio.to_thread(self._channels.end, conversation)
        await self._forgotten(gone)

    async def _lose(self, channel: int) -> None:
        """Forget a channel or a thread that was deleted in Discord, wherever it is kept or quoted."""
        for conversation in {channel, *await asyncio.to_thread(self._channels.conversations, channel)}:
            await self._end(conversation)
        if channel in self._followed:
            await self.remove(channel)

    async def _leave(self, server: int) -> None:
        left = [each for each in self._followed.values() if each.server == server]
        for each in left:
            await self._lose(each.id)

    async def _forgotten(self, messages: frozenset[int]) -> None:
        """Take what messages said out of what was answered by them."""
        if messages:
            self.changed.set()
            await asyncio.to_thread(self._history.forget_messages, messages)
            await asyncio.to_thread(self._forget_written, messages)
