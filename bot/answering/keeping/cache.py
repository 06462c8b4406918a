"""The cache: what was written once is not paid for twice.

An answer is known again by its question, the conversation before it, where it was looked for, the generation of the
index, what of it was not to be seen, and the settings that decide what is said. A cache that cannot be read or written
is passed over: it costs money, not the answer.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

from bot.answering.answer import Answer, ModelUsage, Turn
from bot.answering.keeping import kept_answer
from bot.answering.keeping.forgetting import MESSAGE_IN_JSON, without_messages
from index.access import Hidden
from index.documents import Filter
from index.store.manifest import Manifest

log = logging.getLogger(__name__)

_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL) STRICT"
_MOST = 10_000


class AnswerCache:
    """The latest 10,000 written answers, in one SQLite file, for its owner alone. Any thread may call any method.

    `settings` names all that decides what is said besides the documents: other settings find nothing of these.
    """

    def __init__(self, path: Path, settings: str) -> None:
        self._path = path
        self._settings = settings
        self._lock = threading.Lock()

    def key(
        self, question: str, conversation: Sequence[Turn], where: Filter, manifest: Manifest, hidden: Hidden
    ) -> str:
        """Return the key under which an answer is kept: 64 hexadecimal digits, others as soon as one argument differs.

        Args:
            question: The question as it was asked.
            conversation: The turns before it.
            where: The documents that it was asked of.
            manifest: That of the generation of the index that answers.
            hidden: The accesses, as text, of what was not to be seen.

        """
        said = [(turn.role, turn.text) for turn in conversation]
        generation = (manifest.number, manifest.created_at.isoformat())
        asked = (question, said, asdict(where), generation, sorted(hidden), self._settings)
        return hashlib.sha256(repr(asked).encode()).hexdigest()

    def get(self, key: str) -> Answer | None:
        """Return the answer that was kept under `key`, at no cost this time, or None."""
        rows = self._execute("SELECT answer FROM answers WHERE key = ?", (key,))
        try:
            kept = next((kept_answer.from_json(row) for (row,) in rows), None)
        except ValueError:  # another version wrote it
            return None
        return kept and replace(kept, usage=kept.usage and ModelUsage(kept.usage.model), timings_ms={})

    def keep(self, key: str, answer: Answer) -> None:
        """Keep a written answer, and forget the oldest where there are too many."""
        self._execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, kept_answer.to_json(answer)))
        self._execute("DELETE FROM answers WHERE rowid <= (SELECT max(rowid) FROM answers) - ?", (_MOST,))

    def forget_messages(self, messages: AbstractSet[int]) -> None:
        """Forget the answers that quote or show any of these messages of Discord."""
        rows = self._execute("SELECT key, answer FROM answers WHERE instr(answer, ?)", (MESSAGE_IN_JSON,))
        for key, kept in rows:
            try:
                answer = kept_answer.from_json(kept)
            except ValueError:
                continue
            if without_messages(answer, messages) is not answer:
                self._execute("DELETE FROM answers WHERE key = ?", (key,))

    def _execute(self, statement: str, values: tuple[object, ...]) -> list[tuple[str, ...]]:
        try:
            self._path.touch(mode=0o600)
            with self._lock, closing(sqlite3.connect(self._path, timeout=1.0)) as database, database:
                database.execute(_SCHEMA)
                return database.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            log.warning("the cache of answers cannot be used: %s", error)
            return []
