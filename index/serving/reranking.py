"""Reranking: a cross-encoder, which reads question and passage together, puts the best passages in order once more.

It is slow (Nogueira and Cho 2019, arXiv:1901.04085, read a passage in the time in which a whole index is searched), so
that it reads only the passages that were found best, and is given only so much time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedded_text import embedded_text
from index.hits import Hit, RerankerSkipped, SearchResult
from index.serving.scores import min_max

MOST_READ = 20
# Small, so that the clock is looked at often; larger ones read a passage no faster on one core.
_BATCH = 4
_LEAST = 1e-7


class JudgesRelevance(Protocol):
    """What reads pairs of a question and a passage: `index.models.cross_encoder.CrossEncoder`."""

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return how far the second text of each pair answers the first, `(n,)`, 0 to 1."""


class Reranker:
    """Puts the passages of a search in the order in which `encoder` finds them relevant, within `seconds`.

    `reads` is the number of passages that it reads at most.
    """

    reads = MOST_READ

    def __init__(self, encoder: JudgesRelevance, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._encoder = encoder
        self._seconds = seconds
        self._clock = clock

    def rerank(self, search: SearchResult) -> SearchResult:
        """Return the search with its first `MOST_READ` hits reordered, or, with a note, as it was if time ran out."""
        if not search.hits:
            return search
        read, rest = search.hits[:MOST_READ], search.hits[MOST_READ:]
        relevance = self._relevance(search.query, read)
        if relevance is None:
            return replace(search, notes=(*search.notes, RerankerSkipped(self._seconds)))
        scores = [*_scores(relevance), *(0.0 for _ in rest)]
        ordered = sorted(zip(search.hits, scores, strict=True), key=lambda scored: (-scored[1], scored[0].rank))
        hits = (replace(hit, rank=rank, score=score) for rank, (hit, score) in enumerate(ordered, start=1))
        return replace(search, hits=tuple(hits))

    def _relevance(self, query: str, hits: Sequence[Hit]) -> list[float] | None:
        """Return the relevance of each hit, 0 to 1, or None once it takes too long."""
        started = self._clock()
        relevance: list[float] = []
        pairs = [(query, embedded_text(hit.document.title, hit.passage)) for hit in hits]
        for start in range(0, len(pairs), _BATCH):
            relevance.extend(map(float, self._encoder.relevance(pairs[start : start + _BATCH])))
            if self._clock() - started > self._seconds:
                return None
        return relevance


def _scores(relevance: Sequence[float]) -> list[float]:
    """Return the log-odds of these probabilities, min-max normalised: 1 for the most relevant, 0 for the least.

    The probabilities themselves lie so close to 0 and 1 that all passages but one or two would seem worth nothing.
    """
    probabilities = np.clip(np.asarray(relevance, dtype=np.float64), _LEAST, 1 - _LEAST)
    return [round(float(score), 6) for score in min_max(np.log(probabilities / (1 - probabilities)))]
