"""Channels of Discord, kept in the data folder: the messages that a front end reads there, for a refresh to index.

One SQLite file. The front end writes what is said, changed and deleted as it happens, and a refresh makes a document of
each conversation; neither waits for the other. Which channels there are is kept beside their messages and not in
`corpus.toml`: people of a server decide on it, a corpus folder may be for reading alone, and what goes, goes at once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.access import AccessRule
from index.damage import is_damage, set_aside
from index.documents import Provenance
from index.errors import FootnoteError, UnreadableDocument
from index.messages import MOST_MESSAGES, Channel, Conversation, Holds, Message, channel_address, collection_of
from index.report import Failure
from index.sources.scanning import with_provenance

log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS channels (
    id INTEGER PRIMARY KEY, server INTEGER NOT NULL, name TEXT NOT NULL, server_name TEXT NOT NULL,
    holds TEXT NOT NULL, added_by INTEGER NOT NULL, problem TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS conversations (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    title TEXT NOT NULL, readers_of INTEGER NOT NULL, tags TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    author INTEGER NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL, edited TEXT, answers INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS conversations_by_channel ON conversations (channel);
CREATE INDEX IF NOT EXISTS messages_by_moment ON messages (conversation, at);
CREATE INDEX IF NOT EXISTS messages_by_author ON messages (author);
"""
# Of a conversation with more messages each day is a document, so that a new one changes little.
_MOST_IN_A_DOCUMENT = 300
_CHANNEL = "id, server, name, server_name, holds, added_by"
_MESSAGE = "id, author, name, at, text, edited, answers"


def channels_in(data: Path) -> Path:
    """Return the file of a data folder that keeps the channels of Discord."""
    return data / "channels.sqlite"


class ChannelsUnusable(FootnoteError):
    """The channels cannot be read or written, which is the disk's fault or the permissions'."""


@dataclass(frozen=True, slots=True)
class ConversationFile:
    """A conversation, or a `day` of it, as a refresh reads it: in the form of an export, with a title of its own."""

    source: str
    provenance: Provenance
    path: Path
    conversation: int
    day: str = ""

    @property
    def name(self) -> str:
        """The name whose suffix tells its format."""
        return self.provenance.name(self.source)

    def stamp(self) -> None:
        """Return nothing: what tells whether it changed is at hand."""

    def content(self) -> str:
        """Return what tells whether it changed. Raises UnreadableDocument."""
        return with_provenance(hashlib.sha256(self.read()).hexdigest(), self.provenance)

    def read(self) -> bytes:
        """Return its bytes. Raises UnreadableDocument."""
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                about = connection.execute(
                    "SELECT v.title, v.tags, c.server, c.server_name, c.name FROM conversations v JOIN channels c"
                    " ON c.id = v.channel WHERE v.id = ?",
                    (self.conversation,),
                ).fetchone()
                rows = connection.execute(
                    f"SELECT {_MESSAGE} FROM messages WHERE conversation = ? AND at BETWEEN ? AND ? ORDER BY id",
                    (self.conversation, self.day, f"{self.day}Z"),
                ).fetchall()
        except sqlite3.Error as error:
            raise UnreadableDocument(f"its messages cannot be read ({error}): run it again") from error
        if about is None or not rows:
            raise UnreadableDocument("it went while it was read: run it again")
        return _export(self.conversation, about, rows, self.day)


class Channels:
    """The channels that are indexed, their conversations and messages. Any thread may call any method.

    A damaged file is put aside, and the channels have to be added anew. Raises ChannelsUnusable where the disk is at
    fault.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, channel: Channel) -> None:
        """Keep a channel, or what is known of it anew; what it held otherwise goes."""
        with self._changing() as connection:
            before = _channels(connection, "WHERE id = ?", (channel.id,))
            if before and before[0].holds is not channel.holds:
                connection.execute("DELETE FROM channels WHERE id = ?", (channel.id,))
            connection.execute(
                f"INSERT INTO channels ({_CHANNEL}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET name = excluded.name, server_name = excluded.server_name",
                (channel.id, channel.server, channel.name, channel.server_name, channel.holds, channel.added_by),
            )

    def remove(self, channel: int) -> bool:
        """Forget a channel and all that was said in it; return whether it was known."""
        with self._existing() as connection:
            return connection.execute("DELETE FROM channels WHERE id = ?", (channel,)).rowcount > 0

    def leave(self, server: int) -> None:
        """Forget the channels of a server."""
        with self._existing() as connection:
            connection.execute("DELETE FROM channels WHERE server = ?", (server,))

    def every(self, server: int | None = None) -> tuple[Channel, ...]:
        """Return the channels that are kept, of one server or of all, by name."""
        with self._existing() as connection:
            return _channels(connection, "WHERE ?1 IS NULL OR server = ?1 ORDER BY name, id", (server,))

    def conversations(self, channel: int) -> dict[int, Conversation]:
        """Return the conversations of a channel, by id."""
        with self._existing() as connection:
            rows = connection.execute(
                "SELECT id, channel, title, readers_of, tags FROM conversations WHERE channel = ?", (channel,)
            )
            return {row[0]: _conversation(row) for row in rows}

    def keep(self, conversation: Conversation, messages: Sequence[Message]) -> bool:
        """Keep what is said in a conversation, its newest 5,000 messages, and return whether anything changed.

        Of two versions of a message the one that was edited later is kept, whichever comes first. What belongs to no
        channel that is kept is not.
        """
        with self._changing() as connection:
            if not _channels(connection, "WHERE id = ?", (conversation.channel,)):
                return False
            changed = connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " channel = excluded.channel, title = excluded.title, readers_of = excluded.readers_of,"
                " tags = excluded.tags WHERE (channel, title, readers_of, tags)"
                " != (excluded.channel, excluded.title, excluded.readers_of, excluded.tags)",
                (conversation.id, conversation.channel, conversation.title, conversation.readers_of,
                 json.dumps(conversation.tags)),
            ).rowcount  # fmt: skip
            changed += connection.executemany(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, text = excluded.text, edited = excluded.edited"
                " WHERE (name, text) != (excluded.name, excluded.text)"
                " AND coalesce(excluded.edited, '') >= coalesce(edited, '')",
                [_row(message, conversation.id) for message in messages],
            ).rowcount
            connection.execute(
                "DELETE FROM messages WHERE conversation = ?1 AND id <="
                " (SELECT id FROM messages WHERE conversation = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                (conversation.id, MOST_MESSAGES),
            )
            return changed > 0

    def delete(self, messages: Iterable[int]) -> frozenset[int]:
        """Forget messages; return those that were known."""
        with self._existing() as connection:
            return frozenset(id_ for id_ in messages if _deleted(connection, "id = ?", (id_,)))

    def ids(self, conversation: int) -> frozenset[int]:
        """Return the messages that are kept of a conversation."""
        with self._existing() as connection:
            rows = connection.execute("SELECT id FROM messages WHERE conversation = ?", (conversation,))
            return frozenset(id_ for (id_,) in rows)

    def missing(self, messages: Collection[int]) -> frozenset[int]:
        """Return those messages that are not kept, or not any more."""
        with self._existing() as connection:
            found = (connection.execute("SELECT id FROM messages WHERE id = ?", (id_,)).fetchone() for id_ in messages)
            return frozenset(messages) - {row[0] for row in found if row}

    def end(self, conversation: int) -> frozenset[int]:
        """Forget a conversation; return the messages that were said in it."""
        with self._existing() as connection:
            gone = _deleted(connection, "conversation = ?", (conversation,))
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
            return gone

    def forget_person(self, author: int) -> frozenset[int]:
        """Forget all that a person said; return the messages."""
        with self._existing() as connection:
            return _deleted(connection, "author = ?", (author,))

    def count_of(self, author: int) -> int:
        """Return how many messages of a person are kept."""
        with self._existing() as connection:
            (number,) = connection.execute("SELECT count(*) FROM messages WHERE author = ?", (author,)).fetchone()
            return int(number)

    def note(self, channel: int, problem: str | None) -> None:
        """Keep what is wrong with a channel, or that nothing is any more."""
        with self._existing() as connection:
            connection.execute("UPDATE channels SET problem = ? WHERE id = ?", (problem, channel))

    def problems(self) -> dict[int, str]:
        """Return what is wrong with channels, by their ids."""
        with self._existing() as connection:
            return dict(connection.execute("SELECT id, problem FROM channels WHERE problem IS NOT NULL"))

    def failures(self) -> list[Failure]:
        """Return what is wrong with channels, as a refresh tells it."""
        problems = self.problems()
        return [Failure(f"#{one.name}", problems[one.id], kept=True) for one in self.every() if one.id in problems]

    def files(self) -> list[ConversationFile]:
        """Return the conversations in which anything is said, by address."""
        with self._existing() as connection:
            rows = connection.execute(
                "SELECT v.id, v.channel, v.readers_of, c.server, m.day FROM conversations v"
                " JOIN channels c ON c.id = v.channel JOIN (SELECT conversation, CASE WHEN count(*) OVER"
                " (PARTITION BY conversation) > ? THEN substr(at, 1, 10) ELSE '' END AS day FROM messages) m"
                " ON m.conversation = v.id GROUP BY v.id, m.day",
                (_MOST_IN_A_DOCUMENT,),
            ).fetchall()
        return sorted((_file(self._path, *row) for row in rows), key=lambda file: file.source)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """Give the file, made where there is none, in one transaction."""
        try:
            with closing(self._connected()) as connection, connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise ChannelsUnusable(f"{self._path} cannot be used ({error}): see to its disk and its rights") from error

    @contextmanager
    def _existing(self) -> Iterator[sqlite3.Connection]:
        """Give the file as `_changing` does, and an empty one in memory where there is none."""
        if self._path.exists():
            with self._changing() as connection:
                yield connection
        else:
            with closing(_opened(":memory:")) as connection:
                yield connection

    def _connected(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.touch(mode=0o600)
        try:
            return _opened(self._path)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            log.warning("%s is damaged (%s) and put aside: add the channels of Discord anew", self._path, error)
            set_aside(self._path)
            return _opened(self._path)


def _opened(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; {_SCHEMA}")
        connection.execute(f"SELECT {_MESSAGE} FROM messages LIMIT 1").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _channels(connection: sqlite3.Connection, which: str, values: Sequence[object]) -> tuple[Channel, ...]:
    rows = connection.execute(f"SELECT {_CHANNEL} FROM channels {which}", values)
    return tuple(
        Channel(id_, server, name, server_name, Holds(holds), added_by)
        for id_, server, name, server_name, holds, added_by in rows
    )


def _conversation(row: Sequence[Any]) -> Conversation:
    id_, channel, title, readers_of, tags = row
    return Conversation(id_, channel, title, readers_of, tuple(json.loads(tags)))


def _row(message: Message, conversation: int) -> tuple[object, ...]:
    edited = message.edited.isoformat() if message.edited else None
    return (
        message.id, conversation, message.author, message.name, message.at.isoformat(), message.text, edited,
        message.answers,
    )  # fmt: skip


def _deleted(connection: sqlite3.Connection, which: str, values: Sequence[object]) -> frozenset[int]:
    rows = connection.execute(f"DELETE FROM messages WHERE {which} RETURNING id", values)
    return frozenset(id_ for (id_,) in rows)


def _file(path: Path, conversation: int, channel: int, readers_of: int, server: int, day: str) -> ConversationFile:
    address = channel_address(server, conversation)
    access = (AccessRule(readers_of=frozenset({readers_of})),)
    known = Provenance(collection_of(channel), ".json", url=address, access=access)
    return ConversationFile(f"{address}#{day}" if day else address, known, path, conversation, day)


def _export(conversation: int, about: Sequence[Any], rows: Iterable[Sequence[Any]], day: str) -> bytes:
    """Return messages in the form that DiscordChatExporter gives them, which the reader knows."""
    title, tags, server, server_name, channel_name = about
    messages = [
        {"id": str(id_), "timestamp": at, "author": {"id": str(author), "name": name}, "content": text}
        | ({"reference": {"messageId": str(answers)}} if answers else {})
        for id_, author, name, at, text, _, answers in rows
    ]
    form = {
        "guild": {"id": str(server), "name": server_name},
        "channel": {"id": str(conversation), "name": channel_name},
        "conversation": {"title": f"{title}, {day}" if day else title, "tags": json.loads(tags)},
        "messages": messages,
    }
    return json.dumps(form, ensure_ascii=False).encode()
