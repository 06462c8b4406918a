"""The query model: the embedding model as questions use it, found and loaded when the first one asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from index.errors import IndexMissing
from index.hits import Query
from index.language import detection
from index.models.loaded_once import LoadedOnce
from index.models.model import Model, find_model
from index.store.manifest import Manifest

if TYPE_CHECKING:
    from index.embeddings import Embedding, Text, Vector


class EmbedsQueries(Protocol):
    """What turns a question, or a statement that is compared with passages, into a unit vector."""

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, `(dimension,)`."""

    def embed_passage(self, text: str) -> Vector:
        """Return the vector of a text as one of a passage is made, `(dimension,)`."""

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each, as passages are embedded, in any order."""


class QueryModel:
    """The model of a name, which `load` loads. Whatever needs it raises ModelUnusable where there is none."""

    def __init__(self, name: str, load: Callable[[Model], EmbedsQueries]) -> None:
        self._name = name
        self._model = LoadedOnce(lambda: find_model(name))
        self._embedder = LoadedOnce(lambda: load(self._model.get()))

    def query(self, text: str, manifest: Manifest) -> Query:
        """Return a question as both sides of the index with this manifest need it.

        Raises IndexMissing where that index holds the vectors of another model, with which a question's cannot be
        compared.
        """
        made_with = manifest.fingerprint
        if made_with.model != self._model.get().fingerprint:
            raise IndexMissing(
                f"the index was made with another model ({made_with.model_name}) than {self._name}: "
                "run 'footnote refresh'"
            )
        model = self._model.get()
        vector = self._embedder.get().embed_query(text) if model.reads(text) else None
        return Query(text, vector, detection.of_question(text) if model.crosses_languages else None)

    def vector(self, text: str) -> Vector | None:
        """Return the unit vector of a statement, `(dimension,)`, or None where the model does not read its script.

        It is made as those of passages are, so that the two can be compared.
        """
        return self._embedder.get().embed_passage(text) if self._model.get().reads(text) else None

    @property
    def at_hand(self) -> Model | None:
        """The model, where it was found already."""
        return self._model.peek()

    def embed_at_hand(self, fingerprint: str, texts: Sequence[Text]) -> list[Embedding] | None:
        """Return the embeddings of texts as passages have them; None where no such model is loaded."""
        model, embedder = self._model.peek(), self._embedder.peek()
        if model is None or embedder is None or model.fingerprint != fingerprint:
            return None
        embedded = dict(embedder.embed(texts))
        return [embedded[place] for place in range(len(texts))]

    def reads(self, language: str) -> bool:
        """Whether the model was trained for a language (ISO 639-1)."""
        languages = self._model.get().languages
        return languages is None or language in languages

    def rarity(self, word: str) -> float:
        """Return how rare a word is in its language, 0 to 1, as the model's vocabulary tells."""
        return self._model.get().rarity(word)
