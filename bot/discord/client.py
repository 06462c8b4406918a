"""The client: the bot as Discord knows it, put together out of one cog for each job."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.commands.ask import Ask
from bot.discord.commands.channel import Channel
from bot.discord.commands.gaps import Gaps
from bot.discord.commands.help import Help
from bot.discord.commands.menus import Menus
from bot.discord.commands.refresh import Refresh
from bot.discord.commands.search import Search
from bot.discord.commands.sources import Sources
from bot.discord.commands.status import Status
from bot.discord.desk import Desk
from bot.discord.identifiers import new_id
from bot.discord.jobs import failure
from bot.discord.listening import Listening
from bot.discord.presses import Presses
from bot.discord.replies import InteractionReply
from bot.discord.reports import notice, presence
from bot.discord.translations import Translations

log = logging.getLogger(__name__)

# What the bot needs in a channel, and nothing more.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
_COMMANDS_FACT = "commands"


class FootnoteClient(commands.AutoShardedBot):
    """The bot. `refreshers` are roles that may refresh the index.

    `message_content` asks Discord for messages that do not mention the bot: a privileged intent, needed only for
    channels in which it answers unasked.
    """

    def __init__(self, desk: Desk, *, refreshers: frozenset[int] = frozenset(), message_content: bool = False) -> None:
        intents = discord.Intents(guilds=True, messages=True, message_content=message_content)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            chunk_guilds_at_startup=False,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )
        self.desk = desk
        self._refreshers = refreshers

    async def setup_hook(self) -> None:
        """Put the bot together; runs once, after the login and before the first event."""
        desk = self.desk
        for cog in (
            Ask(desk),
            Search(desk),
            Sources(desk),
            Status(desk),
            Refresh(desk, self._refreshers),
            Help(desk),
            Channel(desk),
            Gaps(desk),
            Menus(desk, self.tree),
            Presses(desk, self._refreshers),
            Listening(desk, self),
        ):
            await self.add_cog(cog)
        await self.tree.set_translator(Translations())
        await self._sync_if_changed()

    async def on_message(self, message: discord.Message) -> None:
        """Leave messages to the cogs: there are no commands with a prefix."""

    async def on_ready(self) -> None:
        """Show the state of the index under the bot's name."""
        log.info("ready", extra={"guilds": len(self.guilds), "shards": self.shard_count})
        await self.show_presence()

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what broke in a listener."""
        log.exception("an event could not be handled", extra={"event_name": event_method})

    async def show_presence(self) -> None:
        """Show how many documents there are, and the age of the index."""
        generation = await asyncio.to_thread(lambda: self.desk.library.generation)
        line = presence(generation, datetime.now(UTC))
        await self.change_presence(activity=discord.CustomActivity(name=line))

    async def _sync_if_changed(self) -> None:
        """Tell Discord the commands, if they are not those that it was told last: it takes 200 a day."""
        translator = self.tree.translator
        assert translator is not None
        payload = [await command.get_translated_payload(self.tree, translator) for command in self.tree.get_commands()]
        fingerprint = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        if await asyncio.to_thread(self.desk.store.fact, _COMMANDS_FACT) != fingerprint:
            await self.tree.sync()
            await asyncio.to_thread(self.desk.store.note, _COMMANDS_FACT, fingerprint)
            log.info("commands synchronised", extra={"commands": len(payload)})


class Tree(app_commands.CommandTree[FootnoteClient]):
    """The tree of commands; whoever meets an error in one is told."""

    async def on_error(
        self, interaction: discord.Interaction[FootnoteClient], error: app_commands.AppCommandError
    ) -> None:
        """Answer a command that failed outside of a job."""
        if isinstance(error, app_commands.CheckFailure):
            await InteractionReply(interaction).refuse(notice("You may not do this here."))
            return
        reference = new_id()
        log.error("a command failed", extra={"reference": reference}, exc_info=error)
        if interaction.type is not discord.InteractionType.autocomplete:
            await InteractionReply(interaction).refuse(failure(reference))
