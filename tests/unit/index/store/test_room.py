import errno
import shutil
import sqlite3
from pathlib import Path

import pytest

from index.errors import CorpusEmpty, DiskFull, RefreshFailed
from index.store.room import refuse_full_disk, written_to_disk

NEEDED = 300 * 2**20


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError(errno.EFBIG, "File too large"),
        shutil.Error([("from", "to", "[Errno 28] No space left on device")]),
        sqlite3.OperationalError("database or disk is full"),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
        RuntimeError("error returned from database: (code: 13) database or disk is full"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_full_disk_surfaces_as_becomes_one_error_that_says_how_much_is_needed(
    tmp_path: Path, error: Exception
) -> None:
    with pytest.raises(DiskFull, match="300 MB") as full, written_to_disk(tmp_path, NEEDED):
        raise RuntimeError("the build failed") from error
    assert str(tmp_path) in str(full.value)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EIO, "Input/output error"),
        sqlite3.OperationalError("disk I/O error"),
        RuntimeError("Error in compaction: Failed to apply logs to the metadata segment"),
    ],
)
def test_a_disk_that_fails_is_said_to_fail(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(RefreshFailed, match="look after the disk"), written_to_disk(tmp_path, NEEDED):
        raise error


@pytest.mark.parametrize("error", [CorpusEmpty("no documents"), KeyError("a bug"), IsADirectoryError(21, "a bug")])
def test_what_has_nothing_to_do_with_the_disk_passes_through(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as raised, written_to_disk(tmp_path, NEEDED):
        raise error
    assert raised.value is error


def test_a_disk_with_too_little_room_is_refused(tmp_path: Path) -> None:
    refuse_full_disk(tmp_path, 0)
    with pytest.raises(DiskFull, match="make room"):
        refuse_full_disk(tmp_path, 2**60)
