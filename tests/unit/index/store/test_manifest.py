import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.background import Background
from index.errors import IndexDamaged
from index.store.manifest import LAYOUT, Fingerprint, Manifest, Verified, checksums, read_manifest, verify

MANIFEST = Manifest(
    number=7,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    fingerprint=Fingerprint(LAYOUT, "1", "m", "model", "1", "1", "1.5.9", "0.27"),
    documents=2,
    passages=3,
    dimension=384,
    languages=("en", "zh"),
    changed=0,
    files={},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lexical").mkdir()
    (tmp_path / "lexical" / "meta.json").write_text("{}")
    (tmp_path / "passages.sqlite").write_bytes(b"rows")
    manifest = replace(MANIFEST, files=checksums(tmp_path))
    manifest.write(tmp_path)
    return tmp_path


def test_a_manifest_comes_back_as_it_was_written(folder: Path) -> None:
    assert read_manifest(folder) == replace(MANIFEST, files=checksums(folder))


def test_a_manifest_keeps_the_background_of_its_index(folder: Path) -> None:
    manifest = replace(MANIFEST, background=Background(0.25, 0.5))
    manifest.write(folder)
    assert read_manifest(folder) == manifest


def test_a_manifest_of_a_version_that_measured_no_background_is_read(folder: Path) -> None:
    form = json.loads((folder / "manifest.json").read_text())
    del form["background"], form["seal"]
    seal = hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(form | {"seal": seal}))
    assert read_manifest(folder).background is None


def test_a_manifest_lists_every_file_but_itself(folder: Path) -> None:
    assert sorted(read_manifest(folder).files) == ["lexical/meta.json", "passages.sqlite"]


def test_a_whole_generation_is_believed(folder: Path) -> None:
    verify(folder, read_manifest(folder))


@pytest.mark.parametrize("name", ["lexical/meta.json", "passages.sqlite"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_file_is_named(folder: Path, name: str, damage: str) -> None:
    manifest, path = read_manifest(folder), folder / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(IndexDamaged, match=f"generation 7 is damaged .{name}"):
        verify(folder, manifest)


def test_a_file_that_does_not_belong_is_damage(folder: Path) -> None:
    (folder / "lexical" / "stray").touch()
    with pytest.raises(IndexDamaged, match="lexical/stray"):
        verify(folder, read_manifest(folder))


def test_a_part_is_checked_without_the_others(folder: Path) -> None:
    (folder / "passages.sqlite").write_bytes(b"other")
    verify(folder, read_manifest(folder), "lexical")
    with pytest.raises(IndexDamaged):
        verify(folder, read_manifest(folder), "passages.sqlite")


def test_a_changed_byte_anywhere_in_the_manifest_is_damage(folder: Path) -> None:
    path = folder / "manifest.json"
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(IndexDamaged, match="no readable manifest"):
            read_manifest(folder)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"number": 7}'])
def test_what_is_no_manifest_is_damage(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged):
        read_manifest(folder)


def test_a_folder_without_a_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        read_manifest(tmp_path)


def test_a_file_is_read_once_while_its_size_and_its_time_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verified, manifest = Verified(), read_manifest(folder)
    verify(folder, manifest, verified=verified)

    def refuse(*_: object) -> str:
        raise AssertionError("it was read again")

    monkeypatch.setattr("index.store.manifest._sha256", refuse)
    verify(folder, manifest, verified=verified)
    linked = folder / "linked"
    linked.hardlink_to(folder / "passages.sqlite")
    assert verified.digest(linked) == manifest.files["passages.sqlite"]


def test_a_file_that_was_verified_and_written_to_is_read_again(folder: Path) -> None:
    verified, manifest = Verified(), read_manifest(folder)
    verify(folder, manifest, verified=verified)
    path = folder / "passages.sqlite"
    status = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    with pytest.raises(IndexDamaged, match=r"passages\.sqlite"):
        verify(folder, manifest, verified=verified)


def test_of_files_that_were_verified_the_latest_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.manifest._MOST_VERIFIED", 2)
    verified, read = Verified(), list[str]()

    def digest(path: Path) -> str:
        read.append(path.name)
        return "digest"

    monkeypatch.setattr("index.store.manifest._sha256", digest)
    for name in "abacab":
        (tmp_path / name).touch()
        os.utime(tmp_path / name, ns=(0, 0))
        verified.digest(tmp_path / name)
    assert read == ["a", "b", "c", "b"]
