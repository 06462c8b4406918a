import os
import time
from pathlib import Path

import pytest

from index.documents import Provenance
from index.sources.scanning import CorpusFile
from index.sources.seen import Seen


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CorpusFile:
    """Give a file that was written a while ago."""
    path = tmp_path / "a.md"
    path.write_bytes(b"one")
    monkeypatch.setattr("index.sources.scanning.time_ns", lambda: time.time_ns() + 10**10)
    return CorpusFile("a.md", str(path))


def seen(file: CorpusFile, *, kept: Path) -> str:
    """Return the content of a file as a refresh of its own asks for it."""
    seen = Seen.read(kept)
    content = seen.content(file)
    seen.write()
    return content


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "seen.json"


def refuse(*_: object, **__: object) -> int:
    raise AssertionError("the file was read")


def test_what_did_not_change_is_not_read_again(file: CorpusFile, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = seen(file, kept=kept)
    assert content == file.content()
    monkeypatch.setattr("index.sources.scanning.CorpusFile.content", refuse)
    assert [seen(file, kept=kept) for _ in range(2)] == [content] * 2


def test_a_write_that_keeps_size_and_time_is_noticed(file: CorpusFile, kept: Path) -> None:
    before, path = seen(file, kept=kept), Path(file.path)
    status = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert seen(file, kept=kept) == file.content() != before


def test_another_file_in_its_place_is_noticed(file: CorpusFile, kept: Path, tmp_path: Path) -> None:
    before, path = seen(file, kept=kept), Path(file.path)
    other = tmp_path / "other"
    other.write_bytes(b"two")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert seen(file, kept=kept) == file.content() != before


def test_what_was_written_a_moment_ago_is_read_again_since_clocks_are_coarse(
    file: CorpusFile, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sources.scanning.time_ns", time.time_ns)
    Path(file.path).write_bytes(b"two")
    seen(file, kept=kept)
    monkeypatch.setattr("index.sources.scanning.CorpusFile.content", lambda _: "read")
    assert seen(file, kept=kept) == "read"


def test_what_is_known_of_a_file_besides_is_part_of_what_tells_a_change(file: CorpusFile, kept: Path) -> None:
    seen(file, kept=kept)
    said = CorpusFile(file.source, file.path, Provenance(language="de"))
    assert seen(said, kept=kept) == said.content() != file.content()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"a.md": 7}', b'{"a.md": ["x"]}', b"\xff"])
def test_what_makes_no_sense_is_as_good_as_nothing(file: CorpusFile, kept: Path, damage: bytes) -> None:
    kept.write_bytes(damage)
    assert seen(file, kept=kept) == file.content()
    assert seen(file, kept=kept) == file.content()
