import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord.database import Database
from index.errors import FootnoteError

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
NOTES = 400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.sqlite"


def fill(path: Path, count: int = NOTES) -> None:
    with closing(Database(path, SCHEMA)) as database:
        for number in range(count):
            database.write("INSERT OR REPLACE INTO notes VALUES (?, ?)", (f"note {number}", f"value {number} " * 9))


def notes(database: Database) -> int:
    return len(database.read("SELECT name, value FROM notes"))


def make_the_copy_a_day_old(path: Path) -> None:
    copy = path.with_suffix(".backup")
    os.utime(copy, (copy.stat().st_atime, copy.stat().st_mtime - 24 * 60 * 60 - 1))


def zero(path: Path, page: int) -> None:
    with path.open("rb+") as file:
        file.seek(page * 4096)
        file.write(bytes(4096))


@pytest.mark.parametrize("content", [b"no database" * 1000, bytes(8192), b"SQLite format 3\x00" + b"\xff" * 4080])
def test_a_damaged_file_is_named_and_set_aside_and_an_empty_one_begun(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with closing(Database(path, SCHEMA)) as database:
        assert notes(database) == 0
        assert database.mended is not None
        assert database.mended.startswith("answers.sqlite was damaged and set aside as answers.2")
        assert database.mended.endswith("an empty one was begun")
    (aside,) = path.parent.glob("*.damaged")
    assert aside.read_bytes() == content
    assert {file.stat().st_mode & 0o077 for file in path.parent.glob("answers.sqlite*")} == {0}


def test_the_last_copy_takes_the_place_of_a_damaged_file(path: Path) -> None:
    fill(path)
    with closing(Database(path, SCHEMA)) as database:
        assert database.back_up_if_due()
        database.write("INSERT INTO notes VALUES ('since then', 'lost')")
    path.write_bytes(b"no database" * 1000)
    with closing(Database(path, SCHEMA)) as database:
        assert notes(database) == NOTES
        assert database.mended is not None
        assert "the copy of 2" in database.mended
    with closing(Database(path, SCHEMA)) as database:
        assert database.mended is None


def test_a_copy_that_is_damaged_too_is_not_used(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)
    path.with_suffix(".backup").write_bytes(b"no copy" * 1000)
    with closing(Database(path, SCHEMA)) as database:
        assert notes(database) == 0


def test_any_zeroed_page_is_found_at_the_start_and_the_copy_used(path: Path) -> None:
    fill(path)
    with closing(Database(path, SCHEMA)) as database:
        database.back_up_if_due()
    whole = path.read_bytes()
    assert len(whole) > 10 * 4096
    for page in range(len(whole) // 4096):
        path.write_bytes(whole)
        zero(path, page)
        with closing(Database(path, SCHEMA)) as database:
            assert notes(database) == NOTES, page
            assert database.mended is not None, page


def test_a_page_that_is_zeroed_under_a_running_bot_costs_no_answer(path: Path) -> None:
    fill(path)
    with closing(Database(path, SCHEMA)) as database:
        database.back_up_if_due()
    with closing(Database(path, SCHEMA)) as database:
        database._connection.execute("PRAGMA cache_size = 0")
        for page in range(1, path.stat().st_size // 4096):
            zero(path, page)
        database.write("INSERT OR REPLACE INTO notes VALUES ('note 1', 'another')")
        assert notes(database) == NOTES
        assert database.mended is not None


def test_a_database_with_other_tables_is_set_aside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE notes (something TEXT)")
    with closing(Database(path, SCHEMA)) as mended:
        assert notes(mended) == 0
        assert mended.mended is not None


def test_a_database_of_a_later_version_with_more_columns_is_used_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL, later TEXT)")
        database.execute("INSERT INTO notes VALUES ('a', 'b', 'c')")
    with closing(Database(path, SCHEMA)) as opened:
        assert notes(opened) == 1
        assert opened.mended is None


def test_a_wrong_statement_sets_nothing_aside(path: Path) -> None:
    fill(path, 1)
    with closing(Database(path, SCHEMA)) as database:
        with pytest.raises(sqlite3.Error):
            database.read("SELECT nothing FROM nowhere")
        assert notes(database) == 1
        assert database.mended is None


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_what_is_no_file_is_said_so_in_one_line_and_left_alone(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(FootnoteError, match="cannot be opened") as raised:
        Database(path, SCHEMA)
    assert "\n" not in str(raised.value)
    assert path.exists()


def test_a_copy_is_made_once_a_day_for_its_owner_alone(path: Path) -> None:
    fill(path, 3)
    with closing(Database(path, SCHEMA)) as database:
        assert database.back_up_if_due()
        assert not database.back_up_if_due()
        make_the_copy_a_day_old(path)
        database.write("INSERT INTO notes VALUES ('new', 'new')")
        assert database.back_up_if_due()
    copy = path.with_suffix(".backup")
    assert copy.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (4,)


def test_a_copy_that_cannot_be_made_leaves_the_last_one(path: Path) -> None:
    fill(path)
    with closing(Database(path, SCHEMA)) as database:
        database.back_up_if_due()
        before = path.with_suffix(".backup").read_bytes()
        make_the_copy_a_day_old(path)
        for page in range(1, path.stat().st_size // 4096):
            zero(path, page)
        with pytest.raises(sqlite3.Error):
            database.back_up_if_due()
    assert path.with_suffix(".backup").read_bytes() == before


def test_in_memory_there_is_nothing_to_copy() -> None:
    assert not Database(":memory:", SCHEMA).back_up_if_due()
