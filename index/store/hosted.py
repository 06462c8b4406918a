"""The vector index of a base that lies on a Chroma server, as those who search it see it: it comes and goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

from index.access import Hidden
from index.documents import Filter
from index.errors import IndexDamaged, VectorsUnavailable
from index.store.attempts import Attempts
from index.store.chroma_server import ChromaServer
from index.store.dense import DenseIndex

if TYPE_CHECKING:
    from index.embeddings import Vector

# Seconds that a question waits for the server, and for which none does once it was waited for in vain.
_PATIENCE, _BETWEEN_ATTEMPTS = 2.0, 5.0
_SAMPLE = 10


class HostedIndex:
    """A collection on a server, opened when it is first asked, and anew once the server was lost. Any thread may ask.

    Whatever is asked raises VectorsUnavailable where the server does not answer in two seconds, or the collection is
    not there, incomplete, or does not find its own passages; and from then on at once, until five seconds have passed.
    """

    def __init__(self, server: ChromaServer, collection: str) -> None:
        self._server = server
        self._collection = collection
        self._opening = Lock()
        self._open: DenseIndex | None = None
        self._attempts = Attempts(_BETWEEN_ATTEMPTS)

    @property
    def problem(self) -> str | None:
        """Why it could not be asked the last time, None where it could."""
        return self._attempts.problem

    def nearest(self, vector: Vector, count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return what `DenseIndex.nearest` does."""
        with self._asked() as index:
            return index.nearest(vector, count, where, hidden)

    def vectors(self, ids: Sequence[str]) -> Mapping[str, Vector]:
        """Return what `DenseIndex.vectors` does."""
        with self._asked() as index:
            return index.vectors(ids)

    def warm_up(self, dimension: int) -> None:
        """Search once."""
        with self._asked() as index:
            index.warm_up(dimension)

    def look(self) -> None:
        """See whether the server is there: what is found out is the `problem`."""
        with suppress(VectorsUnavailable), self._asked() as index:
            index.count()

    def close(self) -> None:
        """Close the connection."""
        with self._opening:
            if self._open:
                self._open.close()
                self._open = None

    @contextmanager
    def _asked(self) -> Iterator[DenseIndex]:
        index = self._opened()
        try:
            yield index
        except VectorsUnavailable as error:
            self._attempts.failed(error)
            with self._opening:
                # A server that was started again may have lost something: it is looked at once more.
                if self._open is index:
                    self._open = None
            raise

    def _opened(self) -> DenseIndex:
        with self._opening:
            if self._open is None:
                self._attempts.begin()
                try:
                    index = self._server.connect(_PATIENCE).open(self._collection)
                    index.check(_SAMPLE)
                except (VectorsUnavailable, IndexDamaged) as error:
                    self._attempts.failed(error)
                    raise VectorsUnavailable(str(error)) from error
                self._open = index
                self._attempts.succeeded()
            return self._open
