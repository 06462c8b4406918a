"""The library as a LangChain retriever, for chains of other people: see `docs/langchain.md`.

Imported only by who wants one: langchain takes most of a second.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.access import Viewer
from index.documents import EVERYTHING, Filter
from index.hits import Hit
from index.library import Library


class LibraryRetriever(BaseRetriever):
    """Finds the `k` best passages for a text, best first, in the documents that `viewer` sees and `where` allows.

    A passage's `page_content` is its exact text; `start` and `end` in its metadata are where it stands in the document.
    The metadata is plain JSON; what is not known of a passage is None. Raises what `Library.search` raises.
    """

    library: Library
    viewer: Viewer
    k: int = Field(default=10, ge=1)
    where: Filter = EVERYTHING

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        found = self.library.search(query, self.viewer, self.k, self.where)
        return [_document(hit, found.generation) for hit in found.hits]


def _document(hit: Hit, generation: int) -> Document:
    passage, document = hit.passage, hit.document
    metadata: dict[str, Any] = {
        "passage": passage.id,
        "document": document.id,
        "title": document.title,
        "source": document.source,
        "url": document.url,
        "start": passage.span.start,
        "end": passage.span.end,
        "page": passage.page,
        "place": passage.place.kind if passage.place else None,
        "place_number": passage.place.number if passage.place else None,
        "place_label": passage.place.label if passage.place else None,
        "heading": list(passage.heading),
        "score": hit.score,
        "rank": hit.rank,
        "generation": generation,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
