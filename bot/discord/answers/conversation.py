"""The conversation that a message continues, read back from Discord.

A reply continues the chain of replies above it; a message in a thread or a direct message continues its author's last
exchange there. Nothing is remembered in the process: after a restart, and for each of two people in one channel, the
conversation is what Discord shows.
"""

from __future__ import annotations

import re
from typing import Any

import discord

from bot.answering.answer import Turn
from bot.discord.answers.question import PriorConversation
from bot.discord.answers.stored import Conversations
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.delivery import REFUSED
from index.access import Viewer

_LONGEST = 8
_LOOK_BACK = 30
_MENTION = re.compile(r"<@[!&]?\d+>")


async def conversation_before(
    message: discord.Message, me: discord.abc.User, conversations: Conversations, viewer: Viewer
) -> PriorConversation:
    """Return the conversation that `message` continues, as far as the viewer of its answer may see it.

    What Discord does not let the bot read is left out.
    """
    alone = message.author.id if message.guild is None else None
    try:
        before = await _parent(message)
        if before is None and isinstance(message.channel, discord.Thread | discord.DMChannel):
            before = await _last_answer(message, me) or await _opening(message.channel, me)
        return await _back_from(before, me, conversations, viewer, alone)
    except REFUSED:
        return PriorConversation()


def without_mentions(message: discord.Message) -> str:
    """Return the text that somebody wrote, without the mentions."""
    return _MENTION.sub("", message.content).strip()


def shown_answer(message: discord.Message) -> str | None:
    """Return the id of the stored answer that a message of the bot shows, as its buttons tell, or None."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            custom_id = CustomId.parse(getattr(item, "custom_id", None) or "")
            if custom_id and custom_id.action in {"cite", "follow"}:
                return custom_id.subject
    return None


async def _back_from(
    before: discord.Message | None,
    me: discord.abc.User,
    conversations: Conversations,
    viewer: Viewer,
    alone: int | None,
) -> PriorConversation:
    """Walk up the replies from `before` until a stored answer is met: the store knows the way on from there."""
    turns: list[Turn] = []
    while before is not None and len(turns) < 2 * _LONGEST:
        known = shown_answer(before) if before.author.id == me.id else None
        if known and not await conversations.may_be_told(known, viewer):
            stored = await conversations.upto(known, viewer, alone)
            return PriorConversation((*stored.turns, *turns), stored.follows)
        text = without_mentions(before)
        if text:
            turns.insert(0, Turn("assistant" if before.author.id == me.id else "user", text))
        before = await _parent(before)
    return PriorConversation(tuple(turns))


async def _parent(message: discord.Message) -> discord.Message | None:
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    known = reference.cached_message or reference.resolved
    if isinstance(known, discord.Message):
        return known
    if isinstance(known, discord.DeletedReferencedMessage):
        return None
    try:
        return await message.channel.fetch_message(reference.message_id)
    except discord.NotFound:
        return None


async def _opening(channel: discord.Thread | discord.DMChannel, me: discord.abc.User) -> discord.Message | None:
    """Return the answer of the bot that a thread was opened from, which stands in the channel above."""
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    if not isinstance(parent, discord.TextChannel):
        return None
    try:
        message = await parent.fetch_message(channel.id)
    except discord.NotFound:
        return None
    return message if message.author.id == me.id else None


async def _last_answer(message: discord.Message, me: discord.abc.User) -> discord.Message | None:
    """Return the bot's latest reply to the author of `message` here."""
    history: Any = message.channel.history(limit=_LOOK_BACK, before=message)
    async for earlier in history:
        if earlier.author.id == me.id:
            asked = await _parent(earlier)
            if asked is not None and asked.author.id == message.author.id:
                found: discord.Message = earlier
                return found
    return None
