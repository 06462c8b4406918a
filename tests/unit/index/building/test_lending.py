from collections.abc import Iterator, Sequence

import numpy as np

from index.building.builder import Embeds
from index.building.lending import BorrowedModel, lent
from index.embeddings import Embedding, Text
from index.models.model import Model

TEXTS = [Text("Cats sleep.", ()), Text("Dogs bark.", ())]


class Numbered:
    """A model that gives every text the vector of its own number, and counts what it was asked."""

    def __init__(self, number: float, failure: Exception | None = None) -> None:
        self.number = number
        self.failure = failure
        self.asked = 0

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        if self.failure:
            raise self.failure
        self.asked += len(texts)
        for place, _ in enumerate(texts):
            yield place, Embedding(np.full(4, self.number, np.float32), np.zeros((0, 4), np.float32))


def numbers(embedder: Embeds, texts: Sequence[Text]) -> list[float]:
    return [float(embedding.vector[0]) for _, embedding in embedder.embed(texts)]


def test_what_is_little_is_embedded_by_the_model_that_is_lent_and_no_other_is_loaded(model: Model) -> None:
    lender, own = Numbered(1), Numbered(2)
    loaded: list[Model] = []
    with lent(lender) as connection:
        borrowed = BorrowedModel(connection, lambda wanted: loaded.append(wanted) or own, model)  # type: ignore[func-returns-value]
        assert numbers(borrowed, TEXTS) == [1, 1]
        assert numbers(borrowed, TEXTS) == [1, 1]
        assert (lender.asked, loaded) == (4, [])
        assert set(numbers(borrowed, TEXTS * 50)) == {2}
        assert numbers(borrowed, TEXTS) == [2, 2]
        assert (lender.asked, loaded) == (4, [model])


def test_a_lender_that_fails_or_is_gone_is_done_without(model: Model) -> None:
    with lent(Numbered(1, ZeroDivisionError())) as connection:
        assert numbers(BorrowedModel(connection, lambda _: Numbered(2), model), TEXTS) == [2, 2]
    assert numbers(BorrowedModel(connection, lambda _: Numbered(2), model), TEXTS) == [2, 2]
