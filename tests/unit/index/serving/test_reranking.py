from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.access import OPERATOR
from index.documents import DocumentMetadata, Passage, Span
from index.hits import Hit, RerankerSkipped, SearchResult
from index.library import Library
from index.models.cross_encoder import CrossEncoder, find_reranker
from index.serving.reranking import MOST_READ, Reranker
from tests.conftest import Shelf

RELEVANCE = st.lists(st.floats(0, 1), min_size=1, max_size=MOST_READ)


class Canned:
    """An encoder that finds passages as relevant as it was told, while a second of its own clock passes for each."""

    def __init__(self, relevance: Sequence[float]) -> None:
        self._relevance = list(relevance)
        self.pairs: list[tuple[str, str]] = []

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        start = len(self.pairs)
        self.pairs.extend(pairs)
        return np.array(self._relevance[start : len(self.pairs)], dtype=np.float32)

    def clock(self) -> float:
        return float(len(self.pairs))


def reranker(encoder: Canned, seconds: float = 1000) -> Reranker:
    return Reranker(encoder, seconds, encoder.clock)


def hits(count: int) -> tuple[Hit, ...]:
    """Return hits as they come out of a search: best first, each worth a little less than the one before."""
    return tuple(
        Hit(
            rank=rank,
            score=round(1 - rank / 100, 2),
            passage=Passage(f"p{rank}", "d", rank, Span(0, 4), f"text {rank}", ("Top", "Below"), None, (), frozenset()),
            document=DocumentMetadata("d", "Title", "d.md"),
            cosine=0.5,
            cosine_rank=rank,
            bm25=1.0,
            bm25_rank=rank,
        )
        for rank in range(1, count + 1)
    )


def search(count: int) -> SearchResult:
    return SearchResult("question", 3, hits(count))


def places(found: SearchResult) -> list[int]:
    """Return the ranks that the hits had before."""
    return [hit.passage.ordinal for hit in found.hits]


def test_the_hits_are_put_in_the_order_of_their_relevance_and_ranked_anew() -> None:
    found = reranker(Canned([0.2, 0.9, 0.01])).rerank(search(3))
    assert places(found) == [2, 1, 3]
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    assert found.notes == ()


def test_the_scores_are_the_log_odds_spread_over_0_to_1() -> None:
    found = reranker(Canned([0.1, 0.9, 0.5])).rerank(search(3))
    assert [hit.score for hit in found.hits] == pytest.approx([1, 0.5, 0], abs=1e-5)


def test_of_a_hit_only_its_rank_and_score_change() -> None:
    before = search(2)
    after = reranker(Canned([0.2, 0.9])).rerank(before)
    assert {(hit.passage, hit.cosine_rank, hit.bm25_rank) for hit in after.hits} == {
        (hit.passage, hit.cosine_rank, hit.bm25_rank) for hit in before.hits
    }


def test_hits_that_are_equally_relevant_stay_in_their_order() -> None:
    assert places(reranker(Canned([0.5, 0.7, 0.5, 0.7])).rerank(search(4))) == [2, 4, 1, 3]


def test_what_is_read_is_the_question_and_what_was_embedded() -> None:
    encoder = Canned([0.5])
    reranker(encoder).rerank(search(1))
    ((question, text),) = encoder.pairs
    assert question == "question"
    assert [word in text for word in ("Title", "Top", "Below", "text 1")] == [True] * 4


def test_only_the_best_are_read_and_the_others_follow_in_their_order_with_no_score() -> None:
    encoder = Canned([place / 100 for place in range(MOST_READ)])
    found = reranker(encoder).rerank(search(MOST_READ + 3))
    assert len(encoder.pairs) == MOST_READ
    assert places(found) == [*range(MOST_READ, 0, -1), MOST_READ + 1, MOST_READ + 2, MOST_READ + 3]
    assert [hit.score for hit in found.hits[MOST_READ:]] == [0, 0, 0]
    assert [hit.rank for hit in found.hits] == list(range(1, MOST_READ + 4))


def test_over_its_budget_it_leaves_the_order_as_it_was_and_says_so() -> None:
    found = reranker(Canned([0.1, 0.2, 0.3]), seconds=2.5).rerank(search(3))
    assert found.hits == hits(3)
    assert found.notes == (RerankerSkipped(2.5),)


def test_it_stops_reading_once_the_budget_is_spent() -> None:
    encoder = Canned([0.5] * MOST_READ)
    reranker(encoder, seconds=5).rerank(search(MOST_READ))
    assert 5 < len(encoder.pairs) < MOST_READ


def test_within_its_budget_to_the_second_it_is_heard() -> None:
    assert places(reranker(Canned([0.1, 0.2, 0.3]), seconds=3).rerank(search(3))) == [3, 2, 1]


def test_nothing_found_is_nothing_to_rerank() -> None:
    encoder = Canned([])
    assert reranker(encoder, seconds=0).rerank(search(0)) == search(0)


@given(relevance=RELEVANCE)
def test_whatever_it_finds_the_hits_are_the_same_ones_with_falling_scores_of_0_to_1(relevance: list[float]) -> None:
    found = reranker(Canned(relevance)).rerank(search(len(relevance)))
    scores = [hit.score for hit in found.hits]
    assert sorted(places(found)) == list(range(1, len(relevance) + 1))
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_a_library_searches_and_gathers_evidence_in_the_same_order(shelf: Shelf, tiny_reranker: Path) -> None:
    library = shelf.library(reranker=Reranker(CrossEncoder(find_reranker(str(tiny_reranker))), 60))
    question = "Who wears a leather jacket?"
    with library.pinned(OPERATOR) as snapshot:
        evidence = snapshot.evidence(snapshot.query(question), 3)
    assert evidence.hits == library.search(question, OPERATOR, 3).hits
    assert evidence.hits[0].document.title == "Jensen Huang"
    assert {sentence.hit for sentence in evidence.sentences} == set(evidence.hits)


def test_a_passage_that_was_not_among_those_asked_for_can_come_first(shelf: Shelf, articles: Library) -> None:
    last = articles.search("chips", OPERATOR, k=6).hits[-1].passage.id

    class Contrary(Canned):
        def relevance(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
            self.pairs.extend(pairs)
            places = range(len(self.pairs) - len(pairs), len(self.pairs))
            return np.array([place / 100 for place in places], dtype=np.float32)

    assert articles.search("chips", OPERATOR, k=1).hits[0].passage.id != last
    found = shelf.library(reranker=reranker(Contrary([]))).search("chips", OPERATOR, k=1)
    assert [hit.passage.id for hit in found.hits] == [last]


def test_what_runs_out_of_time_is_what_there_is_without_a_reranker_and_a_note(shelf: Shelf, articles: Library) -> None:
    library = shelf.library(reranker=reranker(Canned([0.5] * 2 * MOST_READ), seconds=0.5))
    found = library.search("chips", OPERATOR, k=2)
    with library.pinned(OPERATOR) as snapshot:
        evidence = snapshot.evidence(snapshot.query("chips"), 2)
    assert found.hits == evidence.hits == articles.search("chips", OPERATOR, k=2).hits
    assert found.notes == evidence.notes == (RerankerSkipped(0.5),)


def test_without_a_reranker_there_are_no_notes(articles: Library) -> None:
    assert articles.search("chips", OPERATOR).notes == ()


def test_a_reranker_is_loaded_once_and_when_it_is_first_needed(shelf: Shelf) -> None:
    loaded = []

    def load() -> Reranker:
        loaded.append(reranker(Canned([0.5] * 2 * MOST_READ)))
        return loaded[-1]

    library = Library(shelf.corpus, shelf.data, shelf.embedder.model.name, lambda _: shelf.embedder, load)
    library.sources(OPERATOR)
    assert loaded == []
    assert library.search("chips", OPERATOR).hits == library.search("chips", OPERATOR).hits
    assert len(loaded) == 1
    library.close()
