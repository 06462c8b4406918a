"""Scanning: the files of a folder, found without following a link out of it or blocking on what is not a file."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from time import time_ns
from urllib.parse import quote_from_bytes

from index.access import PUBLIC, to_text
from index.documents import FROM_THE_CORPUS, Provenance
from index.errors import CorpusMissing, UnreadableDocument

# What the corpus says of itself, which is no document.
SETTINGS = "corpus.toml"
LARGEST_FILE = 200 * 1024 * 1024
_A_MOMENT = 2_500_000_000


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """Something in a folder that is none itself. `source` is the path by which the index knows it; always text."""

    source: str
    path: str
    provenance: Provenance = FROM_THE_CORPUS

    @property
    def name(self) -> str:
        """The name whose suffix tells its format."""
        return self.provenance.name(self.source)

    def read(self) -> bytes:
        """Return the file's bytes. Raises UnreadableDocument with the reason why it cannot be read."""
        with self._open() as file:
            return file.read(LARGEST_FILE)

    def content(self) -> str:
        """Return what tells whether the file changed. Raises UnreadableDocument."""
        with self._open() as file:
            return with_provenance(hashlib.file_digest(file, "sha256").hexdigest(), self.provenance)

    def stamp(self) -> str | None:
        """Return what changes whenever the file is written to, or another takes its place; None where that may lie.

        Clocks of file systems are coarse: two writes in one moment look like one, until it is over.
        """
        try:
            status = os.lstat(self.path)
        except OSError:
            return None
        if time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _A_MOMENT:
            return None
        known = with_provenance("", self.provenance)
        return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {known}"

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
            if Path(self.path).is_symlink():
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
    # Plain text all the way: of ten thousand paths, objects take a quarter of a second to make.
    waiting = [(os.fspath(folder), "")]
    while waiting:
        above, prefix = waiting.pop()
        try:
            with os.scandir(above) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or (entry.name == SETTINGS and not prefix):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, f"{prefix}{entry.name}/"))
                    else:
                        found.append(CorpusFile(_source(prefix + entry.name), entry.path))
        except OSError as error:
            unreadable(_source(prefix.rstrip("/") or "."), error.strerror or type(error).__name__)
    yield from sorted(found, key=lambda file: (file.source, file.path))


def content_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def with_provenance(digest: str, known: Provenance) -> str:
    """Return what tells whether a file changed whose bytes have this SHA-256, with what is known of it."""
    if known == FROM_THE_CORPUS:
        return digest
    # Where a reader can open it does not change what a document says. A set has no order that a text could rely on.
    said = replace(known, url=None, access=PUBLIC)
    if said == FROM_THE_CORPUS and known.access == PUBLIC:
        return digest
    return hashlib.sha256(f"{digest} {said!r} {to_text(known.access)}".encode()).hexdigest()


def _source(name: str) -> str:
    if not name.isascii():
        try:
            name.encode()
        except UnicodeEncodeError:
            # A name that is not UTF-8 has no text of its own: percent-encoding keeps it exact.
            return quote_from_bytes(os.fsencode(name), safe="/")
    return name
