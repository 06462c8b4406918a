"""A publication: which files make up a published generation, where in the store each lies, and its checksum."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from index.errors import IndexDamaged

MANIFEST = "manifest.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")
# The number of the publication that a file came with, what tells it from others that were after the same, its name.
_KEY = re.compile(r"generations/([0-9]{8})-[0-9a-f]{8}/(.+)")
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a published generation: its SHA-256, its size in bytes, and the key that it has in the store."""

    sha256: str
    size: int
    key: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A generation as it was published: its number, and by name every file, the manifest among them.

    `number` is that of the publication. Of two that were made upon the same one only one gets the next number.
    """

    number: int
    generation: int
    files: Mapping[str, PublishedFile]

    @property
    def manifest(self) -> PublishedFile:
        """The file that lists all others."""
        return self.files[MANIFEST]

    def to_bytes(self) -> bytes:
        """Return it as it lies in the store."""
        form = {"generation": self.generation, "files": {name: asdict(file) for name, file in self.files.items()}}
        return (json.dumps(form, indent=1, sort_keys=True) + "\n").encode()


def read_publication(number: int, content: bytes) -> Publication:
    """Return the publication that lies under a number. Raises IndexDamaged where it makes no sense."""
    try:
        form = json.loads(content)
        files = {name: PublishedFile(**file) for name, file in form["files"].items()}
        publication = Publication(number, int(form["generation"]), files)
        if publication.generation < 1 or MANIFEST not in files or not all(map(_is_sound, files, files.values())):
            raise ValueError("no generation looks like that")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"publication {number} cannot be read: publish anew, with 'footnote refresh'") from error
    return publication


def number_in(key: str) -> int | None:
    """Return the number of the publication that the file of a key came with, None where it came with none."""
    parts = _KEY.fullmatch(key)
    return int(parts[1]) if parts else None


def _is_sound(name: str, file: PublishedFile) -> bool:
    """Whether neither the name of a file nor its key leads out of the folder that it belongs to."""
    key = _KEY.fullmatch(file.key)
    return (
        _stays_inside(name)
        and key is not None
        and _stays_inside(key[2])
        and _SHA256.fullmatch(file.sha256) is not None
        and isinstance(file.size, int)
        and file.size >= 0
    )


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    is_plain = str(path) == name and not re.search(r"[\0\\]", name)
    return is_plain and not {"", ".", "..", "/"} & {*path.parts, name} and max(map(len, path.parts)) <= _LONGEST_NAME
