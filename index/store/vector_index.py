"""The vector index of a base, as the generations of that base share it: out of a copy of its folder, or on a server."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

from index.errors import VectorsUnavailable
from index.store.attempts import Attempts
from index.store.data_folder import DataFolder
from index.store.manifest import Manifest, verify
from index.store.room import unavailable_on_a_full_disk
from index.store.vector_store import DENSE, collection_of

if TYPE_CHECKING:
    from index.store.chroma_server import ChromaServer
    from index.store.dense import DenseIndex
    from index.store.hosted import HostedIndex

# Seconds after which a copy that could not be made is attempted again.
_BETWEEN_ATTEMPTS = 60.0


class VectorIndex:
    """The vector index of a base, opened when it is first asked for, by all generations of that base.

    Each of them says once that it has `done` with it, and the last one closes it and deletes the copy. `server` is the
    Chroma server, where there is one: an index that lies there is not copied.
    """

    def __init__(self, data: DataFolder, server: ChromaServer | None) -> None:
        self._data = data
        self._server = server
        self._users = 1
        self._lock = Lock()
        self._open = ExitStack()
        self._index: DenseIndex | HostedIndex | None = None
        self._hosted: HostedIndex | None = None
        self._attempts = Attempts(_BETWEEN_ATTEMPTS)

    @property
    def problem(self) -> str | None:
        """Why it could not be opened or asked the last time, None where it could."""
        return self._hosted.problem if self._hosted else self._attempts.problem

    def shared(self) -> Self:
        """Count one more generation that uses it."""
        with self._lock:
            self._users += 1
        return self

    def opened(self, folder: Path, manifest: Manifest) -> DenseIndex | HostedIndex:
        """Return the index, out of a generation's folder where nobody has opened it yet.

        Raises VectorsUnavailable, and tries again when a minute has passed, and IndexDamaged.
        """
        with self._lock:
            if self._index is None:
                self._attempts.begin()
                try:
                    collection = collection_of(folder / DENSE)
                    self._index = self._copied(folder, manifest) if collection is None else self._at(collection)
                except VectorsUnavailable as error:
                    self._attempts.failed(error)
                    raise
                self._attempts.succeeded()
                self._open.callback(self._index.close)
            return self._index

    def look(self) -> None:
        """See whether a server that holds it is there, so that no question need find out."""
        if self._hosted:
            self._hosted.look()

    def done(self) -> None:
        """Close it where nobody else uses it."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._open.close()

    def _copied(self, folder: Path, manifest: Manifest) -> DenseIndex:
        # Imported here because `sources` is to start in a blink, without numpy.
        from index.store.dense import DenseIndex

        with ExitStack() as attempt:
            copy = attempt.enter_context(self._data.serving_copy(folder / DENSE))
            verify(copy.parent, manifest, DENSE)
            with unavailable_on_a_full_disk(copy):
                index = DenseIndex.open(copy)
            self._open.push(attempt.pop_all())
        return index

    def _at(self, collection: str) -> HostedIndex:
        if self._server is None:
            raise VectorsUnavailable(
                "the vectors of this index are on a Chroma server: set CHROMA_URL, or run 'footnote refresh' to have "
                "them here"
            )
        from index.store.hosted import HostedIndex

        self._hosted = HostedIndex(self._server, collection)
        return self._hosted
