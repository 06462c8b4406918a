"""Help: `/help`, what the bot does and how to talk to it."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.message import Message
from bot.discord.messaging.replies import InteractionReply
from bot.presenting.words import Words


def help_message(words: Words) -> Message:
    """Return what the bot does and how to talk to it."""
    lines = (
        words(
            "**I answer questions from this community's own documents.** Every sentence carries a citation; press its"
            " number to see the quote where it stands. When the documents do not say, I say so."
        ),
        "",
        "- " + words("`/ask` a question, or mention me with one; in a direct message, just write"),
        "- " + words("reply to an answer to follow it up"),
        "- " + words("`/search` finds passages, `/sources` lists the documents, `/status` shows how old the index is"),
        "- " + words("right-click a message › Apps › *Answer this* or *Find sources*"),
        "- " + words("`/privacy` shows and deletes what I keep of you"),
        "- " + words("people who manage the server: `/settings`, `/refresh`, `/gaps`, `/stats`"),
        "",
        words("👎 tells the people here what was wrong; it helps."),
    )
    return Message("\n".join(lines))


class Help(Feature):
    """Explains the bot."""

    @app_commands.command(name=_("help"), description=_("What I do and how to ask me"))
    async def help(self, interaction: Interaction) -> None:
        """Show the help."""
        reply = InteractionReply(interaction)
        await reply.refuse(help_message(reply.words))
