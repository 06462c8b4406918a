"""Documents that people handed in, kept in the data folder: a file each, with where it came from beside it.

They are files and no database, so that nothing that befalls one of them befalls another, and a copy of the folder is
all it takes to keep them. No refresh writes here.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter, ValidationError

from index.access import AccessRule
from index.documents import Provenance
from index.errors import NotAccepted, UnreadableDocument
from index.messages import HANDED_IN, Attachment
from index.report import Failure
from index.sources.scanning import LARGEST_FILE, with_provenance

log = logging.getLogger(__name__)

LARGEST = 25 * 2**20
_ABOUT: TypeAdapter[Attachment] = TypeAdapter(Attachment)


def attached_in(data: Path) -> Path:
    """Return the folder of a data folder that keeps what people handed in."""
    return data / "attached"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A document that was handed in, as a refresh reads it. `source` is the address of the message it came with."""

    source: str
    provenance: Provenance
    path: Path

    @property
    def name(self) -> str:
        """The name whose suffix tells its format."""
        return self.provenance.name(self.source)

    def stamp(self) -> None:
        """Return nothing: they are few, and read again."""

    def content(self) -> str:
        """Return what tells whether it changed. Raises UnreadableDocument."""
        return with_provenance(hashlib.sha256(self.read()).hexdigest(), self.provenance)

    def read(self) -> bytes:
        """Return its bytes. Raises UnreadableDocument."""
        try:
            with self.path.open("rb") as file:
                return file.read(LARGEST_FILE)
        except OSError as error:
            raise UnreadableDocument(f"cannot be opened: {error.strerror or type(error).__name__}") from error


class Attached:
    """The documents that people handed in. Any thread may call any method."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, about: Attachment, data: bytes) -> None:
        """Keep a document, durably, in the place of one that came with the same message.

        Raises NotAccepted, with the reason, for what could never be read or is too large.
        """
        _refuse(about.name, len(data))
        key = _key(about)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The file comes first: whatever is described is there.
            _write(self._folder / f"{key}{_suffix(about)}", data)
            _write(self._folder / f"{key}.json", _ABOUT.dump_json(about))
        except OSError as error:
            raise NotAccepted(f"it cannot be kept: {error.strerror or type(error).__name__}") from error

    def remove(self, about: Attachment) -> bool:
        """Forget a document; return whether it was there."""
        key = _key(about)
        described = self._folder / f"{key}.json"
        was_there = described.exists()
        described.unlink(missing_ok=True)
        (self._folder / f"{key}{_suffix(about)}").unlink(missing_ok=True)
        return was_there

    def every(self, server: int | None = None) -> tuple[Attachment, ...]:
        """Return what is kept, of one server or of all, by name; what was damaged is left out."""
        return tuple(
            sorted(
                (about for _, about in self._described() if about and server in (None, about.server)),
                key=lambda about: (about.name, about.address),
            )
        )

    def forget_person(self, author: int) -> int:
        """Forget what a person answered; return how many documents that were."""
        return sum(self.remove(about) for about in self.every() if about.author == author)

    def leave(self, server: int) -> None:
        """Forget what was handed in on a server."""
        for about in self.every(server):
            self.remove(about)

    def files(self) -> list[AttachedFile]:
        """Return what is kept, as a refresh reads it, by address."""
        return sorted(
            (self._file(about) for _, about in self._described() if about is not None), key=lambda file: file.source
        )

    def failures(self) -> list[Failure]:
        """Return what was damaged, as a refresh tells it."""
        return [
            Failure(f"{self._folder.name}/{path.name}", "damaged: attach the document anew", kept=False)
            for path, about in self._described()
            if about is None
        ]

    def _file(self, about: Attachment) -> AttachedFile:
        suffix = _suffix(about)
        known = Provenance(
            HANDED_IN,
            suffix,
            url=about.address,
            title=about.title or " ".join(re.split(r"[\s_-]+", PurePosixPath(about.name).stem)),
            access=(AccessRule(servers=frozenset({about.server})),),
        )
        return AttachedFile(about.address, known, self._folder / f"{_key(about)}{suffix}")

    def _described(self) -> Iterator[tuple[Path, Attachment | None]]:
        for path in sorted(self._folder.glob("*.json")):
            if path.with_suffix("").suffix:
                continue  # a document that is JSON itself
            try:
                yield path, _ABOUT.validate_json(path.read_bytes())
            except (OSError, ValidationError) as error:
                log.warning("%s cannot be read: %s", path, error)
                yield path, None


def _refuse(name: str, size: int) -> None:
    """Raise NotAccepted, with the reason, for a file that could never be read or is too large."""
    # Imported here because `sources` lists what was handed in, and is to start in a blink.
    from index.readers.formats import format_of

    try:
        format_of(name)
    except UnreadableDocument as error:
        raise NotAccepted(str(error)) from error
    if size > LARGEST:
        raise NotAccepted(f"it is larger than {LARGEST // 2**20} MB: split it")
    if not size:
        raise NotAccepted("it is empty")


def _key(about: Attachment) -> str:
    return hashlib.sha256(about.address.encode()).hexdigest()[:32]


def _suffix(about: Attachment) -> str:
    # Between the key and the suffix of the format, so that a document in JSON is told from its description.
    return f".file{PurePosixPath(about.name).suffix.lower()}"


def _write(path: Path, data: bytes) -> None:
    """Replace a file at once and durably."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.chmod(0o600)
    new.replace(path)
