import os
import subprocess
from pathlib import Path
from socket import AF_UNIX, socket

import pytest

from index.errors import CorpusMissing, UnreadableDocument
from index.sources.scanning import LARGEST_FILE, CorpusFile, content_hash, scan


def put(folder: Path, source: str, content: bytes = b"text") -> Path:
    path = folder / source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def sources(folder: Path) -> list[str]:
    return [file.source for file in scan(folder)]


def test_files_are_found_in_every_folder_in_the_order_of_their_sources(tmp_path: Path) -> None:
    for source in ("b.md", "a/z.txt", "a/b/c.html", "B.MD"):
        put(tmp_path, source)
    assert sources(tmp_path) == ["B.MD", "a/b/c.html", "a/z.txt", "b.md"]


def test_nothing_is_left_out_but_what_is_hidden_and_the_settings_of_the_corpus(tmp_path: Path) -> None:
    for source in (".a.md", ".git/a.md", "a.exe", "md", "corpus.toml", "kept.md"):
        put(tmp_path, source)
    assert sources(tmp_path) == ["a.exe", "kept.md", "md"]


def test_a_folder_named_like_a_document_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "folder.md/a.md")
    assert sources(tmp_path) == ["folder.md/a.md"]


def test_a_corpus_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing, match="does not exist"):
        sources(tmp_path / "nowhere")
    with pytest.raises(CorpusMissing, match="does not exist"):
        sources(put(tmp_path, "file.md"))


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path, "outside/secret.md", b"secret")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "link.md").symlink_to(secret)
    (corpus / "folder").symlink_to(secret.parent)
    found = list(scan(corpus))
    assert [file.source for file in found] == ["folder", "link.md"]
    for file in found:
        with pytest.raises(UnreadableDocument, match="symbolic link"):
            file.read()


def test_a_link_to_the_folder_itself_does_not_go_round_for_ever(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    (tmp_path / "again").symlink_to(tmp_path)
    assert sources(tmp_path) == ["a.md", "again"]


def test_folders_a_thousand_deep_are_listed(tmp_path: Path) -> None:
    depth = 1100
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=folder)
        below = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    os.close(folder)
    try:
        assert sources(tmp_path) == ["d/" * depth + "a.md"]
    finally:
        # The sweeping of old temporary folders would not come back from so deep.
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)


@pytest.mark.parametrize("name", ["n" * 252 + ".md", "\u00e9" * 126 + ".md"])
def test_the_longest_names_that_there_are_are_read(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, b"Words.")
    (file,) = scan(tmp_path)
    assert (file.source, file.read()) == (name, b"Words.")


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (file,) = scan(tmp_path)
    with pytest.raises(UnreadableDocument, match="not an ordinary file"):
        file.read()


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = put(tmp_path, "large.txt")
    os.truncate(path, LARGEST_FILE + 1)
    (file,) = scan(tmp_path)
    with pytest.raises(UnreadableDocument, match="larger than 200 MB"):
        file.read()


def test_a_file_that_is_gone_when_it_is_read_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="No such file"):
        CorpusFile("a.md", str(tmp_path / "a.md")).read()


def test_a_name_that_is_not_text_is_percent_encoded(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))).write_bytes(b"coffee")
    (file,) = scan(tmp_path)
    assert file.source == "caf%E9.md"
    assert file.read() == b"coffee"


def test_names_that_are_text_stay_as_they_are(tmp_path: Path) -> None:
    names = ["100%.md", "caf\u00e9.md", "cafe\u0301.md", "中国.md", "a b.md"]
    for name in names:
        put(tmp_path, name)
    assert sources(tmp_path) == sorted(names)


def test_a_folder_that_cannot_be_listed_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.md")
    put(tmp_path, "deep/shut/b.md")
    refuse(monkeypatch, tmp_path / "deep" / "shut")
    told: dict[str, str] = {}
    assert [file.source for file in scan(tmp_path, told.__setitem__)] == ["a.md"]
    assert told == {"deep/shut": "Permission denied"}


def refuse(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the listing of `folder` fail as it does for want of permission, which a test run by root always has."""
    listing = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_the_hash_is_of_the_bytes_alone(tmp_path: Path) -> None:
    one, other = put(tmp_path, "a.md", b"same"), put(tmp_path, "b.md", b"same")
    os.utime(other, (0, 0))
    assert content_hash(one.read_bytes()) == content_hash(other.read_bytes()) != content_hash(b"Same")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket may have no more than a hundred bytes
    with socket(AF_UNIX) as listening:
        listening.bind("talk.md")
        (file,) = scan(tmp_path)
        with pytest.raises(UnreadableDocument, match="a socket"):
            file.read()
