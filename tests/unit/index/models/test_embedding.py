from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sentence_transformers import SentenceTransformer

from index.documents import Span
from index.embeddings import Embedding, Text
from index.models.embedding import Embedder
from index.models.model import Model

TEXTS = ["Cats sleep.", "Nvidia sold chips to China in 2025.", "", "A " * 60, "日本語の文。", "Cats sleep."]


def plain(*texts: str) -> list[Text]:
    return [Text(text, ()) for text in texts]


def embed(embedder: Embedder, texts: list[Text]) -> list[Embedding]:
    found = dict(embedder.embed(texts))
    assert sorted(found) == list(range(len(texts)))
    return [found[place] for place in range(len(texts))]


def test_vectors_are_those_of_sentence_transformers(embedder: Embedder, model: Model) -> None:
    reference = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    expected = reference.encode(TEXTS, normalize_embeddings=True)
    found = np.stack([embedding.vector for embedding in embed(embedder, plain(*TEXTS))])
    assert np.abs(found - expected).max() < 1e-4


def test_every_vector_has_length_one_and_the_type_that_is_stored(embedder: Embedder) -> None:
    for embedding in embed(embedder, plain(*TEXTS)):
        assert embedding.vector.dtype == np.float32
        assert np.linalg.norm(embedding.vector) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company(embedder: Embedder) -> None:
    together = embed(embedder, plain(*TEXTS))
    for text, embedding in zip(TEXTS, together, strict=True):
        (alone,) = embed(embedder, plain(text))
        assert np.abs(alone.vector - embedding.vector).max() < 1e-5


def test_nothing_to_embed_gives_nothing(embedder: Embedder) -> None:
    assert embed(embedder, []) == []


def test_a_sentence_that_is_the_whole_text_is_near_to_it(embedder: Embedder) -> None:
    text = "Nvidia sold chips."
    (embedding,) = embed(embedder, [Text(text, (Span(0, len(text)),))])
    assert embedding.sentences.shape == (1, 384)
    assert float(embedding.sentences[0] @ embedding.vector) > 0.9


def test_each_sentence_is_nearest_to_the_question_about_it(embedder: Embedder) -> None:
    cats, chips = "Cats sleep all day long.", "Nvidia sold chips to China."
    (embedding,) = embed(embedder, [Text(f"{cats} {chips}", (Span(0, len(cats)), Span(len(cats) + 1, 53)))])
    about_cats, about_chips = embedder.embed_query("How long do cats sleep?"), embedder.embed_query("Who sold chips?")
    assert embedding.sentences[0] @ about_cats > embedding.sentences[1] @ about_cats
    assert embedding.sentences[1] @ about_chips > embedding.sentences[0] @ about_chips


def test_a_sentence_beyond_the_window_has_the_vector_of_the_text(embedder: Embedder) -> None:
    text = "word " * 1000
    (embedding,) = embed(embedder, [Text(text, (Span(0, 4), Span(4990, 4994)))])
    assert np.allclose(embedding.sentences[1], embedding.vector, atol=1e-6)
    assert not np.allclose(embedding.sentences[0], embedding.vector, atol=1e-3)


def test_a_text_without_sentences_has_no_vectors_of_sentences(embedder: Embedder) -> None:
    (embedding,) = embed(embedder, plain("Cats sleep."))
    assert embedding.sentences.shape == (0, 384)


@st.composite
def hostile(draw: DrawFn) -> Text:
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    return Text(text, tuple(Span(start, end) for start, end in pairwise(cuts)))


@settings(max_examples=25)
@given(texts=st.lists(hostile(), max_size=4))
def test_any_text_has_unit_vectors_for_itself_and_for_each_of_its_sentences(
    embedder: Embedder, texts: list[Text]
) -> None:
    for text, embedding in zip(texts, embed(embedder, texts), strict=True):
        rows = np.vstack([embedding.vector, embedding.sentences])
        assert embedding.sentences.shape[0] == len(text.sentences)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


def test_questions_that_arrive_together_each_get_their_own_vector(embedder: Embedder) -> None:
    questions = [f"What is number {number}?" for number in range(24)]
    alone = [embedder.embed_query(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.embed_query, questions))
    assert all(np.abs(one - other).max() < 1e-5 for one, other in zip(alone, together, strict=True))


def test_a_failure_is_told_to_who_asked_and_the_next_question_is_answered(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise MemoryError

        broken.setattr(embedder, "_encode", fail)
        with pytest.raises(MemoryError):
            embedder.embed_query("Who?")
    assert embedder.embed_query("Who?").shape == (384,)
