"""Retrieval: a query becomes ranked passages, each with the reason why it was found.

Two sides propose candidates: the dense one by the nearness of vectors, the lexical one by words. Every candidate is
then scored truly on both sides, each side's scores are min-max normalised over the candidates, and the two are added
(convex combination of normalised scores: Bruch, Gai and Ingber 2023, arXiv:2210.11934). Across languages words say
nothing but by chance, a name or a number, so that there the vectors decide alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.background import NO_BACKGROUND
from index.documents import Filter
from index.errors import VectorsUnavailable
from index.hits import Hit, OlderGeneration, Query, SearchedByWords, SearchNote, SearchResult
from index.language import words
from index.serving.scores import min_max
from index.store.generation import Generation
from index.store.lexical import Words
from index.store.sight import Sight
from index.store.vectors import unpack

if TYPE_CHECKING:
    from index.serving.reranking import Reranker

_CANDIDATES = 100


def search(
    generation: Generation, sight: Sight, query: Query, k: int, where: Filter, reranker: Reranker | None = None
) -> SearchResult:
    """Return the `k` best passages of a generation that are seen, for a query. Equal scores are ordered by passage id.

    The candidates are the same whatever `k` is, 100 of each side, and a reranker reads as many of the best as it can,
    so that a longer list begins as a shorter one does. Hence there are at most 200.
    """
    if reranker is None:
        return _fused(generation, sight, query, k, where)
    reranked = reranker.rerank(_fused(generation, sight, query, max(k, reranker.reads), where))
    return replace(reranked, hits=reranked.hits[:k])


def words_of(text: str, languages: Sequence[str]) -> Words:
    """Return the distinct words of a text as each of these languages would form them, sorted."""
    return Words(
        terms=sorted({term for language in languages for term in words.terms(text, language)}),
        pairs=sorted({pair for language in languages for pair in words.pairs(text, language)}),
    )


def fuse(cosines: Sequence[float], bm25: Sequence[float | None]) -> list[float]:
    """Return one score, 0 to 1, for each candidate, given its true scores on both sides, in the same order.

    A candidate whose words cannot be compared with the query's has None for BM25, and the score of its cosine.
    """
    if not cosines:
        return []
    near = min_max(cosines)
    by_words = iter(min_max([score for score in bm25 if score is not None] or [0.0]))
    fused = [one if score is None else (one + next(by_words)) / 2 for one, score in zip(near, bm25, strict=True)]
    return [round(float(score), 9) for score in fused]


def _fused(generation: Generation, sight: Sight, query: Query, k: int, where: Filter) -> SearchResult:
    notes: list[SearchNote] = [] if generation.instead_of is None else [OlderGeneration(generation.instead_of)]
    try:
        cosines, bm25 = _scores(generation, sight, query, where)
    except VectorsUnavailable:
        cosines, bm25 = _scores(generation, sight, Query(query.text, None), where)
        notes.append(SearchedByWords())
    ids = sorted(cosines.keys() | bm25.keys())
    foreign = _foreign(generation, sight, query, ids) if cosines else frozenset()
    by_words = [None if id_ in foreign else bm25.get(id_, 0.0) for id_ in ids]
    fused = fuse([cosines.get(id_, 0.0) for id_ in ids], by_words)
    best = sorted(zip(ids, fused, strict=True), key=lambda scored: (-scored[1], scored[0]))[:k]
    shelved = generation.catalogue.passages([id_ for id_, _ in best])
    cosine_ranks, bm25_ranks = _ranks(ids, cosines), _ranks(ids, bm25)
    hits = tuple(
        Hit(
            rank=rank,
            score=round(score, 6),
            passage=shelved[id_][0],
            document=shelved[id_][1],
            cosine=cosines.get(id_),
            cosine_rank=cosine_ranks[id_] if cosines else None,
            bm25=bm25.get(id_, 0.0),
            bm25_rank=bm25_ranks[id_],
        )
        for rank, (id_, score) in enumerate(best, start=1)
    )
    # Both sides have left out what is hidden; whatever else goes wrong, the catalogue has the last word.
    hits = tuple(hit for hit in hits if sight.sees(hit.document))
    return SearchResult(query.text, generation.manifest.number, hits, tuple(notes))


def _scores(
    generation: Generation, sight: Sight, query: Query, where: Filter
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return the cosine of every candidate, none without a dense side, and the BM25 of those that have a word."""
    query_words = words_of(query.text, sight.manifest.languages)
    bm25 = generation.lexical.best(query_words, _CANDIDATES, where, sight.hidden)
    if query.vector is None:
        return {}, bm25
    near = generation.dense.nearest(query.vector, _CANDIDATES, where, sight.hidden)
    bm25 |= generation.lexical.scores(query_words, [id_ for id_ in near if id_ not in bm25])
    return _cosines(generation, query.vector, near.keys() | bm25.keys()), bm25


def _foreign(generation: Generation, sight: Sight, query: Query, ids: Sequence[str]) -> frozenset[str]:
    """Return those of these passages that are known to be in another language than the query."""
    own = {query.language, words.UNKNOWN}
    if query.language is None or own.issuperset(sight.manifest.languages):
        return frozenset()
    languages = generation.catalogue.languages(ids)
    return frozenset(id_ for id_, language in languages.items() if (language or words.UNKNOWN) not in own)


def _cosines(generation: Generation, vector: NDArray[np.float32], ids: set[str]) -> dict[str, float]:
    background = generation.manifest.background or NO_BACKGROUND
    cosines = {}
    for id_, packed in generation.catalogue.vectors(sorted(ids)).items():
        passage, *sentences = unpack(packed, len(vector)) @ vector
        cosines[id_] = background.of_question(float(passage + max(sentences, default=passage)) / 2)
    return cosines


def _ranks(ids: Sequence[str], scores: Mapping[str, float]) -> dict[str, int]:
    ordered = sorted(ids, key=lambda id_: (-scores.get(id_, 0.0), id_))
    return {id_: rank for rank, id_ in enumerate(ordered, start=1)}
