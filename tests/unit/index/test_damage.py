import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.damage import is_corrupt, is_damage, set_aside, unreadable


def failure(path: Path, statement: str) -> sqlite3.Error:
    with closing(sqlite3.connect(path)) as database, pytest.raises(sqlite3.Error) as raised:
        database.execute(statement)
    return raised.value


def test_a_file_that_is_no_database_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("not a database" * 100)
    error = failure(path, "SELECT * FROM sqlite_schema")
    assert is_corrupt(error)
    assert is_damage(error)


def test_a_table_that_is_not_there_is_damage_but_no_corruption(tmp_path: Path) -> None:
    error = failure(tmp_path / "file", "SELECT * FROM vectors")
    assert not is_corrupt(error)
    assert is_damage(error)


def test_a_file_that_cannot_be_opened_is_not_blamed(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(tmp_path / "no folder" / "file")
    assert not is_corrupt(raised.value)
    assert not is_damage(raised.value)


def test_what_is_set_aside_takes_its_journal_along(tmp_path: Path) -> None:
    for name in ("a.sqlite", "a.sqlite-wal", "a.sqlite-shm", "other"):
        (tmp_path / name).write_text(name)
    assert set_aside(tmp_path / "a.sqlite") == tmp_path / "a.damaged"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.damaged", "a.damaged-shm", "a.damaged-wal", "other"]


def test_for_want_of_rights_it_is_said_whose_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    error = PermissionError(errno.EACCES, "Permission denied", str(path))
    assert unreadable(error).startswith(
        f"{path}: Permission denied; it belongs to {path.owner()} and Footnote runs as "
    )


def test_without_a_file_or_a_reason_the_error_still_reads() -> None:
    assert unreadable(OSError(errno.EIO, "Input/output error", "/x/y")) == "/x/y: Input/output error"
    assert unreadable(OSError("the disk is away")) == "the disk is away"
