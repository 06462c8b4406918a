"""An upload: a generation on its way into the object store, where only what is lacking is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from secrets import token_hex

from index.errors import IndexDamaged
from index.publishing.download import digest_of
from index.publishing.object_store import ObjectStore
from index.publishing.publication import MANIFEST, Publication, PublishedFile
from index.publishing.transfer import each
from index.report import Progress
from index.store.manifest import read_manifest


class Upload:
    """The generation in `folder`, and a store that has keys of these sizes. Raises IndexDamaged where it is not whole.

    `progress` is told how many files were sent.
    """

    def __init__(
        self, store: ObjectStore, folder: Path, sizes: Mapping[str, int], progress: Callable[[Progress], None]
    ) -> None:
        self._store = store
        self._folder = folder
        self._sizes = sizes
        self._progress = progress
        manifest = read_manifest(folder)
        try:
            self._digests = {**manifest.files, MANIFEST: digest_of(folder / MANIFEST)}
            self._bytes = {name: (folder / name).stat().st_size for name in self._digests}
        except FileNotFoundError as error:
            raise IndexDamaged(f"generation {manifest.number} is not whole: run 'footnote refresh'") from error

    @property
    def manifest(self) -> str:
        """The SHA-256 of the generation's manifest."""
        return self._digests[MANIFEST]

    def send(self, number: int, generation: int, before: Iterable[Publication]) -> Publication:
        """Send what the store does not have of a publication `before`, and return the one that is to be written."""
        there = {file.sha256: file for one in before for file in one.files.values() if self._has(file)}
        folder = f"generations/{number:08d}-{token_hex(4)}"
        own = {
            name: PublishedFile(digest, self._bytes[name], f"{folder}/{name}") for name, digest in self._digests.items()
        }
        files = {name: there.get(file.sha256, file) for name, file in own.items()}
        self._send({name: file for name, file in files.items() if file is own[name]})
        return Publication(number, generation, files)

    def complete(self, publication: Publication) -> None:
        """Send what the store lacks of this very generation, which is published."""
        self._send({name: file for name, file in publication.files.items() if not self._has(file)})

    def _has(self, file: PublishedFile) -> bool:
        return self._sizes.get(file.key) == file.size

    def _send(self, files: Mapping[str, PublishedFile]) -> None:
        each(
            files,
            lambda name: self._store.upload(self._folder / name, files[name].key),
            lambda done: self._progress(Progress("publishing", done, len(files))),
        )
