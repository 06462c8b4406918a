"""Servers: what each server decided about the bot, beside the modes of its channels and whom it asks for help."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

import discord

from bot.discord.database import Database
from bot.presenting.words import ENGLISH, Words, words_in
from index.language import detection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that a person changed, when, and to what."""

    at: datetime
    person: int
    setting: str
    value: str


class Servers:
    """The decisions of servers, each under a name; what a server did not decide is as the operator has it."""

    def __init__(self, database: Database, retention_days: int = 90) -> None:
        self._database = database
        self._retention_days = retention_days

    @property
    def longest_retention(self) -> int:
        """For how many days the operator lets questions be kept."""
        return self._retention_days

    def retention_days(self, guild: int | None) -> int:
        """For how many days a server's questions are kept: never longer than the operator has it."""
        return min(int(self._get(guild, "retention") or self._retention_days), self._retention_days)

    def set_retention_days(self, guild: int, days: int) -> None:
        """Set for how many days a server's questions are kept."""
        self._set(guild, "retention", str(days))

    def refresh_role(self, guild: int | None) -> int | None:
        """Return the role that may refresh, beside those who manage the server."""
        role = self._get(guild, "refresh_role")
        return int(role) if role else None

    def set_refresh_role(self, guild: int, role: int | None) -> None:
        """Set the role that may refresh."""
        self._set(guild, "refresh_role", "" if role is None else str(role))

    def locale(self, guild: int | None) -> str | None:
        """Return the language in which messages are answered, None where it is the server's own."""
        return self._get(guild, "locale") or None

    def set_locale(self, guild: int, locale: str | None) -> None:
        """Set the language in which messages are answered."""
        self._set(guild, "locale", locale or "")

    def digest_channel(self, guild: int | None) -> int | None:
        """Return the channel that is told of each week, None where none is."""
        channel = self._get(guild, "digest")
        return int(channel) if channel else None

    def set_digest_channel(self, guild: int, channel: int | None) -> None:
        """Set the channel that is told of each week."""
        self._set(guild, "digest", "" if channel is None else str(channel))

    def with_digest(self) -> tuple[int, ...]:
        """Return the servers in which a channel is told of each week."""
        rows = self._database.read("SELECT guild FROM settings WHERE name = 'digest' AND value != ''")
        return tuple(guild for (guild,) in rows)

    def source(self, channel: int | None) -> str | None:
        """Return the document or folder that is asked in a channel where nobody names one, None for all of them."""
        rows = self._database.read("SELECT value FROM settings WHERE name = ?", (f"source:{channel}",))
        return rows[0][0] or None if rows else None

    def set_source(self, guild: int, channel: int, source: str | None) -> None:
        """Set the document or folder that is asked in a channel where nobody names one."""
        self._set(guild, f"source:{channel}", source or "")

    def note_change(self, guild: int, person: int, setting: str, value: str) -> None:
        """Keep that a person changed a setting, and log it."""
        log.info("a setting was changed", extra={"person": person, "setting": setting, "value": value})
        row = (guild, datetime.now(UTC).isoformat(), person, setting, value)
        self._database.write("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", row)

    def changes(self, guild: int) -> tuple[Change, ...]:
        """Return the latest changes of settings, latest first."""
        rows = self._database.read(
            "SELECT at, person, setting, value FROM changes WHERE guild = ? ORDER BY rowid DESC LIMIT 5", (guild,)
        )
        return tuple(Change(datetime.fromisoformat(at), *rest) for at, *rest in rows)

    def _get(self, guild: int | None, name: str) -> str | None:
        rows = self._database.read("SELECT value FROM settings WHERE guild = ? AND name = ?", (guild, name))
        return rows[0][0] if rows else None

    def _set(self, guild: int, name: str, value: str) -> None:
        self._database.write("INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", (guild, name, value))


def words_for(message: discord.Message, servers: Servers) -> Words:
    """Return the words in which a message is answered: those of the server, else of the message itself."""
    if message.guild is not None:
        return words_in(servers.locale(message.guild.id) or str(message.guild.preferred_locale))
    language = detection.of_question(message.content)
    return words_in("zh-CN" if language == "zh" else language) if language else ENGLISH
