"""A snapshot: one generation of the index as a viewer sees it, while it is pinned, and all that may be asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.access import Hidden
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter
from index.errors import UnknownDocument
from index.hits import Query, SearchResult
from index.language import words
from index.models.loaded_once import LoadedOnce
from index.serving.query_model import QueryModel
from index.store.generation import Generation
from index.store.manifest import Manifest
from index.store.sight import Sight

if TYPE_CHECKING:
    from index.evidence import Evidence
    from index.serving.reranking import Reranker


class Snapshot:
    """A pinned generation, with the query model and, where there is one, the reranker. Any thread may ask.

    Nothing of it shows what the viewer may not see. It is good for as long as `Library.pinned` lasts.
    """

    def __init__(
        self, generation: Generation, sight: Sight, model: QueryModel, reranker: LoadedOnce[Reranker | None]
    ) -> None:
        self._generation = generation
        self._sight = sight
        self._model = model
        self._reranker = reranker

    @property
    def manifest(self) -> Manifest:
        """What is known of the generation: its number, its fingerprint, and the counts of what is seen of it."""
        return self._sight.manifest

    @property
    def hides(self) -> bool:
        """Whether there is anything in it that is not seen."""
        return bool(self.hidden) or self.is_outdated

    @property
    def is_outdated(self) -> bool:
        """Whether anything in it was seen when it was indexed, and is not now."""
        return self._sight.is_outdated

    @property
    def hidden(self) -> Hidden:
        """The accesses, as text, of what is not seen of it; none where all is."""
        return self._sight.hidden

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its documents (ISO 639-1), sorted."""
        return self.manifest.languages

    def searches(self, language: str) -> bool:
        """Whether a question in this language can find anything: its documents or the embedding model know it."""
        return language in self.languages or self._model.reads(language)

    def query(self, text: str) -> Query:
        """Return a question as `evidence` needs it.

        Raises IndexMissing where the generation was made with another embedding model, and ModelUnusable.
        """
        return self._model.query(text, self.manifest)

    def search(self, text: str, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        """Return the `k` best passages for a text, best first, from the documents that `where` allows.

        Raises what `query` raises.
        """
        # Imported here, as in `evidence`, because `sources` is to start in a blink and needs neither.
        from index.serving import retrieval

        return retrieval.search(self._generation, self._sight, self.query(text), k, where, self._reranker.get())

    def evidence(self, query: Query, k: int, where: Filter = EVERYTHING) -> Evidence:
        """Return the evidence in the `k` best passages for a question, but for what speaks to a machine in it.

        Raises ModelUnusable where the reranker cannot be loaded.
        """
        from index.serving.gathering import gather
        from index.serving.instructions import without_instructions

        return without_instructions(gather(self._generation, self._sight, query, k, where, self._reranker.get()))

    def rarity(self, word: str) -> float:
        """Return how rare a word is in its language, 0 to 1, as the embedding model's vocabulary tells."""
        return self._model.rarity(word)

    def spelled(self, shortest: int, longest: int) -> dict[str, int]:
        """Return the words of so many letters in lower case, each with the number of documents that it stands in."""
        if self._sight.is_outdated:
            return {}
        return self._generation.catalogue.spelled(shortest, longest, self._sight.hidden)

    def expansions(self, short: str) -> tuple[str, ...]:
        """Return what an abbreviation stands for in the documents, the commonest meaning first."""
        return () if self._sight.is_outdated else self._generation.catalogue.expansions(short, self._sight.hidden)

    def knows(self, word: str) -> bool:
        """Return whether a word stands in the documents, in any form, or in the embedding model's vocabulary."""
        if self.rarity(word) < 1.0:
            return True
        if self._sight.is_outdated:
            return False
        forms = [form for language in self.languages for form in words.terms(word, language)]
        return not forms or any(self._generation.lexical.frequencies(forms, self._sight.hidden).values())

    def documents(self) -> tuple[DocumentMetadata, ...]:
        """Return the metadata of all documents that are seen, by source. Needs neither the model nor Chroma."""
        return tuple(filter(self._sight.sees, self._generation.catalogue.documents()))

    def sees(self, document: DocumentMetadata) -> bool:
        """Return whether a document that was cited once may be seen, by the access that it has now."""
        return self._sight.allows(document, self._generation.catalogue.access_of(document))

    def document(self, document_id: str) -> Document:
        """Return one whole document. Raises UnknownDocument where there is none, or it is not seen."""
        document = self._generation.catalogue.document(document_id)
        if not self._sight.sees(document.metadata):
            raise UnknownDocument
        return document
