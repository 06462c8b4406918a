"""The client: the bot as Discord knows it, put together out of one cog for each feature."""

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

from bot.discord import logs
from bot.discord.answers.service import AnswerService
from bot.discord.answers.sources import SourceNames
from bot.discord.answers.stored import Conversations
from bot.discord.backend import Answerer, Library
from bot.discord.features.answer_buttons import answer_buttons
from bot.discord.features.asking import Asking
from bot.discord.features.channels import Channels
from bot.discord.features.citations import Citations
from bot.discord.features.clarifying import Clarifying
from bot.discord.features.components import Components, Feature
from bot.discord.features.feedback import Feedback
from bot.discord.features.follow_ups import FollowUps
from bot.discord.features.gaps import Gaps
from bot.discord.features.going_back import GoingBack
from bot.discord.features.handover import Handover
from bot.discord.features.help import Help
from bot.discord.features.indexing import Indexing
from bot.discord.features.listening import Listening
from bot.discord.features.privacy import Privacy
from bot.discord.features.refreshing import Refreshing
from bot.discord.features.searching import Searching
from bot.discord.features.server_settings import ServerSettings
from bot.discord.features.sharing import Sharing
from bot.discord.features.sources import Sources
from bot.discord.features.statistics import Statistics
from bot.discord.features.status import Status, presence
from bot.discord.features.stopping import Stopping
from bot.discord.following.following import Following
from bot.discord.history import History
from bot.discord.messaging.custom_id import new_id
from bot.discord.messaging.neutral import label
from bot.discord.messaging.notices import failure, notice
from bot.discord.messaging.replies import InteractionReply
from bot.discord.servers import Servers
from bot.discord.store import Store
from bot.discord.translations import Translations
from bot.discord.work.admission import Admission
from bot.discord.work.audience import Audience
from bot.discord.work.jobs import Jobs
from bot.discord.work.limits import Limits
from bot.discord.work.viewers import Viewers
from bot.presenting.words import ENGLISH, languages, words_in
from index.access import NOBODY

log = logging.getLogger(__name__)

# What the bot needs in a channel, and nothing more.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
_CHANGED = notice("This command is another one by now. Restart Discord (Ctrl+R) to see it as it is, and use it again.")
_COMMANDS_FACT = "commands"
_PRESENCE_LENGTH = 128


class FootnoteClient(commands.AutoShardedBot):
    """The bot. `refreshers` are roles that may refresh the index, `servers` those whose members may ask: all, if none.

    `chat_model` is the name of what writes the answers; None where they are quotes alone. `message_content` asks
    Discord for messages that do not mention the bot: a privileged intent, needed only for channels in which it answers
    unasked. Questions are kept for `retention_days`.
    """

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        store: Store,
        jobs: Jobs | None = None,
        *,
        limits: Limits | None = None,
        chat_model: str | None = None,
        refreshers: frozenset[int] = frozenset(),
        servers: frozenset[int] = frozenset(),
        retention_days: int = 90,
        message_content: bool = False,
    ) -> None:
        intents = discord.Intents(guilds=True, messages=True, message_content=message_content)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            tree_cls=_CommandTree,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            chunk_guilds_at_startup=False,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )
        self._library = library
        self._answerer = answerer
        self.store = self._store = store
        self._jobs = jobs or Jobs()
        self._limits = limits or Limits()
        self._chat_model = chat_model
        self._refreshers = refreshers
        self._audience = Audience(servers)
        self.history = History(store.database)
        self.servers = Servers(store.database, retention_days)
        self.following = Following(self, library.kept_channels, self.history, answerer.forget_messages)

    async def setup_hook(self) -> None:
        """Put the bot together; runs once, after the login and before the first event."""
        await asyncio.to_thread(lambda: [words_in(language) for language in languages()])
        await self.add_cog(self.following)
        features = self._features()
        for feature in features:
            await self.add_cog(feature)
            for entry in feature.message_menu():
                self.tree.add_command(entry)
        await self.add_cog(Components(features, self.admits))
        await self.tree.set_translator(Translations())
        await self._sync_if_changed()

    def _features(self) -> tuple[Feature, ...]:
        library, store, jobs, limits, servers = self._library, self._store, self._jobs, self._limits, self.servers
        sources, viewers, conversations = SourceNames(library), Viewers(library, self), Conversations(store, library)
        admission = Admission(limits.allowance)
        service = AnswerService(
            library,
            self._answerer,
            store,
            servers,
            jobs,
            admission,
            sources,
            limits.queue,
            limits.deadline,
            answer_buttons,
        )
        handover = Handover(library, self.following, store, jobs, servers, self._refreshers)
        return (
            Asking(service, sources, viewers),
            FollowUps(service, viewers, conversations),
            Clarifying(service, store, viewers, conversations),
            Sharing(library, store, jobs, viewers, answer_buttons),
            Citations(library, store, jobs, viewers),
            Feedback(store, jobs),
            handover,
            Stopping(jobs),
            Searching(library, store, jobs, admission, sources, viewers),
            Sources(library, store, jobs, viewers),
            Status(library, self._answerer, store, jobs, viewers, self._chat_model),
            Refreshing(library, jobs, servers, viewers, self._refreshers),
            GoingBack(library, jobs, servers, self._refreshers),
            Indexing(library, self.following, jobs, servers, viewers, self._refreshers),
            Help(),
            Channels(store, servers, jobs),
            ServerSettings(store, servers, jobs, sources, viewers),
            Gaps(library, store, jobs, viewers),
            Statistics(library, self.history, jobs, viewers),
            Privacy(library, self.following, self.history, servers, jobs),
            Listening(
                service,
                admission,
                store,
                servers,
                viewers,
                conversations,
                lambda: self.user,
                lambda message: handover.takes(message, self),
                lambda person, guild: self._audience.holds(self, person, guild),
            ),
        )

    async def on_message(self, message: discord.Message) -> None:
        """Leave messages to the cogs: there are no commands with a prefix."""

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether who uses a command or a component may ask at all; who may not is told so."""
        if await self._audience.holds(self, interaction.user.id, interaction.guild_id):
            return True
        if interaction.type is not discord.InteractionType.autocomplete:
            reply = InteractionReply(interaction)
            words = reply.words
            await reply.refuse(notice(words("I answer only the members of the servers that I am made for.")))
        return False

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what belongs to a server that the bot was removed from."""
        number = await asyncio.to_thread(self.history.forget_server, guild.id)
        await asyncio.to_thread(self._library.attached.leave, guild.id)
        log.info("a server was left, and what belonged to it deleted", extra={"server": guild.id, "questions": number})

    async def on_ready(self) -> None:
        """Show the state of the index under the bot's name."""
        log.info("ready", extra={"guilds": len(self.guilds), "shards": self.shard_count})
        await self.show_presence()

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what broke in a listener."""
        log.exception("an event could not be handled", extra={"event_name": event_method})

    async def show_presence(self) -> None:
        """Show how many documents there are, and the age of the index."""
        generation = await asyncio.to_thread(self._library.generation, NOBODY)
        line = label(presence(generation, datetime.now(UTC), ENGLISH), _PRESENCE_LENGTH)
        await self.change_presence(activity=discord.CustomActivity(name=line))

    async def _sync_if_changed(self) -> None:
        """Tell Discord the commands, if they are not those that it was told last: it takes 200 a day."""
        translator = self.tree.translator
        assert translator is not None
        payload = [await command.get_translated_payload(self.tree, translator) for command in self.tree.get_commands()]
        fingerprint = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        if await asyncio.to_thread(self._store.fact, _COMMANDS_FACT) != fingerprint:
            await self.tree.sync()
            await asyncio.to_thread(self._store.set_fact, _COMMANDS_FACT, fingerprint)
            log.info("commands synchronised", extra={"commands": len(payload)})


class _CommandTree(app_commands.CommandTree[FootnoteClient]):
    """The tree of commands; whoever meets an error in one is told."""

    async def interaction_check(self, interaction: discord.Interaction[FootnoteClient], /) -> bool:
        """Let what is logged say which command it was, and where."""
        name = interaction.command.qualified_name if interaction.command else "?"
        logs.on_behalf_of(server=interaction.guild_id, channel=interaction.channel_id, command=name)
        return await interaction.client.admits(interaction)

    async def on_error(
        self, interaction: discord.Interaction[FootnoteClient], error: app_commands.AppCommandError
    ) -> None:
        """Answer a command that failed outside of a job."""
        reply = InteractionReply(interaction)
        words = reply.words
        if isinstance(error, app_commands.CheckFailure):
            if not interaction.response.is_done():
                await reply.refuse(notice(words("You may not do this here.")))
            return
        if isinstance(error, app_commands.TransformerError):
            await reply.refuse(notice(words("I cannot see what you chose, or it is of another kind.")))
            return
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            # Discord shows people the commands of the version before for up to an hour.
            log.warning("a command has another form by now: %.200s", error)
            if interaction.type is not discord.InteractionType.autocomplete:
                await InteractionReply(interaction).refuse(_CHANGED)
            return
        reference = new_id()
        log.error("a command failed", extra={"reference": reference}, exc_info=error)
        if interaction.type is not discord.InteractionType.autocomplete:
            await reply.refuse(failure(reference, words))
