"""The store: every answer given, what people said of it, and each guild's settings, in `answers.sqlite`.

Buttons under an answer name it by id; with the answer kept here they work for ever. Every method is one short
transaction and may be called from any thread.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.answering.answer import Answer, Status
from bot.answering.keeping import kept_answer
from bot.discord.database import Database
from index.documents import DocumentMetadata, Filter

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY, asked_at TEXT NOT NULL, guild INTEGER, channel INTEGER, asker INTEGER NOT NULL, follows TEXT,
    status TEXT NOT NULL, generation INTEGER NOT NULL, handed_over INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS answers_by_guild ON answers (guild, status);
CREATE INDEX IF NOT EXISTS answers_by_channel ON answers (channel);
CREATE INDEX IF NOT EXISTS answers_by_handover ON answers (handed_over);
CREATE TABLE IF NOT EXISTS private_answers (answer TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS feedback (
    answer TEXT NOT NULL REFERENCES answers (id), person INTEGER NOT NULL, verdict TEXT NOT NULL,
    citation INTEGER NOT NULL DEFAULT 0, given_at TEXT NOT NULL, PRIMARY KEY (answer, person, citation)
) STRICT;
CREATE TABLE IF NOT EXISTS lookups (id TEXT PRIMARY KEY, query TEXT NOT NULL, filter TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS looked_up (
    lookup TEXT PRIMARY KEY, at TEXT NOT NULL, person INTEGER NOT NULL, guild INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS channels (channel INTEGER PRIMARY KEY, guild INTEGER NOT NULL, mode TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS guilds (guild INTEGER PRIMARY KEY, humans_channel INTEGER, humans_role INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS shown (answer TEXT PRIMARY KEY, message INTEGER, locale TEXT) STRICT;
CREATE TABLE IF NOT EXISTS posted (answer TEXT PRIMARY KEY, message INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS resolutions (
    answer TEXT PRIMARY KEY, person INTEGER NOT NULL, at TEXT NOT NULL, link TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS remarks (
    answer TEXT NOT NULL, person INTEGER NOT NULL, words TEXT NOT NULL, PRIMARY KEY (answer, person)
) STRICT;
CREATE TABLE IF NOT EXISTS settings (
    guild INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (guild, name)
) STRICT;
CREATE TABLE IF NOT EXISTS changes (
    guild INTEGER NOT NULL, at TEXT NOT NULL, person INTEGER NOT NULL, setting TEXT NOT NULL, value TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS human_answers (
    answer TEXT PRIMARY KEY, helper INTEGER NOT NULL, name TEXT NOT NULL, words TEXT NOT NULL, link TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS forgotten (person INTEGER PRIMARY KEY) STRICT;
CREATE INDEX IF NOT EXISTS answers_by_asker ON answers (asker);
"""
log = logging.getLogger(__name__)

_FILTERS: TypeAdapter[Filter] = TypeAdapter(Filter)
_LATEST = 200


class Verdict(StrEnum):
    """What somebody says of an answer; all but GOOD are complaints."""

    GOOD = "good"
    WRONG = "wrong"
    WRONG_SOURCE = "wrong-source"
    OUT_OF_DATE = "out-of-date"
    MISSING = "missing"


class Mode(StrEnum):
    """When the bot speaks up in a channel."""

    OFF = "off"
    MENTION = "mention"
    EVERY = "every"
    FORUM = "forum"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked a question, and where: `follows` is the id of the answer that this question follows up."""

    asker: int
    guild: int | None = None
    channel: int | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that was given, and who had asked for it where."""

    id: str
    origin: Origin
    answer: Answer


@dataclass(frozen=True, slots=True)
class PostedAnswer:
    """An answer that stands where others can read it: in which message of ours, of which channel, in which language."""

    channel: int
    message: int
    locale: str
    stored: StoredAnswer


@dataclass(frozen=True, slots=True)
class HumanAnswer:
    """What a person answered in place of the documents, the id and the name of that person, and where it stands."""

    helper: int
    name: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class EscalationTarget:
    """Whom an unanswered question goes to: a channel to post it in, a role to call, or nobody."""

    channel: int | None = None
    role: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was not answered, or whose answer people found wrong, with what they said of it.

    `link` opens the message that shows it, empty where that is not known. `documents` are those that it was about.
    """

    id: str
    question: str
    status: Status
    complaints: tuple[Verdict, ...]
    remarks: tuple[str, ...] = ()
    link: str = ""
    documents: tuple[DocumentMetadata, ...] = ()


class Store:
    """The store in one SQLite file (see `Database`). `path` may be ":memory:".

    A row that was altered, so that it is none of ours any more, is passed over as if it had never been kept.
    """

    def __init__(self, path: Path | str) -> None:
        self._database = Database(path, _SCHEMA)

    @property
    def database(self) -> Database:
        """The database, for what else is kept in it."""
        return self._database

    @property
    def mended(self) -> str | None:
        """What had to be done about a damaged file, in one line, or None."""
        return self._database.mended

    def back_up_if_due(self) -> bool:
        """Copy the file if the last copy is a day old: see `Database.back_up_if_due`."""
        return self._database.back_up_if_due()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def save_answer(self, answer_id: str, origin: Origin, answer: Answer, *, private: bool = False) -> None:
        """Save an answer that is about to be shown; nobody but its asker is ever told of a `private` one."""
        if private:
            self._write("INSERT INTO private_answers (answer) VALUES (?)", (answer_id,))
        self._write(
            "INSERT INTO answers (id, asked_at, guild, channel, asker, follows, status, generation, answer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (answer_id, _now(), origin.guild, origin.channel, origin.asker, origin.follows, answer.status,
             answer.generation, kept_answer.to_json(answer)),
        )  # fmt: skip

    def answer(self, answer_id: str) -> StoredAnswer | None:
        """Return the answer with this id, or None."""
        rows = self._read("SELECT asker, guild, channel, follows, answer FROM answers WHERE id = ?", (answer_id,))
        for *origin, kept in rows:
            answer = read_answer(answer_id, kept)
            return StoredAnswer(answer_id, Origin(*origin), answer) if answer else None
        return None

    def was_answered_in(self, channel: int) -> bool:
        """Whether any answer was given in this channel or thread."""
        return bool(self._read("SELECT 1 FROM answers WHERE channel = ? LIMIT 1", (channel,)))

    def mark_handed_over(self, answer_id: str) -> bool:
        """Note that people were asked to answer instead; returns False when they already had been."""
        return self._write("UPDATE answers SET handed_over = 1 WHERE id = ? AND NOT handed_over", (answer_id,)) == 1

    def set_handover(self, answer_id: str, message: int | None) -> None:
        """Note in which message people were asked to answer instead; None when they could not be asked after all."""
        self._write("UPDATE answers SET handed_over = ? WHERE id = ?", (message or 0, answer_id))

    def handover(self, answer_id: str) -> int | None:
        """Return the message in which people were asked to answer instead, or None."""
        rows = self._read("SELECT handed_over FROM answers WHERE id = ? AND handed_over > 1", (answer_id,))
        return next((message for (message,) in rows), None)

    def handed_over_in(self, message: int) -> StoredAnswer | None:
        """Return the answer instead of which people were asked in this message, or None."""
        rows = self._read("SELECT id FROM answers WHERE handed_over = ? LIMIT 1", (message,))
        return next((self.answer(answer_id) for (answer_id,) in rows), None)

    def is_private(self, answer_id: str) -> bool:
        """Whether nobody but its asker was shown this answer."""
        return bool(self._read("SELECT 1 FROM private_answers WHERE answer = ?", (answer_id,)))

    def set_public(self, answer_id: str) -> bool:
        """Note that everybody may see this answer now; return False when everybody could before."""
        return self._write("DELETE FROM private_answers WHERE answer = ?", (answer_id,)) == 1

    def set_shown(self, answer_id: str, message: int | None, locale: str) -> None:
        """Note which message shows an answer, and in which language."""
        self._write(
            "INSERT OR REPLACE INTO shown SELECT id, ?, ? FROM answers WHERE id = ?", (message, locale, answer_id)
        )

    def shown(self, answer_id: str) -> tuple[int | None, str]:
        """Return the message that shows an answer, None where that is not known, and its language."""
        rows = self._read("SELECT message, locale FROM shown WHERE answer = ?", (answer_id,))
        return rows[0] if rows else (None, "en")

    def set_posted(self, answer_id: str, message: int) -> None:
        """Note in which message of ours an answer stands, for everybody in its channel."""
        self._write("INSERT OR REPLACE INTO posted SELECT id, ? FROM answers WHERE id = ?", (message, answer_id))

    def posted_since(self, moment: datetime, most: int) -> tuple[PostedAnswer, ...]:
        """Return the latest answers that stand in a channel for everybody, newest first: `most`, since a moment."""
        rows = self._read(
            "SELECT id, channel, posted.message, coalesce(locale, 'en') FROM answers JOIN posted ON posted.answer = id"
            " LEFT JOIN shown ON shown.answer = id WHERE asked_at >= ? AND channel IS NOT NULL"
            " AND id NOT IN (SELECT answer FROM private_answers) ORDER BY asked_at DESC LIMIT ?",
            (moment.isoformat(), most),
        )
        return tuple(
            PostedAnswer(channel, message, locale, stored)
            for answer_id, channel, message, locale in rows
            if (stored := self.answer(answer_id))
        )

    def resolve(self, answer_id: str, person: int, link: str = "") -> None:
        """Note that a person dealt with a question; `link` shows how."""
        self._write("INSERT OR REPLACE INTO resolutions VALUES (?, ?, ?, ?)", (answer_id, person, _now(), link))

    def save_human_answer(self, answer_id: str, human: HumanAnswer) -> None:
        """Save what a person answered in place of an answer."""
        row = (answer_id, human.helper, human.name, human.text, human.link)
        self._write("INSERT OR REPLACE INTO human_answers VALUES (?, ?, ?, ?, ?)", row)

    def human_answer(self, answer_id: str) -> HumanAnswer | None:
        """Return what a person answered in place of an answer, or None."""
        rows = self._read("SELECT helper, name, words, link FROM human_answers WHERE answer = ?", (answer_id,))
        return next((HumanAnswer(*row) for row in rows), None)

    def remark(self, answer_id: str, person: int, words: str) -> None:
        """Note in their own words what a person says of an answer."""
        self._write("INSERT OR REPLACE INTO remarks VALUES (?, ?, ?)", (answer_id, person, words))

    def remarks(self, answer_id: str) -> tuple[str, ...]:
        """Return what people said of an answer in their own words."""
        rows = self._read("SELECT words FROM remarks WHERE answer = ? ORDER BY rowid", (answer_id,))
        return tuple(words for (words,) in rows)

    def verdicts(self, answer_id: str) -> tuple[Verdict, ...]:
        """Return what each person said of an answer and its citations."""
        rows = self._read("SELECT verdict FROM feedback WHERE answer = ? ORDER BY given_at", (answer_id,))
        return tuple(Verdict(verdict) for (verdict,) in rows)

    def judge(self, answer_id: str, person: int, verdict: Verdict, citation: int = 0) -> None:
        """Note what a person says of an answer, or of one citation in it, in place of what they said before."""
        self._write(
            "INSERT INTO feedback (answer, person, citation, verdict, given_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (answer, person, citation) DO UPDATE SET verdict = excluded.verdict,"
            " given_at = excluded.given_at",
            (answer_id, person, citation, verdict, _now()),
        )

    def gaps(self, guild: int) -> tuple[Gap, ...]:
        """Return a guild's questions that were not fully answered or were answered wrongly, oldest first.

        What was asked privately is not among them, nor what somebody dealt with.
        """
        rows = self._read(
            "SELECT id, answers.answer, (SELECT group_concat(verdict) FROM feedback WHERE answer = id AND verdict != ?)"
            " AS complaints, channel, message FROM answers LEFT JOIN shown ON shown.answer = id"
            " WHERE guild = ? AND id NOT IN (SELECT answer FROM private_answers)"
            " AND id NOT IN (SELECT answer FROM resolutions)"
            " AND (status != ? OR complaints IS NOT NULL) ORDER BY asked_at",
            (Verdict.GOOD, guild, Status.ANSWERED),
        )
        found = (
            _gap(id_, answer, complaints, self.remarks(id_), message_link(guild, channel, message))
            for id_, answer, complaints, channel, message in rows
        )
        return tuple(gap for gap in found if gap)

    def latest(self) -> tuple[Answer, ...]:
        """Return the latest answers, newest first, 200 at most."""
        rows = self._read("SELECT id, answer FROM answers ORDER BY asked_at DESC LIMIT ?", (_LATEST,))
        return tuple(answer for row in rows if (answer := read_answer(*row)))

    def save_lookup(self, lookup_id: str, origin: Origin, query: str, where: Filter) -> None:
        """Save a search or a listing, so that its pages can be turned for as long as it is kept."""
        self._write(
            "INSERT INTO looked_up (lookup, at, person, guild) VALUES (?, ?, ?, ?)",
            (lookup_id, _now(), origin.asker, origin.guild),
        )
        row = (lookup_id, query, _FILTERS.dump_json(where).decode())
        self._write("INSERT INTO lookups (id, query, filter) VALUES (?, ?, ?)", row)

    def lookup(self, lookup_id: str) -> tuple[str, Filter] | None:
        """Return the query and the filter of a search or a listing, or None."""
        rows = self._read("SELECT query, filter FROM lookups WHERE id = ?", (lookup_id,))
        try:
            return next(((query, _FILTERS.validate_json(where)) for query, where in rows), None)
        except ValueError:
            log.warning("the search %s that was kept was altered and cannot be read", lookup_id)
            return None

    def mode(self, channel: int) -> Mode:
        """When the bot speaks up in this channel."""
        rows = self._read("SELECT mode FROM channels WHERE channel = ?", (channel,))
        return next((Mode(mode) for (mode,) in rows if mode in set(Mode)), Mode.MENTION)

    def set_mode(self, guild: int, channel: int, mode: Mode) -> None:
        """Set when the bot speaks up in this channel."""
        self._write("INSERT OR REPLACE INTO channels (channel, guild, mode) VALUES (?, ?, ?)", (channel, guild, mode))

    def escalation_target(self, guild: int | None) -> EscalationTarget:
        """Whom this guild's unanswered questions go to."""
        rows = self._read("SELECT humans_channel, humans_role FROM guilds WHERE guild = ?", (guild,))
        return next((EscalationTarget(*row) for row in rows), EscalationTarget())

    def set_escalation_target(self, guild: int, target: EscalationTarget) -> None:
        """Set whom this guild's unanswered questions go to."""
        row = (guild, target.channel, target.role)
        self._write("INSERT OR REPLACE INTO guilds (guild, humans_channel, humans_role) VALUES (?, ?, ?)", row)

    def fact(self, name: str) -> str | None:
        """Return the fact of this name, or None."""
        return next((value for (value,) in self._read("SELECT value FROM facts WHERE name = ?", (name,))), None)

    def set_fact(self, name: str, value: str) -> None:
        """Set the fact of this name."""
        self._write("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))

    def _read(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return self._database.read(query, values)

    def _write(self, statement: str, values: Sequence[object]) -> int:
        return self._database.write(statement, values)


def message_link(guild: int | None, channel: int | None, message: int | None) -> str:
    """Return the address that opens a message in Discord, empty where it is not known."""
    if channel is None or message is None:
        return ""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}/{message}"


def _gap(answer_id: str, kept: str, complaints: str | None, remarks: tuple[str, ...], link: str) -> Gap | None:
    answer = read_answer(answer_id, kept)
    verdicts = tuple(Verdict(verdict) for verdict in (complaints or "").split(",") if verdict in set(Verdict))
    if answer is None:
        return None
    return Gap(answer_id, answer.question, answer.status, verdicts, remarks, link, answer.documents)


def read_answer(answer_id: str, kept: str) -> Answer | None:
    """Return an answer as it was kept, None where it was altered and cannot be read: the log names it."""
    try:
        return kept_answer.from_json(kept)
    except ValueError:
        log.warning("the answer %s that was kept was altered and cannot be read", answer_id)
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat()
