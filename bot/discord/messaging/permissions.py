"""Permissions: what the bot lacks in a channel."""

from __future__ import annotations

import discord


def lacking(channel: discord.abc.GuildChannel, *wanted: str) -> list[str]:
    """Return those of the `wanted` permissions, by their names in discord.py, that the bot has not in `channel`.

    They read as Discord's settings name them: "send messages".
    """
    held = channel.permissions_for(channel.guild.me)
    return [name.replace("_", " ") for name in wanted if not getattr(held, name)]
