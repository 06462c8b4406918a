"""Conversations: the channels and messages of discord.py as those that the index keeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord

from index.messages import MOST_MESSAGES, MOST_THREADS, Channel, Conversation, Holds, Message

_LONGEST = 20_000


def of_channel(channel: Any, kept: Channel) -> Conversation:
    """Return the conversation that is held in a channel or a thread of discord.py, a part of a channel that is kept."""
    if isinstance(channel, discord.Thread):
        # Who reads the channel reads its threads, but for private ones.
        readers_of = channel.id if channel.is_private() else channel.parent_id
        return Conversation(channel.id, kept.id, channel.name, readers_of, tuple(tag.name for tag in _tags(channel)))
    title = f"#{channel.name} (pinned)" if kept.holds is Holds.PINNED else f"#{channel.name}"
    return Conversation(channel.id, kept.id, title, channel.id)


def of_message(message: discord.Message) -> Message | None:
    """Return what a message says, None where that is nothing: mentions as names, embeds and forwards included."""
    if message.is_system():
        return None
    said = _opening(message)
    lines = [said.clean_content, *(text for embed in said.embeds for text in _embedded(embed))]
    lines += [forwarded.content for forwarded in said.message_snapshots]
    lines += [f"Attached: {attachment.filename}" for attachment in said.attachments]
    text = "\n".join(line for line in lines if line.strip())[:_LONGEST]
    if not text:
        return None
    answers = message.reference.message_id if message.reference and said is message else None
    return Message(message.id, said.author.id, said.author.display_name, said.created_at, text, said.edited_at, answers)


async def every(channel: Any, kept: Channel) -> AsyncIterator[tuple[Conversation, AsyncIterator[discord.Message]]]:
    """Yield the conversations of a channel, each with its messages, newest first and not more than are kept."""
    match kept.holds:
        case Holds.PINNED:
            yield of_channel(channel, kept), channel.pins(limit=MOST_MESSAGES)
        case Holds.MESSAGES:
            yield of_channel(channel, kept), channel.history(limit=MOST_MESSAGES)
        case Holds.THREADS:
            async for thread in _threads(channel):
                yield of_channel(thread, kept), thread.history(limit=MOST_MESSAGES)


async def _threads(channel: Any) -> AsyncIterator[discord.Thread]:
    active = [thread for thread in await channel.guild.active_threads() if thread.parent_id == channel.id]
    for thread in active[:MOST_THREADS]:
        yield thread
    if len(active) < MOST_THREADS:
        async for thread in channel.archived_threads(limit=MOST_THREADS - len(active)):
            yield thread


def _opening(message: discord.Message) -> discord.Message:
    """Return the message that a thread began with where this one only points to it."""
    begun = message.reference.resolved if message.reference else None
    is_pointer = message.type is discord.MessageType.thread_starter_message and isinstance(begun, discord.Message)
    return begun if is_pointer and isinstance(begun, discord.Message) else message


def _embedded(embed: discord.Embed) -> list[str]:
    fields = [f"{field.name}: {field.value}" for field in embed.fields]
    return [text for text in (embed.title, embed.description, *fields) if text]


def _tags(thread: discord.Thread) -> list[discord.ForumTag]:
    return thread.applied_tags if thread.parent is not None else []
