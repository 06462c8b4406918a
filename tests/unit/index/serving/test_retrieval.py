from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.access import OPERATOR
from index.documents import EVERYTHING, Filter
from index.hits import Query, SearchResult
from index.library import Library
from index.serving import retrieval
from index.serving.retrieval import fuse, words_of
from index.serving.snapshot import Snapshot
from tests.conftest import ARTICLES, Shelf

SCORES = st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1e6)), max_size=30)


@given(SCORES)
def test_fused_scores_lie_between_none_and_all(scores: list[tuple[float, float]]) -> None:
    fused = fuse([cosine for cosine, _ in scores], [bm25 for _, bm25 in scores])
    assert len(fused) == len(scores)
    assert all(0 <= score <= 1 for score in fused)


@given(SCORES, st.randoms())
def test_the_order_of_the_candidates_changes_no_score(scores: list[tuple[float, float]], random: object) -> None:
    order = list(range(len(scores)))
    random.shuffle(order)  # type: ignore[attr-defined]
    fused = fuse([cosine for cosine, _ in scores], [bm25 for _, bm25 in scores])
    shuffled = fuse([scores[place][0] for place in order], [scores[place][1] for place in order])
    assert shuffled == [fused[place] for place in order]


@given(SCORES)
def test_who_is_better_on_both_sides_is_not_worse_together(scores: list[tuple[float, float]]) -> None:
    fused = fuse([cosine for cosine, _ in scores], [bm25 for _, bm25 in scores])
    for (one, score), (other, other_score) in pairwise(zip(scores, fused, strict=True)):
        if one[0] >= other[0] and one[1] >= other[1]:
            assert score >= other_score


def test_a_side_on_which_all_are_equal_decides_nothing() -> None:
    assert fuse([0.5, 0.5, 0.5], [1, 2, 3]) == [0, 0.25, 0.5]
    assert fuse([0.1, 0.3], [0, 0]) == [0, 0.5]
    assert fuse([], []) == []


def test_where_words_cannot_be_compared_the_cosine_decides_alone() -> None:
    assert fuse([0.9, 0.5, 0.1], [None, None, None]) == [1, 0.5, 0]
    assert fuse([0.9, 0.5, 0.1], [None, 7, 0]) == [1, 0.75, 0]


def test_a_question_in_another_language_than_the_documents_is_searched_by_meaning_alone(articles: Library) -> None:
    with articles.pinned(OPERATOR) as snapshot:
        # The words are those of one document, the meaning is that of another.
        cats = snapshot.query("How long are kittens awake?").vector
        asked = Query("Nvidia H20 licence", cats)
        fused, crossing = (_search(snapshot, each) for each in (asked, _in(asked, "de")))
    assert fused.hits[0].document.source != "cats.txt"
    assert crossing.hits[0].document.source == "cats.txt"
    assert crossing.hits[0].bm25 == 0


def test_a_question_in_the_language_of_the_documents_is_searched_by_both(articles: Library) -> None:
    with articles.pinned(OPERATOR) as snapshot:
        query = snapshot.query("What licence does the H20 need?")
        plain, english = (_search(snapshot, each) for each in (query, _in(query, "en")))
    assert plain == english


def test_a_longer_list_begins_as_a_shorter_one_does(shelf: Shelf) -> None:
    for number in range(130):
        shelf.put(f"{number}.txt", f"Note {number} says that chip {number * 7 % 130} sold {number % 9} times.")
    shelf.refresh()
    library = shelf.library()
    whole = library.search("How often was chip 12 sold?", OPERATOR, 200).hits
    assert 100 <= len(whole) <= 200
    assert all(
        library.search("How often was chip 12 sold?", OPERATOR, k).hits == whole[:k] for k in (1, 99, 100, 101, 150)
    )


def _in(query: Query, language: str) -> Query:
    return replace(query, language=language)


def test_the_best_on_both_sides_has_the_full_score() -> None:
    assert fuse([0.9, 0.1], [7, 0]) == [1, 0]


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Who leads Nvidia?", "people/huang.md"),
        ("What licence does the H20 need?", "chips/h20.md"),
        ("How long are kittens awake?", "cats.txt"),
        ("英伟达在中国的销售额", "zh/sales.md"),
    ],
)
def test_the_passage_that_answers_comes_first(articles: Library, question: str, source: str) -> None:
    assert articles.search(question, OPERATOR).hits[0].document.source == source


def test_chinese_is_found_by_its_words_alone(articles: Library) -> None:
    with articles.pinned(OPERATOR) as snapshot:
        assert snapshot.query("北京").vector is None
    (hit,) = articles.search("北京", OPERATOR).hits
    assert "北京" in hit.passage.text
    assert (hit.cosine, hit.cosine_rank) == (None, None)
    assert hit.bm25 > 0


def test_a_hit_says_why_it_was_found(articles: Library) -> None:
    hits = articles.search("Who leads Nvidia?", OPERATOR).hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(one.score >= other.score for one, other in pairwise(hits))
    assert (
        sorted(hit.bm25_rank for hit in hits)
        == sorted(hit.cosine_rank or 0 for hit in hits)
        == [hit.rank for hit in hits]
    )
    assert all(-1 <= (hit.cosine or 0) <= 1 and hit.bm25 >= 0 for hit in hits)


def test_the_text_of_a_hit_is_its_span_of_the_document(articles: Library) -> None:
    hits = articles.search("China", OPERATOR).hits
    assert len(hits) == 6
    for hit in hits:
        assert hit.passage.span.of(articles.document(hit.document.id, OPERATOR).text) == hit.passage.text


def test_the_same_question_has_the_same_answer(articles: Library) -> None:
    assert articles.search("chips in China", OPERATOR) == articles.search("chips in China", OPERATOR)


def test_no_more_hits_come_than_are_asked_for_and_they_are_the_best(articles: Library) -> None:
    hits = articles.search("China", OPERATOR, k=10).hits
    assert articles.search("China", OPERATOR, k=2).hits == hits[:2]


@pytest.mark.parametrize("question", ["Who sells chips in China?", "中国"])
@pytest.mark.parametrize(
    ("where", "allowed"),
    [
        (Filter(source="chips"), {"chips/h20.md", "chips/blackwell.md"}),
        (Filter(source="chips/h20.md"), {"chips/h20.md"}),
        (Filter(source="zh"), {"zh/sales.md"}),
        (Filter(source="nowhere"), set()),
        (Filter(since=date(2025, 7, 1)), {"chips/blackwell.md", "zh/sales.md"}),
        (Filter(until=date(2025, 7, 20)), {"chips/h20.md", "zh/sales.md"}),
        (Filter(source="chips", since=date(2025, 7, 1)), {"chips/blackwell.md"}),
        (Filter(since=date(2025, 8, 2), until=date(2025, 8, 1)), set()),
    ],
)
def test_a_filter_holds_for_both_sides(articles: Library, question: str, where: Filter, allowed: set[str]) -> None:
    found = {hit.document.source for hit in articles.search(question, OPERATOR, where=where).hits}
    if question == "中国":
        allowed &= {"zh/sales.md"}
    assert found == allowed


@pytest.mark.parametrize("question", ["", "?!", "the of and", "\0", "x" * 10_000, "\u202e\U0010ffff", '"a" AND (b'])
def test_a_question_without_sense_fails_nothing(articles: Library, question: str) -> None:
    assert len(articles.search(question, OPERATOR, k=3).hits) <= 3


@given(question=st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_any_question_has_an_orderly_answer(articles: Library, question: str) -> None:
    hits = articles.search(question, OPERATOR, k=4).hits
    assert len({hit.passage.id for hit in hits}) == len(hits) <= 4
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert all((one.score, other.passage.id) >= (other.score, one.passage.id) for one, other in pairwise(hits))


def test_the_words_of_a_question_are_formed_in_every_language_of_the_index() -> None:
    assert {"zustimmung", "zustimm"} <= set(words_of("Zustimmung", ["zh", "de", "xx"]).terms)
    assert words_of("chips", []).terms == []


def test_equal_passages_come_in_the_order_of_their_ids(articles: Library) -> None:
    with articles.pinned(OPERATOR) as snapshot:
        anywhere = Query("zzz", np.zeros(384, dtype=np.float32))
        ids = [hit.passage.id for hit in snapshot.evidence(anywhere, 10).hits]
    assert ids == sorted(ids)
    assert len(ids) == len(ARTICLES) + 1


def _search(snapshot: Snapshot, query: Query) -> SearchResult:
    return retrieval.search(snapshot._generation, snapshot._sight, query, 3, EVERYTHING)
