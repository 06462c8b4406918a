"""The nouns of what people say in Discord: a channel whose messages are documents, a conversation in it, a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The messages of a conversation and the threads of a channel that are kept at most, the newest.
MOST_MESSAGES = 5_000
MOST_THREADS = 1_000
_ADDRESS = "https://discord.com/channels/"
_MARK = "#"
# The collection of what people handed in: no source of `corpus.toml` can be called so.
HANDED_IN = "(attached)"


class Holds(StrEnum):
    """What of a channel is made a document: its pinned messages, all that is said in it, or each of its threads."""

    PINNED = "pinned"
    MESSAGES = "messages"
    THREADS = "threads"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel or a thread of Discord whose messages are documents, and who added it; `server` is an id."""

    id: int
    server: int
    name: str
    server_name: str
    holds: Holds
    added_by: int = 0

    @property
    def address(self) -> str:
        """The address that opens it."""
        return channel_address(self.server, self.id)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages that are one document: those of the channel that was added, or of a thread in it.

    `id` is that of the channel or thread that they stand in, `channel` that of the one that was added. Who can read
    the channel `readers_of` may read the conversation. `tags` are those of a forum's post: whether it is solved, say.
    """

    id: int
    channel: int
    title: str
    readers_of: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the id and the name of whoever wrote it, when, and what it says; `answers` is the id of another."""

    id: int
    author: int
    name: str
    at: datetime
    text: str
    edited: datetime | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that somebody handed in on a server: its file's name, and the address of the message it came with.

    `title` is what to call it where it does not say so itself, `author` whose words it is where it is an answer.
    """

    name: str
    address: str
    server: int
    added_by: int
    title: str = ""
    author: int | None = None


def channel_address(server: int | str, channel: int | str) -> str:
    """Return the address that opens a channel or a thread of a server in Discord."""
    return f"{_ADDRESS}{server}/{channel}"


def message_address(channel: str, message: int) -> str:
    """Return the address that opens a message, by the address of the channel that it stands in."""
    return f"{channel}/{message}"


def is_in_discord(address: str) -> bool:
    """Return whether an address opens a channel or a message in Discord."""
    return address.startswith(_ADDRESS)


def collection_of(channel: int) -> str:
    """Return the collection of a channel's documents: no source of `corpus.toml` can be called so."""
    return f"{_MARK}{channel}"


def is_from_discord(collection: str) -> bool:
    """Return whether the documents of a collection come from Discord: they go only when somebody wants it."""
    return collection.startswith(_MARK) or collection == HANDED_IN


def is_channel(collection: str) -> bool:
    """Return whether the documents of a collection are a channel's."""
    return collection.startswith(_MARK)
