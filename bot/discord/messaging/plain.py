"""Plain messages: what embeds and files show, as mere text, for channels in which the bot may send no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.discord.messaging.message import CONTENT, Embed, Message
from bot.discord.messaging.splitting import split


def plain(messages: Sequence[Message]) -> list[Message]:
    """Return `messages`, at least one, as text alone; the last keeps the buttons of the last."""
    whole = "\n\n".join(part for message in messages for part in _parts(message))
    pieces = split(whole, CONTENT) or ["…"]
    return [*(Message(piece) for piece in pieces[:-1]), Message(pieces[-1], rows=messages[-1].rows)]


def _parts(message: Message) -> Iterator[str]:
    if message.content:
        yield message.content
    for embed in message.embeds:
        yield "\n".join(_lines(embed))


def _lines(embed: Embed) -> Iterator[str]:
    if embed.title:
        yield f"**{embed.title}**"
    if embed.description:
        yield embed.description
    for field in embed.fields:
        yield f"**{field.name}**: {field.value}"
