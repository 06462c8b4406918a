"""The stand-in's state: people, guilds, channels and messages, and the clock that they live by.

Discord's pages: resources/user, resources/guild, resources/channel, resources/message, topics/permissions, reference
(snowflakes).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.scenarios.discord.standin import errors
from tests.scenarios.discord.standin.records import Attachment, Message

EPOCH = 1420070400000
TEXT, DM, NEWS, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 5, 11, 12, 15
ADMINISTRATOR, MANAGE_GUILD, ADD_REACTIONS, VIEW, SEND, MANAGE_MESSAGES = (1 << bit for bit in (3, 5, 6, 10, 11, 13))
EMBED_LINKS, ATTACH_FILES, READ_HISTORY, MENTION_EVERYONE, USE_COMMANDS = (1 << bit for bit in (14, 15, 16, 17, 31))
CREATE_THREADS, SEND_IN_THREADS = 1 << 35, 1 << 38
MEMBERS_MAY = (
    ADD_REACTIONS | VIEW | SEND | EMBED_LINKS | ATTACH_FILES | READ_HISTORY | USE_COMMANDS | CREATE_THREADS
) | SEND_IN_THREADS


class Clock:
    """Real time, plus what a test added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, **amount: float) -> None:
        """Let time pass at once: `advance(minutes=15)`."""
        self.ahead += timedelta(**amount)


@dataclass(frozen=True, slots=True)
class User:
    """An account. `locale` is the language of its client."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role of one guild."""

    id: int
    name: str
    permissions: int = 0


@dataclass(slots=True)
class Guild:
    """A guild, its roles and members. The bot may what its roles say unless a channel denies it.

    In a guild that is not `joined` the bot is no member: only those who installed it for themselves can use it there.
    """

    id: int
    name: str
    locale: str
    joined: bool
    everyone: int = MEMBERS_MAY
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def permissions(self, user_id: int) -> int:
        """Return what a member may, outside any channel."""
        bits = self.everyone
        for role in self.members.get(user_id, ()):
            bits |= self.roles[role].permissions
        return (1 << 52) - 1 if bits & ADMINISTRATOR else bits


@dataclass(slots=True)
class Channel:
    """A channel, a thread or a direct conversation. `denied` are the permissions that the bot lacks here.

    `unread` are those that everyone but the bot lacks. `only_for` are the roles that see a channel, and the bot;
    everybody sees one without any. `tags` are those that a forum offers, or that a thread has.
    """

    id: int
    name: str
    kind: int
    guild: Guild | None = None
    parent: Channel | None = None
    owner_id: int | None = None
    recipient: User | None = None
    denied: int = 0
    only_for: tuple[Role, ...] = ()
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    unread: int = 0
    tags: tuple[str, ...] = ()

    @property
    def thread(self) -> bool:
        return self.kind in (PUBLIC_THREAD, PRIVATE_THREAD)


class World:
    """All of it, by id."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._counter = itertools.count(1)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.deleted: list[Message] = []
        self.uploads: dict[int, Attachment] = {}
        self.bot = self.add_user("footnote", bot=True)

    def snowflake(self) -> int:
        milliseconds = int(self.clock.now().timestamp() * 1000) - EPOCH
        return (milliseconds << 22) | (next(self._counter) & 0x3FFFFF)

    def add_user(self, name: str, *, locale: str = "en-US", bot: bool = False) -> User:
        user = User(self.snowflake(), name, locale, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, locale: str = "en-US", joined: bool = True) -> Guild:
        guild = Guild(self.snowflake(), name, locale, joined)
        self.guilds[guild.id] = guild
        if joined:
            guild.members[self.bot.id] = ()
        return guild

    def add_channel(
        self, name: str, guild: Guild, *, kind: int = TEXT, denied: int = 0, only_for: tuple[Role, ...] = ()
    ) -> Channel:
        channel = Channel(self.snowflake(), name, kind, guild, denied=denied, only_for=only_for)
        self.channels[channel.id] = channel
        return channel

    def add_thread(
        self, thread_id: int, name: str, parent: Channel, owner_id: int, auto_archive: int, kind: int = PUBLIC_THREAD
    ) -> Channel:
        """topics/threads: a thread that starts from a message has that message's id."""
        thread = Channel(thread_id, name, kind, parent.guild, parent, owner_id, denied=parent.denied)
        thread.auto_archive = auto_archive
        self.channels[thread.id] = thread
        return thread

    def dm(self, user: User) -> Channel:
        """Return the one direct conversation between a user and the bot."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.recipient == user:
                return channel
        channel = Channel(self.snowflake(), user.name, DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def channel(self, channel_id: int) -> Channel:
        """Return a channel that the bot can see."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise errors.unknown_channel()
        if not self.bot_may(channel, VIEW):
            raise errors.missing_access()
        return channel

    def message(self, channel_id: int, message_id: int) -> Message:
        """Return a message that everyone in the channel can see: ephemeral ones cannot be fetched this way."""
        message = self.messages.get(message_id)
        if message is None or message.channel_id != channel_id or message.ephemeral:
            raise errors.unknown_message()
        return message

    def bot_permissions(self, channel: Channel) -> int:
        if channel.guild is None:
            return MEMBERS_MAY
        if not channel.guild.joined:
            return 0
        return channel.guild.permissions(self.bot.id) & ~channel.denied

    def bot_may(self, channel: Channel, *bits: int) -> bool:
        have = self.bot_permissions(channel)
        return all(have & bit for bit in bits)

    def history(self, channel_id: int) -> list[Message]:
        """Return what everyone in a channel can see, oldest first."""
        messages = [each for each in self.messages.values() if each.channel_id == channel_id and not each.ephemeral]
        return sorted(messages, key=lambda message: message.id)

    def upload(self, name: str, data: bytes) -> Attachment:
        """Return a file that somebody gives to a command."""
        return Attachment(self.snowflake(), name, data)

    def attachment(self, attachment_id: int) -> Attachment | None:
        if attachment_id in self.uploads:
            return self.uploads[attachment_id]
        for message in self.messages.values():
            for each in message.attachments:
                if each.id == attachment_id:
                    return each
        return None
