"""The library: the door of this package. It searches, shows documents, refreshes, and serves one whole generation."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from index.documents import EVERYTHING, Document, DocumentMetadata, Filter
from index.errors import IndexDamaged, IndexMissing
from index.hits import Query, SearchResult
from index.models.model import Model, find_model
from index.report import Progress, RefreshReport
from index.store.data_folder import DataFolder
from index.store.generation import Generation
from index.store.manifest import Manifest

if TYPE_CHECKING:
    from index.serving.reranking import Reranker
    from index.store.vectors import Vector

log = logging.getLogger(__name__)


class EmbedsQueries(Protocol):
    """What turns a question into a unit vector."""

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, `(dimension,)`."""


class Library:
    """The documents of one corpus folder and their index in one data folder. Any thread may call any method.

    `load` loads the embedding model of the given name, and `load_reranker`, where there is to be one, the reranker,
    each when a question first needs it.
    """

    def __init__(
        self,
        corpus: Path,
        data: Path,
        model: str,
        load: Callable[[Model], EmbedsQueries],
        load_reranker: Callable[[], Reranker] | None = None,
    ) -> None:
        self._corpus = corpus
        self._data = DataFolder(data)
        self._model = model
        self._questions = _Questions(model, load)
        self._load_reranker = load_reranker
        self._reranker: Reranker | None = None
        self._loading_reranker = Lock()
        self._swapping = Lock()
        self._reloading = Lock()
        self._serving: _Serving | None = None

    @property
    def generation(self) -> Manifest | None:
        """What is known of the generation that is being served, or None where none was ever published."""
        try:
            with self.reading() as generation:
                return generation.manifest
        except IndexMissing:
            return None

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """Give the generation in use, which stays open and the same until the block is left.

        Raises IndexMissing where none was ever published, and IndexDamaged where none of those on disk is whole.
        """
        with self._swapping:
            if self._serving is None:
                self._serving = _Serving(self._open())
            serving = self._serving
            serving.readers += 1
        try:
            yield serving.generation
        finally:
            with self._swapping:
                serving.readers -= 1
                self._close_if_done(serving)

    def query(self, text: str) -> Query:
        """Return a question as both sides of the index need it.

        Raises IndexMissing where the index holds the vectors of another model, to which a question's cannot be held.
        """
        with self.reading() as generation:
            made_with = generation.manifest.fingerprint
        if made_with.model != self._questions.model.fingerprint:
            raise IndexMissing(
                f"the index was made with another model ({made_with.model_name}) than {self._model}: "
                "run 'footnote refresh'"
            )
        return self._questions.query(text)

    def rarity(self, word: str) -> float:
        """Return how rare a word is in its language, 0 to 1, as the embedding model's vocabulary tells."""
        return self._questions.model.rarity(word)

    @property
    def reranker(self) -> Reranker | None:
        """What puts the best passages in order once more, None where nothing does. Raises ModelUnusable."""
        with self._loading_reranker:
            if self._reranker is None and self._load_reranker is not None:
                self._reranker = self._load_reranker()
            return self._reranker

    def search(self, text: str, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        """Return the `k` best passages for a text, best first, from the documents that `where` allows."""
        # Imported here, as in `refresh`, because `sources` is to start in a blink and needs neither.
        from index.serving import retrieval

        with self.reading() as generation:
            return retrieval.search(generation, self.query(text), k, where, self.reranker)

    def sources(self) -> tuple[DocumentMetadata, ...]:
        """Return the records of all documents, by source. Needs neither the model nor Chroma."""
        with self.reading() as generation:
            return generation.catalogue.records()

    def document(self, document_id: str) -> Document:
        """Return one whole document. Raises UnknownDocument."""
        with self.reading() as generation:
            return generation.catalogue.document(document_id)

    def refresh(
        self, *, allow_shrinking: bool = False, progress: Callable[[Progress], None] = lambda _: None
    ) -> RefreshReport:
        """Bring the index up to date with the corpus, in another process, and serve what came of it.

        Raises what `index.building.refresh.refresh` raises, and RefreshFailed when that process died.
        """
        from index.building import writer
        from index.building.refresh import RefreshRequest

        job = RefreshRequest(self._corpus, self._data.root, self._model, allow_shrinking)
        report = writer.run(job, progress)
        self.reload()
        return report

    def reload(self) -> bool:
        """Serve the newest generation, warmed up, if there is a newer one than is served; return whether there was."""
        with self._reloading:
            with self._swapping:
                serving = self._serving
            if serving is None or self._data.current() in (None, serving.generation.manifest.number):
                return False
            fresh = self._open()
            if fresh.manifest.number == serving.generation.manifest.number:
                fresh.close()
                return False
            fresh.warm_up()
            with self._swapping:
                if self._serving is not serving:
                    # Closed meanwhile.
                    fresh.close()
                    return False
                self._serving = _Serving(fresh)
                serving.retired = True
                self._close_if_done(serving)
            return True

    def close(self) -> None:
        """Close the generation that is being served, once its last question has left."""
        with self._swapping:
            if self._serving is not None:
                self._serving.retired = True
                self._close_if_done(self._serving)
                self._serving = None

    def _open(self) -> Generation:
        """Open the current generation, or, where that is damaged, the newest older one that is whole."""
        current = self._data.current()
        if current is None:
            raise IndexMissing("nothing is indexed yet: run 'footnote refresh'")
        damage = IndexDamaged(f"generation {current} is gone from {self._data.root}: run 'footnote refresh'")
        for number in (number for number in self._data.published() if number <= current):
            try:
                return Generation(self._data, number)
            except IndexDamaged as error:
                log.error("%s", error)
                damage = error
        if self._data.current() != current:
            # A refresh was published, and the generation that was to be opened swept away, meanwhile.
            return self._open()
        raise damage

    def _close_if_done(self, serving: _Serving) -> None:
        if serving.retired and not serving.readers:
            serving.generation.close()


class _Serving:
    """A generation that is being served, and how many questions are reading it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.readers = 0
        self.retired = False


class _Questions:
    """The embedding of questions, by a model that is found and loaded when the first one asks for it."""

    def __init__(self, name: str, load: Callable[[Model], EmbedsQueries]) -> None:
        self._name = name
        self._load = load
        self._loading = Lock()
        self._model: Model | None = None
        self._embedder: EmbedsQueries | None = None

    @property
    def model(self) -> Model:
        with self._loading:
            if self._model is None:
                self._model = find_model(self._name)
            return self._model

    @property
    def embedder(self) -> EmbedsQueries:
        model = self.model
        with self._loading:
            if self._embedder is None:
                self._embedder = self._load(model)
            return self._embedder

    def query(self, text: str) -> Query:
        return Query(text, self.embedder.embed_query(text) if self.model.reads(text) else None)
