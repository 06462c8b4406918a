"""LlamaIndex, as its starter tutorial begins, with BM25 beside the vectors by reciprocal rank fusion.

Passages are those of its default splitter, 1,024 tokens with 200 that overlap; files have their paths as ids, so that
`refresh_ref_docs` takes in what is new or changed. Its own store keeps the vectors, in one JSON file.
"""

from __future__ import annotations

from pathlib import Path

from llama_index.core import Settings, SimpleDirectoryReader, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from tests.benchmarks.compare.system import PASSAGES


class Compared:
    """An index that is read whole at the start, and saved whole after each change."""

    def __init__(self, store: Path, model: Path) -> None:
        self._store = store / "llama_index"
        Settings.embed_model = HuggingFaceEmbedding(model_name=str(model))
        Settings.llm = MockLLM()
        self._index = VectorStoreIndex([])
        if self._store.exists():
            context = StorageContext.from_defaults(persist_dir=str(self._store))
            self._index = load_index_from_storage(context)
        self._both: BaseRetriever | None = None

    def index(self, documents: Path) -> int:
        found = SimpleDirectoryReader(str(documents), filename_as_id=True).load_data()
        if self._store.exists():
            self._index.refresh_ref_docs(found)
        else:
            self._index = VectorStoreIndex.from_documents(found)
        self._index.storage_context.persist(str(self._store))
        return len(self._index.docstore.docs)

    def search(self, question: str) -> list[str]:
        self._both = self._both or self._made()
        return [found.node.metadata["file_name"] for found in self._both.retrieve(question)]

    def change(self, file: Path) -> None:
        self._index.refresh_ref_docs(SimpleDirectoryReader(input_files=[str(file)], filename_as_id=True).load_data())
        self._index.storage_context.persist(str(self._store))
        self._both = self._made()

    def answer(self, question: str) -> bool:
        return False

    def _made(self) -> BaseRetriever:
        words = BM25Retriever.from_defaults(docstore=self._index.docstore, similarity_top_k=PASSAGES)
        vectors = self._index.as_retriever(similarity_top_k=PASSAGES)
        # One query: further ones would be written by a chat model.
        return QueryFusionRetriever(
            [vectors, words],
            mode="reciprocal_rerank",
            similarity_top_k=PASSAGES,
            num_queries=1,
            use_async=False,
        )
