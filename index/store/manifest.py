"""The manifest: what one generation is made of, written last and believed only where every checksum agrees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from index.background import Background
from index.damage import unreadable
from index.errors import IndexDamaged

# Raised whenever the files of a generation are laid out anew, so that no version reads another's.
LAYOUT = "5"
_NAME = "manifest.json"
# More files than four generations have.
_MOST_VERIFIED = 400
_REMEDY = "make it readable, or run 'footnote refresh'"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything that decides what an index holds besides the documents: a difference in one means to build anew."""

    layout: str
    readers: str
    model: str
    model_name: str
    splitter: str
    analyser: str
    chromadb: str
    tantivy: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation: its number, its birth, its fingerprint, its counts, and the SHA-256 of each of its files.

    `dimension` is that of its vectors; `languages` are those of its documents (ISO 639-1); `changed` counts the
    passages that have come or gone since its base was built. `restored` is the number of the earlier generation that it
    brings back, None where it was built. `background` is None where there was nothing to measure it
    by, and in the manifests of versions that did not measure it.
    """

    number: int
    created_at: datetime
    fingerprint: Fingerprint
    documents: int
    passages: int
    dimension: int
    languages: tuple[str, ...]
    changed: int
    files: Mapping[str, str]
    restored: int | None = None
    background: Background | None = None

    def write(self, folder: Path) -> None:
        """Write this manifest into the generation's folder."""
        form = asdict(self) | {"created_at": self.created_at.isoformat(), "files": dict(self.files)}
        (folder / _NAME).write_text(json.dumps(form | {"seal": _seal(form)}, indent=1, sort_keys=True) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the generation in `folder`. Raises IndexDamaged when there is none that makes sense."""
    try:
        form = json.loads((folder / _NAME).read_text())
        if form.pop("seal") != _seal(form):
            raise ValueError("the manifest was altered")
        form["fingerprint"] = Fingerprint(**form["fingerprint"])
        if form["fingerprint"].layout != LAYOUT:
            raise IndexDamaged(f"generation {folder.name} was made by another Footnote: run 'footnote refresh'")
        form["created_at"] = datetime.fromisoformat(form["created_at"])
        form["languages"] = tuple(form["languages"])
        background = form.pop("background", None)
        return Manifest(**form, background=Background(**background) if background else None)
    except PermissionError as error:
        raise IndexDamaged(f"generation {folder.name} cannot be read ({unreadable(error)}): {_REMEDY}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"generation {folder.name} has no readable manifest: run 'footnote refresh'") from error


class Verified:
    """Which files have had their checksum taken, so that none is read again while its size and its time stay.

    A file is known by its inode, whatever it is called: those that generations share are read once. A fault of the disk
    that changes a file behind the system's back is found by whoever begins with nothing verified.
    """

    def __init__(self) -> None:
        self._digests: dict[tuple[int, int], tuple[int, int, str]] = {}

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file, read only where it is not known already. Raises OSError."""
        status = path.stat()
        inode, state = (status.st_dev, status.st_ino), (status.st_size, status.st_mtime_ns)
        size, changed, digest = self._digests.pop(inode, (-1, 0, ""))
        if (size, changed) != state:
            digest = _sha256(path)
        # Put in last: those that are of no generation any more are the first to be forgotten.
        self._digests[inode] = (*state, digest)
        while len(self._digests) > _MOST_VERIFIED:
            self._digests.pop(next(iter(self._digests)))
        return digest


def checksums(folder: Path, part: str = "", verified: Verified | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file of a `part` of the generation in `folder`, or of all but the manifest."""
    below, known = folder / part, verified or Verified()
    files = [below] if below.is_file() else sorted(path for path in below.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): known.digest(path) for path in files if path.name != _NAME}


def verify(folder: Path, manifest: Manifest, part: str = "", verified: Verified | None = None) -> None:
    """Raise IndexDamaged unless a `part` of `folder`, or all of it, is byte for byte what the manifest lists.

    Files that are `verified` already are not read again.
    """
    listed = {name: digest for name, digest in manifest.files.items() if part in ("", name.split("/")[0])}
    try:
        found = checksums(folder, part, verified)
    except OSError as error:
        raise IndexDamaged(f"generation {manifest.number} cannot be read ({unreadable(error)}): {_REMEDY}") from error
    if found != listed:
        wrong = sorted(name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name))
        raise IndexDamaged(f"generation {manifest.number} is damaged ({', '.join(wrong)}): run 'footnote refresh'")


def _seal(form: Mapping[str, object]) -> str:
    """Return the SHA-256 of a manifest itself, the only file of its folder that it cannot list."""
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
