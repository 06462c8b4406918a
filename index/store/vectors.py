"""The cache of vectors: what was embedded once is never embedded again, and an index is rebuilt without the model."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.damage import is_damage, set_aside
from index.embeddings import Vector

log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL, packed BLOB NOT NULL, checksum BLOB NOT NULL,
    PRIMARY KEY (key, model)
) WITHOUT ROWID
"""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """The vectors of a passage as they are kept.

    `vector` is the passage's, `(dimension,)` float32, for the nearest-neighbour search; `packed` holds the passage's
    and its sentences', as `pack` packed them, for scoring what was found.
    """

    vector: Vector
    packed: bytes


class VectorCache:
    """Vectors by the key of what was embedded and the fingerprint of the model that embedded it, in one SQLite file.

    It is only a cache, and nothing that is wrong with it raises: a row whose checksum does not agree is passed over, a
    file that is no such cache is put aside as `.damaged` and begun anew, and one that cannot be read or written at
    all is done without. Each costs embedding once more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._connect()

    def get(self, keys: Sequence[str], model: str) -> Iterator[tuple[str, Stored]]:
        """Yield each of `keys` that is in the cache, with its vectors."""
        for at in range(0, len(keys), _BATCH):
            batch = keys[at : at + _BATCH]
            marks = ",".join("?" * len(batch))
            rows = self._execute(
                f"SELECT key, vector, packed, checksum FROM vectors WHERE model = ? AND key IN ({marks})",
                (model, *batch),
            )
            for key, vector, packed, checksum in rows:
                if checksum is not None and checksum == _checksum(key, model, vector, packed):
                    yield key, Stored(np.frombuffer(vector, dtype=np.float32), packed)

    def put(self, model: str, entries: Iterable[tuple[str, Stored]]) -> None:
        """Keep these vectors, durably, in one transaction."""
        rows = []
        for key, stored in entries:
            vector = stored.vector.astype(np.float32).tobytes()
            rows.append((key, model, vector, stored.packed, _checksum(key, model, vector, stored.packed)))
        self._execute_many("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", rows)

    def count(self) -> int:
        """Return how many entries there are, of all models."""
        return sum(number for (number,) in self._execute("SELECT count(*) FROM vectors"))

    def keep_only(self, used: Iterable[tuple[str, str]]) -> None:
        """Drop every entry but those of these keys and models, and give their room back to the disk."""
        self._execute("CREATE TEMP TABLE used (key TEXT, model TEXT, PRIMARY KEY (key, model)) WITHOUT ROWID")
        self._execute_many("INSERT OR IGNORE INTO used VALUES (?, ?)", used)
        self._execute("DELETE FROM vectors WHERE (key, model) NOT IN (SELECT key, model FROM used)")
        self._execute("DROP TABLE used")
        self._execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _execute(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if self._connection is not None:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                self._recover(error)
        return []

    def _execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        if self._connection is not None:
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    self._connection.executemany(statement, rows)
            except sqlite3.Error as error:
                self._recover(error)

    def _connect(self) -> None:
        try:
            self._connection = _connected(self._path)
        except sqlite3.Error as error:
            self._recover(error)

    def _recover(self, error: sqlite3.Error) -> None:
        """Begin anew where the file's content is wrong; where it is the disk's fault the file is left as it is."""
        self.close()
        if not is_damage(error):
            log.warning("%s cannot be used and is done without (%s)", self._path, error)
            return
        log.warning("%s is damaged (%s): it is put aside, and what is needed is embedded again", self._path, error)
        try:
            set_aside(self._path)
            self._connection = _connected(self._path)
        except (OSError, sqlite3.Error) as worse:
            log.warning("%s cannot be begun anew and is done without (%s)", self._path, worse)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA};")
        # A table of this name with other columns is found out here, before any work relies on it.
        connection.execute("SELECT key, model, vector, packed, checksum FROM vectors LIMIT 1").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _checksum(key: str, model: str, vector: object, packed: object) -> bytes | None:
    """Return 16 bytes that only these vectors under this key have, or None where they are no bytes at all."""
    if not isinstance(vector, bytes) or not isinstance(packed, bytes):
        return None
    head = f"{len(key)} {len(model)} {len(vector)} {key}{model}"
    return hashlib.blake2b(b"".join((head.encode(), vector, packed)), digest_size=16).digest()


def pack(vectors: Vector) -> bytes:
    """Return unit vectors `(rows, dimension)` as one signed byte a component, each row scaled by its largest.

    A cosine taken over them is off by less than 0.01, and they take a quarter of the room.
    """
    scale = np.abs(vectors).max(axis=1, keepdims=True)
    return np.rint(vectors / np.where(scale > 0, scale, 1) * 127).astype(np.int8).tobytes()


def unpack(packed: bytes, dimension: int) -> Vector:
    """Return the unit vectors, `(rows, dimension)` float32, that `pack` packed."""
    vectors = np.frombuffer(packed, dtype=np.int8).reshape(-1, dimension).astype(np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, np.where(norms > 0, norms, 1), dtype=np.float32)
