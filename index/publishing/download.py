"""A download: a published generation on its way into a data folder, every file held against its checksum."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path

from index.errors import IndexDamaged
from index.publishing.object_store import ObjectStore
from index.publishing.publication import MANIFEST, Publication, PublishedFile
from index.publishing.transfer import each
from index.store.data_folder import DataFolder
from index.store.manifest import read_manifest
from index.store.room import refuse_full_disk

_ROOM_TO_SPARE = 64 * 2**20


class Download:
    """A publication of a store, and the folder that its generation is put into; an attempt before may have begun it."""

    def __init__(self, store: ObjectStore, publication: Publication, folder: Path) -> None:
        self._store = store
        self._publication = publication
        self._folder = folder
        self._here: dict[str, Path] = {}

    def run(self, data: DataFolder) -> None:
        """Put the whole generation into the folder: from the generations of the data folder, else from the store.

        Raises StoreUnavailable, DiskFull, and IndexDamaged where it is not whole, or not what its manifest says.
        """
        for other in set(self._folder.parent.glob("*")) - {self._folder}:
            shutil.rmtree(other, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._here = _files_here(data)
        files = self._publication.files
        lacking = sum(file.size for file in files.values() if file.sha256 not in self._here)
        refuse_full_disk(data.root, lacking + _ROOM_TO_SPARE)
        # First, since it says whether this version of Footnote can read the rest.
        self._take(MANIFEST)
        manifest = read_manifest(self._folder)
        listed = {name: file.sha256 for name, file in files.items() if name != MANIFEST}
        if (manifest.number, dict(manifest.files)) != (self._publication.generation, listed):
            raise IndexDamaged(
                f"publication {self._publication.number} is not what its manifest says:"
                " run 'footnote refresh' where the index is built"
            )
        each(listed, self._take)

    def _take(self, name: str) -> None:
        """Put a file into the folder, unless it is there."""
        file, target = self._publication.files[name], self._folder / name
        if is_file(target, file):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.sha256 in self._here:
            with suppress(OSError):
                shutil.copyfile(self._here[file.sha256], target)
            if is_file(target, file):
                return
        try:
            self._store.download(file.key, target)
        except FileNotFoundError as error:
            raise self._damaged(file, "is missing from") from error
        if not is_file(target, file):
            target.unlink()
            raise self._damaged(file, "is damaged in")

    def _damaged(self, file: PublishedFile, how: str) -> IndexDamaged:
        return IndexDamaged(
            f"{file.key} {how} {self._store.url}: 'footnote refresh' where the index is built sends what is missing"
        )


def is_file(path: Path, file: PublishedFile) -> bool:
    """Whether what lies at a path is this file, byte for byte."""
    try:
        return path.stat().st_size == file.size and digest_of(path) == file.sha256
    except OSError:
        return False


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files_here(data: DataFolder) -> dict[str, Path]:
    """Return the files of the generations that a data folder has, by their SHA-256."""
    found: dict[str, Path] = {}
    for folder in data.folders():
        with suppress(IndexDamaged):
            found |= {digest: folder / name for name, digest in read_manifest(folder).files.items()}
    return found
