"""The database under the store: one SQLite file, mended where it is damaged, and copied once a day for that."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

from index.damage import is_corrupt, is_damage, set_aside
from index.errors import FootnoteError

log = logging.getLogger(__name__)

_DAY = 24 * 60 * 60


class Database:
    """An SQLite file with the tables of `schema`, made when it is missing, for its owner alone.

    A file that is damaged, or is no such database, is set aside under a name of its own; the last daily copy takes its
    place, or an empty file where there is none that is whole. `mended` then says so in one line. Any thread may call
    any method. Raises FootnoteError where the file cannot be opened for another reason: it is left as it is.
    """

    def __init__(self, path: Path | str, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._lock = threading.Lock()
        self.mended: str | None = None
        try:
            self._connection = self._opened()
        except sqlite3.Error as error:
            if not is_damage(error) or not isinstance(path, Path):
                raise FootnoteError(f"{path} cannot be opened ({error}): look after its disk and its rights") from error
            self._connection = self._mend(path, error)
        except OSError as error:
            raise FootnoteError(f"{path} cannot be opened ({error.strerror}): look after its rights") from error

    def read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._lock:
            return self._execute(query, values).fetchall()

    def write(self, statement: str, values: Sequence[object] = ()) -> int:
        """Change something in one transaction, and return how many rows it was."""
        with self._lock:
            return self._execute(statement, values).rowcount

    def back_up_if_due(self) -> bool:
        """Copy the file, whole and at one moment, if the last copy is a day old; return whether that was done.

        Raises sqlite3.Error or OSError where it cannot be, and leaves the last copy as it was.
        """
        if not isinstance(self._path, Path):
            return False
        copy = _copy_of(self._path)
        if copy.exists() and time() - copy.stat().st_mtime < _DAY:
            return False
        new = copy.with_suffix(".backup.new")
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        # A connection of its own: whoever asks meanwhile need not wait.
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute("VACUUM INTO ?", (str(new),))
        with new.open("rb+") as file:
            os.fsync(file.fileno())
        new.replace(copy)
        return True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _execute(self, statement: str, values: Sequence[object]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            # Only what the bytes of the file are to blame for: a statement that is wrong would be so in any other.
            if not is_corrupt(error) or not isinstance(self._path, Path):
                raise
            self._connection.close()
            self._connection = self._mend(self._path, error)
            return self._connection.execute(statement, values)

    def _opened(self) -> sqlite3.Connection:
        if isinstance(self._path, Path):
            self._path.touch(mode=0o600)
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        # A byte that was altered on the disk costs the letter that it was a part of, and no query.
        connection.text_factory = lambda written: written.decode("utf-8", "replace")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL, loses nothing to a killed process
            connection.executescript(self._schema)
            self._check(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        """Raise DatabaseError unless the pages of a database are sound and its tables have all the columns of ours."""
        (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(" ".join(state.split()))
        with closing(sqlite3.connect(":memory:")) as ours:
            ours.executescript(self._schema)
            missing = _columns(ours) - _columns(connection)
        if missing:
            raise sqlite3.DatabaseError(f"it has no {sorted(missing)[0]}")

    def _mend(self, path: Path, error: sqlite3.Error) -> sqlite3.Connection:
        now = datetime.now(UTC)
        try:
            aside = set_aside(path, path.with_name(f"{path.stem}.{now:%Y%m%dT%H%M%S%f}.damaged"))
            copied_at = self._restore(path)
            connection = self._opened()
        except (OSError, sqlite3.Error) as worse:
            raise FootnoteError(f"{path} is damaged ({error}) and cannot be begun anew ({worse})") from worse
        instead = f"the copy of {copied_at:%Y-%m-%d %H:%M} UTC is used" if copied_at else "an empty one was begun"
        self.mended = f"{path.name} was damaged and set aside as {aside.name} on {now:%Y-%m-%d}: {instead}"
        log.error("%s (%s)", self.mended, error)
        return connection

    def _restore(self, path: Path) -> datetime | None:
        """Put the last copy in the place of the file, and return when it was made; None where none is whole."""
        copy = _copy_of(path)
        try:
            with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                self._check(connection)
            shutil.copyfile(copy, path)
            path.chmod(0o600)
            return datetime.fromtimestamp(copy.stat().st_mtime, UTC)
        except (OSError, sqlite3.Error):
            path.unlink(missing_ok=True)
            return None


def _copy_of(path: Path) -> Path:
    return path.with_suffix(".backup")


def _columns(connection: sqlite3.Connection) -> set[str]:
    return {
        f"{table}.{column}"
        for table, column in connection.execute(
            "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        )
    }
