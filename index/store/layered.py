"""The dense side of one generation, in two layers: the vector index of its base, and what has changed since.

The vector index is made once and never again written to, since that costs seconds, and replacing rows costs recall.
What has gone since is passed over, and what has come is compared with one by one, exactly, since it is little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import numpy as np

from index.access import Hidden, to_text
from index.documents import EVERYTHING, DocumentMetadata, Filter
from index.embeddings import Vector
from index.store.catalogue import Catalogue


class NearestNeighbours(Protocol):
    """The vector index of a base, wherever that lies."""

    def nearest(self, vector: Vector, count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return up to `count` passage ids with their cosine, nearest first; see `DenseIndex.nearest`."""

    def vectors(self, ids: Sequence[str]) -> Mapping[str, Vector]:
        """Return the vectors of these passages."""

    def warm_up(self, dimension: int) -> None:
        """Search once."""


@dataclass(frozen=True)
class Changed:
    """What has changed since the base: the passages that have gone, and those that have come, in order.

    `vectors` are the unit vectors of those that have come, `(len(come), dimension)`, and `documents` what they are of.
    """

    gone: frozenset[str]
    come: tuple[str, ...]
    vectors: Vector
    documents: tuple[DocumentMetadata, ...]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """Return what a catalogue says of it."""
        rows = list(catalogue.come())
        vectors = [np.frombuffer(vector, dtype=np.float32) for _, vector, _ in rows]
        return cls(
            gone=catalogue.gone(),
            come=tuple(id_ for id_, _, _ in rows),
            vectors=np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32),
            documents=tuple(metadata for _, _, metadata in rows),
        )

    @cached_property
    def _accesses(self) -> list[str]:
        """The access of each of them, as text."""
        return [to_text(document.access) for document in self.documents]

    def nearest(self, vector: Vector, count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return those that have come with their cosine, up to `count`, nearest first; see `DenseIndex.nearest`."""
        if not self.come:
            return {}
        cosines = self.vectors @ vector
        if where != EVERYTHING:
            cosines[[not where.allows(document) for document in self.documents]] = -np.inf
        if hidden:
            cosines[[access in hidden for access in self._accesses]] = -np.inf
        best = np.argsort(-cosines, kind="stable")[:count]
        return {self.come[place]: float(cosines[place]) for place in best if cosines[place] > -np.inf}


class LayeredIndex:
    """The vector index of a base, which may be shared, and what has changed since. Any thread may ask."""

    def __init__(self, base: NearestNeighbours, changed: Changed) -> None:
        self._base = base
        self._changed = changed

    def nearest(self, vector: Vector, count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return up to `count` passage ids with their cosine, nearest first, from the documents that `where` allows.

        Passages with a `hidden` access are not among them.
        """
        found = self._left(vector, count, where, hidden) | self._changed.nearest(vector, count, where, hidden)
        return dict(sorted(found.items(), key=lambda one: -one[1])[:count])

    def vectors(self, ids: Sequence[str]) -> Mapping[str, Vector]:
        """Return the vectors of these passages."""
        come = {id_: self._changed.vectors[place] for place, id_ in enumerate(self._changed.come)}
        left = self._base.vectors([id_ for id_ in ids if id_ not in come])
        return {id_: come[id_] for id_ in ids if id_ in come} | dict(left)

    def warm_up(self, dimension: int) -> None:
        """Search once, so that the first question need not wait for the index to be loaded."""
        self._base.warm_up(dimension)

    def _left(self, vector: Vector, count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return the nearest of those of the base that have not gone: asked for again while too many of them have."""
        asked = count
        while True:
            found = self._base.nearest(vector, asked, where, hidden)
            left = {id_: cosine for id_, cosine in found.items() if id_ not in self._changed.gone}
            if len(left) >= count or len(found) < asked:
                return left
            asked = min(2 * asked, asked + len(self._changed.gone))
