"""Folders: the corpus and others, scanned without following a link out of them or blocking on what is not a file."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import ClassVar
from urllib.parse import quote_from_bytes

from index.access import PUBLIC, to_text
from index.documents import CORPUS, FROM_THE_CORPUS, Provenance
from index.errors import CorpusMissing, UnreadableDocument
from index.sources.globs import Globs
from index.sources.source import Source

# What the corpus says of itself, which is no document.
SETTINGS = "corpus.toml"
LARGEST_FILE = 200 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Folder(Source):
    """The files of a folder on this machine, by globs over their paths in it."""

    kind: ClassVar[str] = "folder"

    folder: Path
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def files(self, unreadable: Callable[[str, str], None]) -> Iterator[CorpusFile]:
        """Yield its files; `unreadable` is told of each folder within that cannot be listed. Raises CorpusMissing."""
        globs = Globs(self.include, self.exclude)
        for file in scan(self.folder, lambda below, why: unreadable(self._source(below), why)):
            if file.source in globs:
                source = self._source(file.source)
                yield CorpusFile(source, file.path, self.provenance(source))

    def _source(self, path: str) -> str:
        # The corpus itself is what the paths of documents are relative to.
        return path if self.name == CORPUS else str(PurePosixPath(self.name, path))


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """Something in a folder that is none itself. `source` is the path by which the index knows it; always text."""

    source: str
    path: Path
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
                    if entry.name == SETTINGS and above == folder:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        found.append(CorpusFile(_source(path.relative_to(folder)), path))
        except OSError as error:
            unreadable(_source(above.relative_to(folder)), error.strerror or type(error).__name__)
    yield from sorted(found, key=lambda file: (file.source, os.fsencode(file.path)))


def content_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def with_provenance(digest: str, known: Provenance) -> str:
    """Return what tells whether a file changed whose bytes have this SHA-256, with what is known of it."""
    # Where a reader can open it does not change what a document says. A set has no order that a text could rely on.
    said = replace(known, url=None, access=PUBLIC)
    if said == FROM_THE_CORPUS and known.access == PUBLIC:
        return digest
    return hashlib.sha256(f"{digest} {said!r} {to_text(known.access)}".encode()).hexdigest()


def _source(path: Path) -> str:
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        # A name that is not UTF-8 has no text of its own: percent-encoding keeps it exact.
        return quote_from_bytes(os.fsencode(name), safe="/")
    return name
