"""Damage to an SQLite file: how it is told from a fault of the disk, and how such a file is put aside."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

# The primary result codes that blame what the file holds (sqlite.org/rescode.html): no database, damaged pages, or
# tables other than ours, which read as an error of the statement, of a type or of a constraint. All others - no room,
# no rights, a disk that fails, somebody else's lock - say nothing against the file.
_BLAME_THE_CONTENT = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_NOTADB,
    }
)


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the content of the file is wrong, so that another file would do better.

    An error without a result code is Python's own, of a text that is no UTF-8, say: the content again.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in _BLAME_THE_CONTENT


def set_aside(path: Path) -> Path:
    """Rename a damaged file, and what SQLite keeps beside it, in place of what was put aside before; return its name.

    Raises OSError.
    """
    aside = path.with_suffix(".damaged")
    path.replace(aside)
    for beside in ("-wal", "-shm"):
        # Left behind, a journal of the old file would be played into the new one.
        with suppress(FileNotFoundError):
            path.with_name(path.name + beside).replace(aside.with_name(aside.name + beside))
    return aside
