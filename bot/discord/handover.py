"""Handing over: a question that the documents do not answer goes to the people whom the guild names for that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.discord.delivery import post
from bot.discord.desk import Desk
from bot.discord.message import Message
from bot.discord.neutral import clipped, neutral
from bot.discord.reports import notice
from bot.discord.store import Humans, Kept


async def hand_over(desk: Desk, interaction: discord.Interaction[Any], kept: Kept) -> Sequence[Message]:
    """Ask the guild's people, once, and return what to tell whoever pressed the button."""
    humans = await asyncio.to_thread(desk.store.humans, kept.asked.guild)
    channel: Any = interaction.client.get_channel(humans.channel) if humans.channel else interaction.channel
    if humans == Humans() or channel is None:
        return (
            notice("Nobody is named for questions here any more. Whoever runs this server can say /channel humans."),
        )
    if not await asyncio.to_thread(desk.store.hand_over, kept.id):
        return (notice("The people here have been asked already."),)
    await post(channel, _request(interaction, kept, humans), role=humans.role)
    return (notice("I have asked the people here."),)


def _request(interaction: discord.Interaction[Any], kept: Kept, humans: Humans) -> Message:
    call = f"<@&{humans.role}> " if humans.role else ""
    link = f"\n{interaction.message.jump_url}" if interaction.message and interaction.guild_id else ""
    question = clipped(neutral(" ".join(kept.answer.question.split())), 1500)
    return Message(f"{call}<@{kept.asked.asker}> asks what the documents do not answer:\n> {question}{link}")
