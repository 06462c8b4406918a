"""The corpus: the folder of documents, scanned without following a link out of it or blocking on what is not a file."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from urllib.parse import quote_from_bytes

from index.errors import CorpusMissing, UnreadableDocument

# What the corpus says of itself, which is no document.
_SETTINGS = "corpus.toml"
LARGEST_FILE = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """Something in the corpus that is no folder. `source` is its path relative to the corpus, with `/`; always text."""

    source: str
    path: Path

    def read(self) -> bytes:
        """Return the file's bytes. Raises UnreadableDocument with the reason why it cannot be read."""
        with self._open() as file:
            return file.read(LARGEST_FILE)

    def content(self) -> str:
        """Return the SHA-256 of the file's bytes, as `content_hash` does. Raises UnreadableDocument."""
        with self._open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @contextmanager
    def _open(self) -> Iterator[BufferedReader]:
        try:
            # A link could point anywhere, and opening a pipe could wait for ever.
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise UnreadableDocument("not an ordinary file: put a copy of what it stands for there")
                if status.st_size > LARGEST_FILE:
                    raise UnreadableDocument(f"larger than {LARGEST_FILE // 2**20} MB: split it")
                yield file
        except OSError as error:
            if self.path.is_symlink():
                raise UnreadableDocument("a symbolic link, which is not followed: put the file itself there") from error
            if error.errno == errno.ENXIO:
                raise UnreadableDocument("a socket, in which nothing is stored: remove it") from error
            raise UnreadableDocument(f"cannot be opened: {error.strerror or type(error).__name__}") from error


def scan(folder: Path, unreadable: Callable[[str, str], None] = lambda *_: None) -> Iterator[CorpusFile]:
    """Yield everything below `folder` that is no folder, by source; hidden names are left out. Raises CorpusMissing.

    `unreadable` is told of each folder that cannot be listed, and why: what is in it is unknown, not gone.
    """
    if not folder.is_dir():
        raise CorpusMissing(f"the corpus folder {folder} does not exist: make it, or name another with --corpus")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise CorpusMissing(f"the corpus folder {folder} cannot be read: check its permissions")
    found: list[CorpusFile] = []
    waiting = [folder]
    while waiting:
        above = waiting.pop()
        try:
            with os.scandir(above) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    path = above / entry.name
                    if entry.name == _SETTINGS and above == folder:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        found.append(CorpusFile(_source(path.relative_to(folder)), path))
        except OSError as error:
            unreadable(_source(above.relative_to(folder)), error.strerror or type(error).__name__)
    yield from sorted(found, key=lambda file: (file.source, os.fsencode(file.path)))


def content_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, by which a refresh tells whether it changed."""
    return hashlib.sha256(data).hexdigest()


def _source(path: Path) -> str:
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        # A name that is not UTF-8 has no text of its own: percent-encoding keeps it exact.
        return quote_from_bytes(os.fsencode(name), safe="/")
    return name
