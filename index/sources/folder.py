"""The corpus: the folder of documents, scanned without following a link out of it or blocking on what is not a file."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

from index.errors import CorpusMissing, UnreadableDocument
from index.readers import SUFFIXES

LARGEST_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of a kind that Footnote reads. `source` is its path relative to the corpus, with `/`; always text."""

    source: str
    path: Path

    def read(self) -> bytes:
        """Return the file's bytes. Raises UnreadableDocument with the reason why it cannot be read."""
        try:
            # A link could point anywhere, and opening a pipe could wait for ever.
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise UnreadableDocument("not an ordinary file")
                if status.st_size > LARGEST_FILE:
                    raise UnreadableDocument(f"larger than {LARGEST_FILE // 1024 // 1024} MB: split it")
                return file.read(LARGEST_FILE)
        except OSError as error:
            reason = "a symbolic link, which is not followed" if self.path.is_symlink() else error.strerror
            raise UnreadableDocument(f"cannot be opened: {reason}") from error


def scan(folder: Path, unreadable: Callable[[str], None] = lambda _: None) -> Iterator[CorpusFile]:
    """Yield the files below `folder` that Footnote reads, by source, hidden ones left out. Raises CorpusMissing.

    `unreadable` is told the source of each folder that cannot be listed: what is in it is unknown, not gone.
    """
    if not folder.is_dir():
        raise CorpusMissing(f"the corpus folder {folder} does not exist: make it, or name another with --corpus")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise CorpusMissing(f"the corpus folder {folder} cannot be read: check its permissions")
    found = []

    def skip(error: OSError) -> None:
        unreadable(_source(Path(error.filename).relative_to(folder)))

    for above, folders, names in os.walk(folder, followlinks=False, onerror=skip):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(above, name)
            if not name.startswith(".") and path.suffix.lower() in SUFFIXES:
                found.append(CorpusFile(_source(path.relative_to(folder)), path))
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
