"""Room on the disk: whether there is enough, and one error for all that a disk's end surfaces as."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DiskFull, FootnoteError, RefreshFailed, VectorsUnavailable

# What must be left while a generation is written: more than any one write takes.
_LEAST = 64 * 2**20
_MEGABYTE = 2**20
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FAILED = frozenset({errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM})
# Chroma, Tantivy, SQLite and a copy of many files say so in words alone.
_SAYS_SO = re.compile(r"no space left|disk is full|quota exceeded|file too large", re.IGNORECASE)
# The last is Chroma's: it could not write down what it holds, and does not say why.
_DISK_FAILED = re.compile(
    r"disk i/o error|input/output error|read-only file system|error in compaction: failed to apply logs", re.IGNORECASE
)


def refuse_full_disk(folder: Path, needed: int = _LEAST) -> None:
    """Raise DiskFull where the disk of a folder has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskFull(
            f"{folder} has {free // _MEGABYTE} MB free and a refresh needs {-(-needed // _MEGABYTE)} MB: make room"
        )


@contextmanager
def written_to_disk(folder: Path, needed: int) -> Iterator[None]:
    """Turn whatever a full disk surfaces as while the block lasts into DiskFull, which says how much is needed.

    A disk that fails in another way raises RefreshFailed. Errors that have nothing to do with it pass through.
    """
    try:
        yield
    except FootnoteError:
        raise
    except Exception as error:
        chain = list(_chain(error))
        if any(map(_is_full, chain)):
            free = shutil.disk_usage(folder).free // _MEGABYTE
            raise DiskFull(
                f"there was no room left in {folder} and the index is as it was: {free} MB are free now, "
                f"a refresh may need {-(-needed // _MEGABYTE)} MB, and files as large must be allowed: make room"
            ) from error
        failed = next(filter(_is_failed, chain), None)
        if failed is None:
            raise
        raise RefreshFailed(
            f"the disk of {folder} failed ({failed}) and the index is as it was: look after the disk, and run it again"
        ) from error


@contextmanager
def unavailable_on_a_full_disk(copy: Path) -> Iterator[None]:
    """Turn what a full disk surfaces as, when Chroma opens the `copy` and writes to it, into VectorsUnavailable."""
    try:
        yield
    except Exception as error:
        if any(map(_is_full, _chain(error))):
            raise VectorsUnavailable(f"there is no room in {copy.parent} to open the vectors in: make room") from error
        raise


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    return _SAYS_SO.search(str(error)) is not None


def _is_failed(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _FAILED:
        return True
    return _DISK_FAILED.search(str(error)) is not None
