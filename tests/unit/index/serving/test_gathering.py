import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.access import OPERATOR
from index.documents import EVERYTHING, Filter
from index.evidence import Evidence
from index.hits import Query
from index.library import Library
from tests.conftest import Shelf


def evidence(library: Library, question: str, where: Filter = EVERYTHING) -> Evidence:
    with library.pinned(OPERATOR) as snapshot:
        return snapshot.evidence(snapshot.query(question), 6, where)


def test_evidence_is_what_a_search_finds_and_its_sentences(articles: Library) -> None:
    found = evidence(articles, "Who leads Nvidia?")
    assert found.hits == articles.search("Who leads Nvidia?", OPERATOR, 6).hits
    assert len(found.sentences) == sum(len(hit.passage.sentences) for hit in found.hits)
    assert "Jensen Huang leads Nvidia." in [sentence.text for sentence in found.sentences]


def test_a_sentence_is_its_span_of_the_document(articles: Library) -> None:
    for sentence in evidence(articles, "China").sentences:
        document = articles.document(sentence.hit.document.id, OPERATOR)
        assert sentence.span.of(document.text) == sentence.text
        assert sentence.hit.passage.sentences[sentence.ordinal] == sentence.span


def test_the_sentence_that_answers_is_the_nearest(articles: Library) -> None:
    found = evidence(articles, "What does Jensen Huang wear on stage?")
    best = max(found.sentences, key=lambda sentence: sentence.cosine or -1)
    assert best.text == "He wears a leather jacket on every stage."


def test_a_question_that_the_model_does_not_read_has_no_cosines(articles: Library) -> None:
    found = evidence(articles, "黄仁勋访问北京")
    assert found.sentences
    assert all(sentence.cosine is None for sentence in found.sentences)
    assert any({"北京"} <= sentence.terms for sentence in found.sentences)


def test_a_filter_holds_for_evidence(articles: Library) -> None:
    found = evidence(articles, "China", Filter(source="chips"))
    assert {sentence.hit.document.source for sentence in found.sentences} == {"chips/h20.md", "chips/blackwell.md"}


def test_a_word_in_no_passage_is_as_rare_as_can_be_and_a_common_one_is_not(articles: Library) -> None:
    idf = evidence(articles, "zebra nvidia").idf
    assert idf["zebra"] == pytest.approx(1)
    assert 0 < idf["nvidia"] < idf["zebra"]


@given(question=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_how_rare_a_word_is_lies_between_none_and_all(articles: Library, question: str) -> None:
    found = evidence(articles, question)
    assert all(0 <= idf <= 1 for idf in found.idf.values())
    assert all(sentence.cosine is None or -1.01 <= sentence.cosine <= 1.01 for sentence in found.sentences)
    assert {form for word in found.words for form in word.forms} == set(found.idf)


def test_passages_that_were_replaced_do_not_make_a_word_less_rare_than_possible(empty_shelf: Shelf) -> None:
    for number in range(10):
        empty_shelf.put(f"{number}.txt", f"Every zebra has {number} stripes.\n")
    empty_shelf.refresh()
    for number in range(5):
        empty_shelf.put(f"{number}.txt", f"Every zebra has {number} new stripes.\n")
    empty_shelf.refresh()
    library = empty_shelf.library()
    with library.pinned(OPERATOR) as snapshot:
        found = snapshot.evidence(Query("zebra", None), 3)
    assert 0 <= found.idf["zebra"] < 0.1


def test_near_duplicates_make_room_for_other_passages(shelf: Shelf) -> None:
    notice = (
        "The lighthouse of Veldhaven shows its lamp from dusk until dawn on each day of the year. "
        "Visitors climb the stairs with a guide, and the lamp is lit before them in the evening."
    )
    for number in range(5):
        shelf.put(f"copies/{number}.txt", notice + "\n" * number + " Bring a coat." * number)
    shelf.put("keeper.txt", "The keeper of the lighthouse of Veldhaven is Ada Brandt.")
    shelf.put("winter.txt", notice.replace("is lit", "is not lit"))
    shelf.refresh()
    library = shelf.library()
    question = "When does the lighthouse of Veldhaven show its lamp?"
    with library.pinned(OPERATOR) as snapshot:
        found = snapshot.evidence(snapshot.query(question), 4)
    sources = [hit.document.source for hit in found.hits]
    assert len([source for source in sources if source.startswith("copies/")]) == 1
    assert {"keeper.txt", "winter.txt"} < set(sources)
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4]
    assert {sentence.hit.rank for sentence in found.sentences} == {1, 2, 3, 4}
    ranking = [hit.document.source for hit in library.search(question, OPERATOR).hits]
    assert len([source for source in ranking if source.startswith("copies/")]) == 5
