"""The dense side of one generation: passage ids by the nearness of their vectors, in a Chroma collection of its own."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.access import NOTHING_HIDDEN, PUBLIC, Hidden, to_text
from index.documents import EVERYTHING, DocumentMetadata, Filter
from index.errors import IndexDamaged

# `ef_search` bounds what a query can find: at least twice the candidates that are ever asked for. With Chroma's own 16
# neighbours, up to one in a hundred of texts that are much alike could not be found by its own vector; with 32, none.
SPACE = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200, "sync_threshold": 1000}
_COLLECTION = "passages"
_BATCH = 1000
_PAGE = 5000
# Two vectors no farther apart than this are the same text: either may be found in place of the other.
_SAME = 1e-4


class DenseIndex:
    """A collection of Chroma's, and the client that it is asked through, which is closed with it.

    Use `create` for a new one in a folder, `open` for one that Footnote made there itself. `batch` is the most
    passages that may be put in at one time.
    """

    def __init__(self, client: Any, collection: Any, batch: int = _BATCH) -> None:
        self._client = client
        self._collection = collection
        self._batch = min(batch, _BATCH)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty index in `folder`. Raises IndexDamaged if Chroma does not keep the settings it was given."""
        client = _client(folder)
        client.create_collection(_COLLECTION, embedding_function=None, configuration={"hnsw": SPACE})
        return cls._opened(client)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index in `folder`, which opening changes. Raises IndexDamaged if it is not one of ours."""
        try:
            client = _client(folder)
        except Exception as error:
            raise IndexDamaged(f"the vector index cannot be opened ({error}): run 'footnote refresh'") from error
        return cls._opened(client)

    @classmethod
    def _opened(cls, client: Any) -> Self:
        try:
            # Without an explicit None, Chroma would build whatever embedding function the stored settings name.
            collection = client.get_collection(_COLLECTION, embedding_function=None)
            kept = collection.configuration_json["hnsw"]
        except Exception as error:
            client.close()
            raise IndexDamaged(f"the vector index cannot be opened ({error}): run 'footnote refresh'") from error
        if any(kept.get(name) != value for name, value in SPACE.items()):
            client.close()
            raise IndexDamaged("the vector index has other settings than Footnote gives it: run 'footnote refresh'")
        return cls(client, collection)

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32], documents: Sequence[DocumentMetadata]) -> None:
        """Add passages: their ids, their unit vectors `(len(ids), dimension)` and the metadata of their documents."""
        for at in range(0, len(ids), self._batch):
            part = slice(at, at + self._batch)
            self._collection.add(
                ids=list(ids[part]),
                embeddings=vectors[part],
                metadatas=[_metadata(metadata) for metadata in documents[part]],
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these passages."""
        for at in range(0, len(ids), _BATCH):
            self._collection.delete(ids=list(ids[at : at + _BATCH]))

    def nearest(self, vector: NDArray[np.float32], count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return up to `count` passage ids with their cosine, nearest first, from the documents that `where` allows.

        Passages with a `hidden` access are not among them.
        """
        # To have Chroma filter costs it a look at every hidden passage; mostly few of them are near enough to matter.
        for asked in (count, 2 * count) if hidden else ():
            found = self._query(vector, asked, _where(where, NOTHING_HIDDEN), "metadatas")
            accesses = [metadata.get("access") for metadata in found["metadatas"][0]]
            cosines = zip(_cosines(found).items(), accesses, strict=True)
            seen = [one for one, access in cosines if access not in hidden]
            if len(seen) >= count or len(accesses) < asked:
                return dict(seen[:count])
        return _cosines(self._query(vector, count, _where(where, hidden)))

    def _query(
        self, vector: NDArray[np.float32], count: int, where: dict[str, Any] | None, *included: str
    ) -> dict[str, Any]:
        found: dict[str, Any] = self._collection.query(
            query_embeddings=[vector], n_results=count, where=where, include=["distances", *included]
        )
        return found

    def vectors(self, ids: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors of these passages."""
        found: dict[str, NDArray[np.float32]] = {}
        for at in range(0, len(ids), _BATCH):
            got = self._collection.get(ids=list(ids[at : at + _BATCH]), include=["embeddings"])
            found.update(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return found

    def ids(self) -> Iterable[str]:
        """Yield the id of every passage in the index."""
        at = 0
        while page := self._collection.get(limit=_PAGE, offset=at, include=[])["ids"]:
            yield from page
            at += len(page)

    def count(self) -> int:
        """Return how many passages there are."""
        return int(self._collection.count())

    def check(self, sample: int) -> None:
        """Look for a `sample` of the passages by their own vectors, and raise IndexDamaged where one is not found."""
        count = self.count()
        at = random.randrange(max(1, count - sample + 1))
        got = self._collection.get(limit=sample, offset=at, include=["embeddings"])
        if not count:
            return
        found = self._collection.query(query_embeddings=got["embeddings"], n_results=1, include=["distances"])
        nearest = zip(got["ids"], found["ids"], found["distances"], strict=True)
        if not all(ids and (ids[0] == id_ or distances[0] <= _SAME) for id_, ids, distances in nearest):
            raise IndexDamaged("the vector index does not find its own passages: run 'footnote refresh'")

    def warm_up(self, dimension: int) -> None:
        """Search once, so that the first question need not wait for the index to be loaded."""
        self.nearest(np.ones(dimension, dtype=np.float32), 1, EVERYTHING, NOTHING_HIDDEN)

    def close(self) -> None:
        """Close the folder and give its memory back."""
        self._client.close()


def _client(folder: Path) -> Any:
    # Imported here because Chroma takes a second, and `sources` and `--help` do without it.
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _cosines(found: dict[str, Any]) -> dict[str, float]:
    return {id_: 1.0 - distance for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)}


def _metadata(metadata: DocumentMetadata) -> dict[str, Any]:
    day = {} if metadata.published is None else {"published": metadata.published.toordinal()}
    access = {} if metadata.access == PUBLIC else {"access": to_text(metadata.access)}
    return {"within": list(metadata.paths), **day, **access}


def _where(where: Filter, hidden: Hidden) -> dict[str, Any] | None:
    wanted: list[dict[str, Any]] = []
    if where.source is not None:
        wanted.append({"within": {"$contains": where.source}})
    if where.since is not None:
        wanted.append({"published": {"$gte": where.since.toordinal()}})
    if where.until is not None:
        wanted.append({"published": {"$lte": where.until.toordinal()}})
    if hidden:
        # What has no access at all is public.
        wanted.append({"access": {"$nin": sorted(hidden)}})
    if len(wanted) < 2:
        return wanted[0] if wanted else None
    return {"$and": wanted}
