"""What was fetched, kept in the data folder: the last good text of every document of every source that has to be asked.

One SQLite file. A fetch writes to it what changed, a refresh reads from it what there is; neither waits for the other.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from index.damage import is_damage, set_aside
from index.documents import Provenance
from index.errors import FootnoteError, UnreadableDocument
from index.report import Failure
from index.sources.scanning import with_provenance
from index.sources.source import Change, Failed, Found, Gone, Missing, RemoteSource, Unchanged
from index.sources.web.validators import Validators

log = logging.getLogger(__name__)

# How often in a row a document has to be missing until it is gone.
_GONE_AFTER = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    name TEXT NOT NULL, address TEXT NOT NULL, data BLOB NOT NULL, content TEXT NOT NULL, suffix TEXT NOT NULL,
    url TEXT, title TEXT, published TEXT, etag TEXT, modified TEXT, missing INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (name, address)
);
CREATE TABLE IF NOT EXISTS problems (
    name TEXT NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (name, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (name TEXT PRIMARY KEY, at REAL NOT NULL, whole INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quiet (host TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""


def kept_in(data: Path) -> Path:
    """Return the file of a data folder that keeps what was fetched."""
    return data / "sources.sqlite"


class KeptUnusable(FootnoteError):
    """What was fetched cannot be read or written, which is the disk's fault or the permissions'."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A document that was fetched, as a refresh reads it. `source` is its address."""

    source: str
    provenance: Provenance
    digest: str
    path: Path

    @property
    def name(self) -> str:
        """The name whose suffix tells its format."""
        return self.provenance.name(self.source)

    def stamp(self) -> None:
        """Return nothing: what tells whether it changed is at hand."""

    def content(self) -> str:
        """Return what tells whether it changed."""
        return with_provenance(self.digest, self.provenance)

    def read(self) -> bytes:
        """Return its bytes. Raises UnreadableDocument."""
        try:
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                row = connection.execute(
                    "SELECT data FROM documents WHERE name = ? AND address = ?",
                    (self.provenance.collection, self.source),
                ).fetchone()
        except sqlite3.Error as error:
            raise UnreadableDocument(f"what was fetched of it cannot be read ({error}): run it again") from error
        if row is None:
            raise UnreadableDocument("it went while it was read: run it again")
        return bytes(row[0])


class Kept:
    """The documents that were fetched, what was wrong at the last time, and when each source was asked. Close it.

    A damaged file is put aside and begun anew: everything is fetched again, and until it is, the index keeps it.
    Raises KeptUnusable where the disk is at fault.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file at `path`, which is made where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return cls(path, _connected(path))
        except sqlite3.Error as error:
            if not is_damage(error):
                raise KeptUnusable(f"{path} cannot be used ({error}): see to its permissions and its disk") from error
            log.warning("%s is damaged (%s): it is put aside, and everything is fetched again", path, error)
            set_aside(path)
            return cls(path, _connected(path))

    def validators(self, name: str) -> dict[str, Validators]:
        """Return the documents that are kept of a source, by address, with what came along with each."""
        rows = self._connection.execute("SELECT address, etag, modified FROM documents WHERE name = ?", (name,))
        return {address: Validators(etag, modified) for address, etag, modified in rows}

    def files(self, source: RemoteSource) -> list[KeptFile]:
        """Return the documents that are kept of a source, by address."""
        rows = self._connection.execute(
            "SELECT address, content, suffix, url, title, published FROM documents WHERE name = ? ORDER BY address",
            (source.name,),
        )
        return [_file(self._path, source, row) for row in rows]

    def problems(self, name: str) -> tuple[Failure, ...]:
        """Return what was wrong with a source and its documents when it was last asked."""
        kept = self.validators(name)
        rows = self._connection.execute(
            "SELECT address, reason FROM problems WHERE name = ? ORDER BY address", (name,)
        ).fetchall()
        return tuple(Failure(address, reason, kept=address in kept) for address, reason in rows)

    def asked(self, name: str) -> float | None:
        """Return when a source was last asked, in seconds since 1970; None where it never was."""
        row = self._connection.execute("SELECT at FROM asked WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else None

    def begin(self, name: str) -> None:
        """Begin to ask a source: what was wrong before no longer counts."""
        with self._connection:
            self._connection.execute("DELETE FROM problems WHERE name = ?", (name,))

    def take(self, name: str, change: Change) -> bool:
        """Keep what became of a document; return whether there is something new to index."""
        place = name, change.address
        with self._connection:
            match change:
                case Found():
                    return self._found(name, change)
                case Missing():
                    return self._missing(name, change)
                case Gone():
                    self._execute("DELETE FROM documents WHERE name = ? AND address = ?", *place)
                    return True
                case Unchanged():
                    self._execute("UPDATE documents SET missing = 0 WHERE name = ? AND address = ?", *place)
                case Failed():
                    self._execute("INSERT OR REPLACE INTO problems VALUES (?, ?, ?)", *place, change.reason)
        return False

    def end(self, source: RemoteSource) -> None:
        """Note that a source was asked now, and whether it ever told all that it has."""
        with self._connection:
            self._execute(
                "INSERT INTO asked VALUES (?, ?, NOT EXISTS (SELECT 1 FROM problems WHERE name = ? AND address = ?)) "
                "ON CONFLICT (name) DO UPDATE SET at = excluded.at, whole = max(whole, excluded.whole)",
                source.name, time.time(), source.name, source.address,
            )  # fmt: skip

    def is_whole(self, name: str) -> bool:
        """Return whether all of a source was ever fetched: until then, what is not kept need not be gone."""
        row = self._connection.execute("SELECT whole FROM asked WHERE name = ?", (name,)).fetchone()
        return bool(row and row[0])

    def keep_only(self, names: Iterable[str]) -> bool:
        """Forget every source but these; return whether there was one."""
        known = {name for (name,) in self._connection.execute("SELECT DISTINCT name FROM documents")}
        gone = known - set(names)
        with self._connection:
            for table in ("documents", "problems", "asked"):
                self._connection.executemany(f"DELETE FROM {table} WHERE name = ?", [(name,) for name in gone])
        return bool(gone)

    def quiet(self) -> dict[str, float]:
        """Return until when each host asked to be left alone, in seconds since 1970."""
        return dict(self._connection.execute("SELECT host, until FROM quiet WHERE until > ?", (time.time(),)))

    def keep_quiet(self, until: Mapping[str, float]) -> None:
        """Note until when hosts asked to be left alone."""
        with self._connection:
            self._connection.execute("DELETE FROM quiet")
            self._connection.executemany("INSERT INTO quiet VALUES (?, ?)", until.items())

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _found(self, name: str, found: Found) -> bool:
        digest = hashlib.sha256(found.data).hexdigest()
        before = self._connection.execute(
            "SELECT content, title FROM documents WHERE name = ? AND address = ?", (name, found.address)
        ).fetchone()
        published = found.published.isoformat() if found.published else None
        self._execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            name, found.address, found.data, digest, found.suffix, found.url, found.title, published,
            found.validators.etag, found.validators.modified,
        )  # fmt: skip
        return bool(before != (digest, found.title))

    def _missing(self, name: str, missing: Missing) -> bool:
        place = name, missing.address
        self._execute("UPDATE documents SET missing = missing + 1 WHERE name = ? AND address = ?", *place)
        row = self._connection.execute("SELECT missing FROM documents WHERE name = ? AND address = ?", place).fetchone()
        if row is not None and row[0] >= _GONE_AFTER:
            self._execute("DELETE FROM documents WHERE name = ? AND address = ?", *place)
            return True
        later = ": if it is not next time either, it goes" if row else ""
        self._execute("INSERT OR REPLACE INTO problems VALUES (?, ?, ?)", *place, missing.reason + later)
        return False

    def _execute(self, statement: str, *values: object) -> None:
        self._connection.execute(statement, values)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.executescript(f"PRAGMA journal_mode=WAL; {_SCHEMA};")
        connection.execute("SELECT name, address, content, missing FROM documents LIMIT 1").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _file(path: Path, source: RemoteSource, row: Sequence[Any]) -> KeptFile:
    address, digest, suffix, url, title, published = row
    day = date.fromisoformat(published) if published else None
    known = replace(source.provenance(address, suffix), url=url, title=title, published=day)
    return KeptFile(address, known, digest, path)
