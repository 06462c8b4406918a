"""The object store: files under keys, at any URL that fsspec knows, and a write that only the first one wins."""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from index.errors import FootnoteError, StoreUnavailable

_LONGEST_REASON = 200
# Seconds, and attempts: a server that is away must not hold up whoever only looks for something newer.
_S3 = {
    "connect_timeout": 3,
    "read_timeout": 20,
    "retries": {"total_max_attempts": 3, "mode": "standard"},
    "max_pool_connections": 16,
}


def open_store(url: str) -> ObjectStore:
    """Return the store at a URL, such as `s3://bucket/prefix` or `file:///srv/footnote`, without asking it anything.

    Raises StoreUnavailable where no package is installed that speaks its protocol.
    """
    # Imported here because it takes its time, and only whoever shares generations needs it.
    from fsspec.core import url_to_fs
    from fsspec.implementations.local import LocalFileSystem

    is_s3 = url.startswith(("s3://", "s3a://"))
    options = {"config_kwargs": _S3} if is_s3 else {}
    try:
        files, root = url_to_fs(url, use_listings_cache=False, skip_instance_cache=True, **options)
    except (ImportError, ValueError, TypeError) as error:
        remedy = "pip install 'footnote[s3]'" if is_s3 else "install the package of fsspec for it"
        raise StoreUnavailable(f"{without_password(url)} cannot be opened ({_reason(error)}): {remedy}") from error
    if is_s3:
        # botocore tries again by itself.
        files.retries = 1
        for name in ("aiobotocore", "botocore", "s3fs"):
            # At DEBUG they log what requests are signed with.
            logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    kind = _LocalStore if isinstance(files, LocalFileSystem) else ObjectStore
    return kind(without_password(url), files, root.rstrip("/"))


class ObjectStore:
    """A store at a URL. Keys are paths below it. Any thread may call any method.

    Every method raises StoreUnavailable where the store cannot be reached or refuses, and FileNotFoundError where a
    key that is to be read is not there.
    """

    _NOT_THERE = "is not there: create the bucket or the folder"

    def __init__(self, url: str, files: Any, root: str) -> None:
        self.url = url
        self._files = files
        self._root = root

    def names(self, folder: str) -> list[str]:
        """Return the names of the keys right below a folder, sorted: none where it is not there."""
        with self._asked(), suppress(FileNotFoundError):
            return sorted(str(path).rstrip("/").rpartition("/")[2] for path in self._files.ls(self._at(folder), False))
        return []

    def sizes(self, folder: str) -> dict[str, int]:
        """Return every key below a folder, however deep, with its size in bytes."""
        with self._asked(), suppress(FileNotFoundError):
            found = self._files.find(self._at(folder), detail=True)
            return {path[len(self._at("")) :]: int(found[path]["size"]) for path in found}
        return {}

    def read(self, key: str) -> bytes:
        """Return what stands under a key."""
        with self._asked():
            content: bytes = self._files.cat_file(self._at(key))
            return content

    def create(self, key: str, content: bytes) -> bool:
        """Put something under a key that is free; return whether it was, at this one moment, for this one caller.

        S3 decides that itself (`If-None-Match: *`), a folder by a hard link. Where a protocol has no such write, fsspec
        looks first and writes then, so that two who do so in the same instant may both be told that they were first.
        """
        with self._asked(missing=self._NOT_THERE):
            try:
                self._files.pipe_file(self._at(key), content, mode="create")
            except FileExistsError:
                # Perhaps it was us: a connection that breaks after the write has it tried again.
                return bool(self._files.cat_file(self._at(key)) == content)
            return True

    def upload(self, source: Path, key: str) -> None:
        """Put a file under a key."""
        with self._asked(missing=self._NOT_THERE):
            self._files.put_file(str(source), self._at(key))

    def download(self, key: str, target: Path) -> None:
        """Write what stands under a key into a file."""
        with self._asked():
            self._files.get_file(self._at(key), str(target))

    def delete(self, key: str) -> None:
        """Delete what stands under a key, if anything does."""
        with self._asked(), suppress(FileNotFoundError):
            self._files.rm_file(self._at(key))

    def _at(self, key: str) -> str:
        return f"{self._root}/{key}"

    @contextmanager
    def _asked(self, missing: str | None = None) -> Iterator[None]:
        """Turn whatever the store or its client raises into StoreUnavailable, and nothing being there where told."""
        try:
            yield
        except FootnoteError:
            raise
        except FileNotFoundError as error:
            if missing is None:
                raise
            raise StoreUnavailable(f"{self.url} {missing}") from error
        # Each protocol has a client of its own, and each client errors of its own.
        except Exception as error:
            raise StoreUnavailable(f"{self.url} cannot be reached ({_reason(error)})") from error


class _LocalStore(ObjectStore):
    """A folder that several machines share: what is written lies on the disk before anybody is told of it."""

    def create(self, key: str, content: bytes) -> bool:
        target = Path(self._at(key))
        with self._asked():
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, new = tempfile.mkstemp(prefix=".", dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                # As `mkstemp` makes it, it could be read by nobody else.
                Path(new).chmod(0o644)
                # Atomic, and refused where the key is taken: a rename would take its place.
                os.link(new, target)
            except FileExistsError:
                return False
            finally:
                Path(new).unlink()
            _sync(target.parent)
            return True

    def upload(self, source: Path, key: str) -> None:
        target = Path(self._at(key))
        with self._asked():
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as read, target.open("wb") as written:
                shutil.copyfileobj(read, written)
                written.flush()
                os.fsync(written.fileno())
            _sync(target.parent)


def without_password(url: str) -> str:
    """Return a URL as it may be shown: what stands before the host is left out."""
    return re.sub(r"(?<=://)[^/@]*@", "", url)


def _reason(error: BaseException) -> str:
    text = " ".join(without_password(str(error)).split()) or type(error).__name__
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
