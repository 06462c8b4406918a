"""Features, and the one place where the use of a component reaches the feature that answers it.

The custom id is parsed here, once, and handed to the handler that a feature registered for its action. The views and
dynamic items of discord.py would need the view in memory, or a class for each button, and could not answer a modal
that was opened before a restart.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import logs
from bot.discord.messaging.custom_id import CustomId, new_id
from bot.discord.messaging.notices import failure, notice
from bot.discord.messaging.replies import InteractionReply

log = logging.getLogger(__name__)

_USES = (discord.InteractionType.component, discord.InteractionType.modal_submit)

Interaction = discord.Interaction[Any]
Handler = Callable[[Interaction, CustomId], Awaitable[None]]


def used_by_asker(interaction: Interaction) -> bool:
    """Whether who uses a component is who used the command that it stands under; where that is unknown, anybody is."""
    metadata = interaction.message.interaction_metadata if interaction.message else None
    return metadata is None or metadata.user.id == interaction.user.id


def is_private(interaction: Interaction) -> bool:
    """Whether a component stands under a message that its user alone sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def refuse_unknown(interaction: Interaction) -> None:
    """Tell who uses a component that nobody knows any more what it was for."""
    reply = InteractionReply(interaction)
    words = reply.words
    line = words("I do not know any more what this was for: it is from an earlier version of me. /help says what I do.")
    await reply.refuse(notice(line))


class Feature(commands.Cog):
    """Something that people can do with the bot: a cog that also answers components and has entries in menus."""

    def handlers(self) -> Mapping[str, Handler]:
        """Return the functions that answer the use of a button, a menu or a modal, by the action in its custom id."""
        return {}

    def message_menu(self) -> Iterable[app_commands.ContextMenu]:
        """Return the entries in the menu of somebody's message."""
        return ()


class Components(commands.Cog):
    """Hands each use of a component of ours, by somebody whom `admits` lets, to the feature whose action it is."""

    def __init__(self, features: Iterable[Feature], admits: Callable[[Interaction], Awaitable[bool]]) -> None:
        self._admits = admits
        self._handlers = {action: handler for each in features for action, handler in each.handlers().items()}

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer `interaction`, if it is no command; who used what no feature knows any more is told so."""
        if interaction.type not in _USES:
            return
        data: Any = interaction.data or {}
        custom_id = CustomId.parse(data.get("custom_id") or "")
        if custom_id is None or custom_id.action not in self._handlers:
            await refuse_unknown(interaction)
            return
        logs.on_behalf_of(server=interaction.guild_id, channel=interaction.channel_id, command=custom_id.action)
        if not await self._admits(interaction):
            return
        try:
            await self._handlers[custom_id.action](interaction, custom_id)
        except Exception:
            reference = new_id()
            log.exception("the use of a component failed", extra={"reference": reference})
            reply = InteractionReply(interaction)
            await reply.refuse(failure(reference, reply.words))
