from collections.abc import Iterator, Sequence

import numpy as np

from index.building.builder import Embeds
from index.building.writer import FewFirst
from index.embeddings import Embedding, Text

TEXTS = [Text("Cats sleep.", ()), Text("Dogs bark.", ())]


class Numbered:
    """A model that gives every text the vector of its own number."""

    def __init__(self, number: float) -> None:
        self.number = number

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        for place, _ in enumerate(texts):
            yield place, Embedding(np.full(4, self.number, np.float32), np.zeros((0, 4), np.float32))


def numbers(embedder: Embeds, texts: Sequence[Text]) -> set[float]:
    return {float(embedding.vector[0]) for _, embedding in embedder.embed(texts)}


def test_a_model_that_takes_long_to_load_is_loaded_once_and_only_where_there_is_much_to_embed() -> None:
    loaded: list[Embeds] = []

    def load() -> Embeds:
        loaded.append(Numbered(2))
        return loaded[-1]

    embedder = FewFirst(Numbered(1), load)
    assert (numbers(embedder, TEXTS), numbers(embedder, TEXTS), loaded) == ({1}, {1}, [])
    assert (numbers(embedder, TEXTS * 50), numbers(embedder, TEXTS), len(loaded)) == ({2}, {2}, 1)
