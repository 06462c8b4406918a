from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from index.errors import StoreUnavailable
from index.publishing import object_store
from index.publishing.object_store import open_store, without_password
from tests.object_stores import S3Server


@pytest.mark.parametrize("url", ["file", "s3"], indirect=True)
def test_of_many_who_write_in_the_same_instant_one_is_told_that_it_was_first(url: str) -> None:
    many = 6
    together = Barrier(many)

    def write(number: int) -> bool:
        store = open_store(url)
        together.wait()
        return store.create("publications/1", str(number).encode() * 1000)

    with ThreadPoolExecutor(many) as pool:
        first = [number for number, was_first in enumerate(pool.map(write, range(many))) if was_first]
    assert len(first) == 1
    assert open_store(url).read("publications/1") == str(first[0]).encode() * 1000


def test_a_write_that_is_told_to_have_failed_because_it_succeeded_has_succeeded(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that breaks after the write has the client try again, and the store refuse what is there."""
    store = open_store(url)
    if url.startswith("file"):
        pytest.skip("nothing is between us and a folder")
    assert store.create("key", b"mine") is True
    assert store.create("key", b"mine") is True
    assert store.create("key", b"others'") is False


def test_keys_are_listed_with_their_sizes_however_deep_they_lie(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    assert (store.names("a"), store.sizes("a")) == ([], {})
    (tmp_path / "file").write_bytes(b"four")
    for key in ("a/b/c/d", "a/e", "f"):
        store.upload(tmp_path / "file", key)
    assert store.sizes("a") == {"a/b/c/d": 4, "a/e": 4}
    assert store.names("a") == ["b", "e"]
    store.delete("a/e")
    store.delete("a/e")
    assert store.sizes("a") == {"a/b/c/d": 4}
    with pytest.raises(FileNotFoundError):
        store.read("a/e")
    with pytest.raises(FileNotFoundError):
        store.download("a/e", tmp_path / "copy")


@pytest.mark.parametrize("url", ["file"], indirect=True)
def test_what_lies_in_a_shared_folder_can_be_read_by_the_other_machines_users(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    store.create("publications/1", b"1")
    (path,) = (tmp_path / "shared").rglob("1")
    assert path.stat().st_mode & 0o444 == 0o444
    assert [each.name for each in path.parent.iterdir()] == ["1"]


@pytest.mark.parametrize("url", ["file"], indirect=True)
@pytest.mark.skipif(os.getuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o500)
    with pytest.raises(StoreUnavailable, match=r"file://.*cannot be reached \(.*[Pp]ermission"):
        open_store(url).create("publications/1", b"1")


def test_an_address_that_nothing_speaks_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(StoreUnavailable, match=r"Protocol not known.*install"):
        open_store("carrier-pigeon://bucket")


def test_without_the_package_for_s3_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(*_: Any, **__: Any) -> Any:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", without)
    with pytest.raises(StoreUnavailable, match=r"pip install 'footnote\[s3\]'"):
        open_store("s3://bucket/prefix")


def test_what_requests_are_signed_with_stands_in_no_log(s3: S3Server, caplog: pytest.LogCaptureFixture) -> None:
    bucket = s3.bucket("discreet")
    caplog.set_level(logging.DEBUG)
    open_store(f"s3://{bucket.name}/prefix").create("key", b"content")
    logged = [record.getMessage() for record in caplog.records if record.name.startswith(("aiobotocore", "botocore"))]
    assert not any("Signature" in line or "an-id" in line for line in logged)
    assert not logging.getLogger("botocore.auth").isEnabledFor(logging.DEBUG)


def test_no_password_is_shown() -> None:
    assert without_password("sftp://me:secret@host/a@b") == "sftp://host/a@b"
    assert object_store._reason(OSError("no way to https://me:secret@host/x")) == "no way to https://host/x"
