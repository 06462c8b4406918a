from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.answering.answer import Answer, Status, Turn
from bot.answering.answerer import Answerer
from bot.answering.selecting.confidence import Confidence, Model, Thresholds
from bot.errors import BadQuestion
from index.access import OPERATOR
from index.building.refresh import RefreshRequest, refresh
from index.documents import Filter
from index.embeddings import Embedding, Text, Vector
from index.errors import IndexMissing
from index.language import words
from index.library import Library
from index.models.model import DEFAULT_MODEL

LEAST = Thresholds(0.5, 0.4, 0.3)
CERTAIN = Confidence(*3 * (Model({}, 5.0, LEAST),), {})
DOUBTFUL = Confidence(*3 * (Model({}, -5.0, LEAST),), {})
# Sure only of what has the question's words.
CAREFUL = Confidence(*3 * (Model({"said_by_passage": 10.0}, -5.0, LEAST),), {})


class WordsEmbedder:
    """A model that knows nothing but which words two texts share."""

    def embed_query(self, query: str) -> Vector:
        vector = np.full(64, 0.01, dtype=np.float32)
        for term in words.terms(query):
            vector[hashlib.sha256(term.encode()).digest()[0] % 64] += 1.0
        unit: Vector = vector / np.linalg.norm(vector)
        return unit

    def embed_passage(self, text: str) -> Vector:
        return self.embed_query(text)

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        for place, text in enumerate(texts):
            sentences = [self.embed_query(span.of(text.text)) for span in text.sentences]
            yield place, Embedding(self.embed_query(text.text), np.stack(sentences))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("bees")
    corpus = home / "corpus"
    (corpus / "old").mkdir(parents=True)
    (corpus / "club.md").write_text(
        "# The bee club\n\nMara Lind founded the bee club in 1998. She also keeps the hives.\n\n"
        "## Members\n\nThe bee club has 40 members. Every member owns a hive.\n"
    )
    (corpus / "wasps.md").write_text("# The wasp house\n\nThe wasp house was painted green by Ole Berg.\n")
    (corpus / "old" / "club.md").write_text("# The bee club\n\nOnce the bee club had 12 members.\n")
    refresh(RefreshRequest(corpus, home / "data", DEFAULT_MODEL), lambda _: WordsEmbedder(), lambda _: None)
    library = Library(corpus, home / "data", DEFAULT_MODEL, lambda _: WordsEmbedder())
    yield library
    library.close()


def test_an_answer_names_its_question_its_generation_and_what_each_step_took(library: Library) -> None:
    answer = Answerer(library, CERTAIN).answer("  Who founded the bee club? \n", OPERATOR)

    assert answer.question == "Who founded the bee club?"
    assert answer.generation == 1
    assert {"understand", "embed", "search", "read", "choose", "cite", "total"} == answer.timings_ms.keys()
    assert all(spent >= 0.0 for spent in answer.timings_ms.values())


def test_what_suffices_is_answered_with_cited_sentences_and_no_nearest_passages(library: Library) -> None:
    answer = Answerer(library, CERTAIN).answer("Who founded the bee club?", OPERATOR)

    assert answer.status is Status.ANSWERED
    assert answer.statements[0].text == "Mara Lind founded the bee club in 1998."
    assert answer.citations[0].document.source == "club.md"
    assert answer.nearest == ()


def test_what_does_not_suffice_is_refused_with_the_nearest_passages_and_no_citation(library: Library) -> None:
    answer = Answerer(library, DOUBTFUL).answer("Who founded the bee club?", OPERATOR)

    assert answer.status is Status.NOT_FOUND
    assert (answer.statements, answer.citations, answer.text) == ((), (), "")
    assert [hit.rank for hit in answer.nearest] == [1, 2, 3]
    assert answer.nearest[0].document.source == "club.md"


def test_the_confidence_is_a_probability(library: Library) -> None:
    sure, unsure = (
        Answerer(library, of).answer("Who founded the bee club?", OPERATOR).confidence for of in (CERTAIN, DOUBTFUL)
    )

    assert 0.0 <= unsure < 0.5 < sure <= 1.0


def test_a_question_of_two_parts_gets_both(library: Library) -> None:
    answer = Answerer(library, CERTAIN).answer("Who founded the bee club, and who painted the wasp house?", OPERATOR)

    assert answer.status is Status.ANSWERED
    assert "Mara Lind" in answer.text
    assert "Ole Berg" in answer.text


def test_a_question_of_which_one_part_is_not_found_is_partly_answered(library: Library) -> None:
    answer = Answerer(library, CAREFUL).answer(
        "Who painted the wasp house? Who invented glow discharge lamps?", OPERATOR
    )

    assert answer.status is Status.PARTLY_ANSWERED
    assert "Ole Berg" in answer.text


def test_a_question_of_four_parts_still_has_at_most_five_statements(library: Library) -> None:
    answer = Answerer(library, CERTAIN).answer(
        "Who founded the bee club? How many members are there now? Who painted the wasp house? Who keeps the hives?",
        OPERATOR,
    )

    assert 1 <= len(answer.statements) <= 5


def test_a_follow_up_is_looked_up_with_the_question_before_it(library: Library) -> None:
    talk = [Turn("user", "Who painted the wasp house?"), Turn("assistant", "Ole Berg. [1]")]

    answer = Answerer(library, CERTAIN).answer("What did he paint?", OPERATOR, talk)

    assert answer.question == "What did he paint?"
    assert answer.citations[0].document.source == "wasps.md"


def test_only_the_documents_that_are_allowed_are_quoted(library: Library) -> None:
    answer = Answerer(library, CERTAIN).answer(
        "How many members has the bee club?", OPERATOR, where=Filter(source="old")
    )

    assert {citation.document.source for citation in answer.citations} == {"old/club.md"}


def test_where_no_document_is_allowed_nothing_is_found(library: Library) -> None:
    answer = Answerer(library, CERTAIN).answer(
        "How many members has the bee club?", OPERATOR, where=Filter(source="new")
    )

    assert answer.status is Status.NOT_FOUND
    assert (answer.nearest, answer.confidence) == ((), 0.0)


def test_the_same_question_twice_has_the_same_answer(library: Library) -> None:
    first, second = (Answerer(library, CERTAIN).answer("Who keeps the hives?", OPERATOR) for _ in range(2))

    assert _timeless(first) == _timeless(second)


@pytest.mark.parametrize("question", ["", " \n", "?", "bees\x00", "b" * 2001])
def test_what_is_no_question_is_not_looked_up(library: Library, question: str) -> None:
    with pytest.raises(BadQuestion):
        Answerer(library, CERTAIN).answer(question, OPERATOR)


def test_a_library_without_an_index_says_so(tmp_path: Path) -> None:
    empty = Library(tmp_path, tmp_path / "data", DEFAULT_MODEL, lambda _: WordsEmbedder())

    with pytest.raises(IndexMissing):
        Answerer(empty, CERTAIN).answer("Who founded the bee club?", OPERATOR)


def _timeless(answer: Answer) -> Answer:
    return replace(answer, timings_ms={})


@pytest.mark.parametrize("sure", [CERTAIN, DOUBTFUL])
def test_near_duplicates_fill_neither_an_answer_nor_what_is_nearest(tmp_path: Path, sure: Confidence) -> None:
    notice = (
        "The bee club lends hives to every school of the valley and of the hills beyond it. "
        "Whoever borrows hives from the bee club brings them back, clean and dry, by the first frost of the year."
    )
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, ending in enumerate(["Wear a veil.", "Call ahead.", "Mind the bees.", "Be in time."]):
        (corpus / f"{number}.txt").write_text(f"{notice} {ending}")
    (corpus / "price.txt").write_text("Hives of the bee club cost nothing.")
    refresh(RefreshRequest(corpus, tmp_path / "data", DEFAULT_MODEL), lambda _: WordsEmbedder(), lambda _: None)
    library = Library(corpus, tmp_path / "data", DEFAULT_MODEL, lambda _: WordsEmbedder())
    answer = Answerer(library, sure).answer("To whom does the bee club lend hives?", OPERATOR)
    library.close()
    shown = [citation.document.source for citation in answer.citations] or [
        hit.document.source for hit in answer.nearest
    ]
    assert len(set(shown) - {"price.txt"}) == 1
