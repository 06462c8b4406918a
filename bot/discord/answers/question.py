"""The question that a person put to the bot, and the conversation that it goes on with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord

from bot.answering.answer import Turn
from bot.discord.store import Origin
from index.access import Viewer


@dataclass(frozen=True, slots=True)
class PriorConversation:
    """What was said before a question, oldest first, and the id of the stored answer that it follows up, if any."""

    turns: tuple[Turn, ...] = ()
    follows: str | None = None


async def nothing_before(_: Viewer) -> PriorConversation:
    """No conversation: a question that stands alone."""
    return PriorConversation()


@dataclass(frozen=True, slots=True)
class PersonsQuestion:
    """A question as a person put it: its text, who asked it where, after what, and of which source.

    `viewer` asks Discord who will see the answer, and `before` looks up what was said before as far as they may see it,
    both once the question has been acknowledged; `source` is as somebody typed it.
    `private` means that only the asker sees the answer; `hidden` that nobody sees the question unless it is shown.
    `message` is the one that asks it, None where a command does, `home` the channel whose settings hold there.
    """

    text: str
    origin: Origin
    viewer: Callable[[], Awaitable[Viewer]]
    before: Callable[[Viewer], Awaitable[PriorConversation]] = nothing_before
    source: str | None = None
    private: bool = False
    hidden: bool = False
    message: int | None = None
    home: int | None = None


def origin(interaction: discord.Interaction[Any]) -> Origin:
    """Who uses a command or a component, and where."""
    return Origin(interaction.user.id, interaction.guild_id, interaction.channel_id)


def home_of(channel: Any) -> int | None:
    """Return the id of the channel whose settings hold in a channel: a thread's is its parent's."""
    return getattr(channel, "parent_id", None) or getattr(channel, "id", None)
