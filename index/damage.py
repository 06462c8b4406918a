"""Damage to a file: how it is told from a fault of the disk, how it is named, and how such a file is put aside."""

from __future__ import annotations

import os
import pwd
import sqlite3
from contextlib import suppress
from pathlib import Path

# Primary result codes (sqlite.org/rescode.html). These say that the file's bytes are wrong ...
_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_NOTADB})
# ... and these that its tables are other than ours: a column that is not there, a type or a constraint that is. All
# others - no room, no rights, a disk that fails, somebody else's lock - say nothing against the file.
_FOREIGN = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH})


def is_corrupt(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the bytes of the file are wrong, so that another file would do better.

    An error without a result code is Python's own, of a text that is no UTF-8, say: the bytes again.
    """
    return _code(error) in _CORRUPT


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the file is corrupt, or is a sound one with other tables than ours."""
    return _code(error) in _CORRUPT | _FOREIGN


def unreadable(error: OSError) -> str:
    """Return one line: the file that cannot be read and why; for want of rights, its owner and who we are, too."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    reason = error.strerror or str(error)
    if path is not None and isinstance(error, PermissionError):
        reason += f"; it belongs to {_owner(path)} and Footnote runs as {_user()}"
    return f"{path}: {reason}" if path is not None else reason


def set_aside(path: Path, aside: Path | None = None) -> Path:
    """Rename a damaged file, and what SQLite keeps beside it, to `aside`, and return that.

    Without a name of its own it takes the place of the file that was set aside before it. Raises OSError.
    """
    aside = aside or path.with_suffix(".damaged")
    path.replace(aside)
    for beside in ("-wal", "-shm"):
        # Left behind, a journal of the old file would be played into the new one.
        with suppress(FileNotFoundError):
            path.with_name(path.name + beside).replace(aside.with_name(aside.name + beside))
    return aside


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)) & 0xFF


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (OSError, KeyError):
        return "somebody else"


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
