"""/help: what the bot does and how to talk to it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.desk import Desk
from bot.discord.message import Message
from bot.discord.replies import InteractionReply

HELP = Message(
    """\
**I answer questions from this community's own documents.** Every sentence carries a citation; press its number to see \
the quote where it stands. When the documents do not say, I say so.

- `/ask` a question, or mention me with one; in a direct message, just write
- reply to an answer to follow it up
- `/search` finds passages, `/sources` lists the documents, `/status` shows how old the index is
- right-click a message › Apps › *Answer this* or *Find sources*
- people who manage the server: `/refresh`, `/channel mode`, `/channel humans`, `/gaps`

👎 tells the people here what was wrong; it helps."""
)


class Help(commands.Cog):
    """Explains the bot."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(name=_("help"), description=_("What I do and how to ask me"))
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show the help."""
        await InteractionReply(interaction).refuse(HELP)
