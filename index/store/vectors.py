"""The cache of vectors: what was embedded once is never embedded again, and an index is rebuilt without the model."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embeddings import Vector

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (key, model)
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
    """Vectors by the key of what was embedded and the fingerprint of the model that embedded it, in one SQLite file."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = _connect(path)
        except sqlite3.DatabaseError:
            # It is only a cache: a damaged one is put aside, and costs embedding once more.
            path.replace(path.with_suffix(".damaged"))
            self._connection = _connect(path)

    def get(self, keys: Sequence[str], model: str) -> Iterator[tuple[str, Stored]]:
        """Yield each of `keys` that is in the cache, with its vectors."""
        for at in range(0, len(keys), _BATCH):
            batch = keys[at : at + _BATCH]
            marks = ",".join("?" * len(batch))
            rows = self._connection.execute(
                f"SELECT key, vector, packed FROM vectors WHERE model = ? AND key IN ({marks})", (model, *batch)
            )
            for key, vector, packed in rows:
                yield key, Stored(np.frombuffer(vector, dtype=np.float32), packed)

    def put(self, model: str, entries: Iterable[tuple[str, Stored]]) -> None:
        """Keep these vectors, durably, in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
            ((key, model, stored.vector.astype(np.float32).tobytes(), stored.packed) for key, stored in entries),
        )
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA};")
    return connection


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
