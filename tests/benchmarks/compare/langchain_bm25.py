"""LangChain, Chroma, and BM25 beside it: `EnsembleRetriever` over both, half and half, as its documentation has it.

`BM25Retriever` keeps nothing on the disk: it is made of Chroma's passages at each start, and after each change.
"""

from __future__ import annotations

from pathlib import Path

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document

from tests.benchmarks.compare import langchain_chroma
from tests.benchmarks.compare.langchain_chroma import file_of
from tests.benchmarks.compare.system import PASSAGES


class Compared(langchain_chroma.Compared):
    """Vectors and words, joined by reciprocal rank fusion."""

    _both: EnsembleRetriever | None = None

    def search(self, question: str) -> list[str]:
        self._both = self._both or self._made()
        return [file_of(document) for document in self._both.invoke(question)]

    def change(self, file: Path) -> None:
        super().change(file)
        self._both = self._made()

    def _made(self) -> EnsembleRetriever:
        kept = self.chroma.get()
        passages = [
            Document(page_content=text, metadata=facts)
            for text, facts in zip(kept["documents"], kept["metadatas"], strict=True)
        ]
        words = BM25Retriever.from_documents(passages, k=PASSAGES)
        vectors = self.chroma.as_retriever(search_kwargs={"k": PASSAGES})
        return EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])
