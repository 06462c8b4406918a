"""LangChain and Chroma, as LangChain's tutorial "Build a semantic search engine" puts them together.

Passages are those of `RecursiveCharacterTextSplitter`, 1,000 characters with 200 that overlap, and have ids drawn at
random. Chroma's settings are its defaults.
"""

from __future__ import annotations

from pathlib import Path

from langchain_chroma import Chroma
from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from tests.benchmarks.compare.system import PASSAGES


class Compared:
    """Vectors alone."""

    def __init__(self, store: Path, model: Path) -> None:
        embeddings = HuggingFaceEmbeddings(model_name=str(model))
        self.chroma = Chroma(
            collection_name="documents", embedding_function=embeddings, persist_directory=str(store / "chroma")
        )

    def index(self, documents: Path) -> int:
        loader = DirectoryLoader(str(documents), glob="*.txt", loader_cls=TextLoader)
        self.chroma.add_documents(_split(loader.load()))
        return len(self.chroma.get(include=[])["ids"])

    def search(self, question: str) -> list[str]:
        return [file_of(document) for document in self.chroma.similarity_search(question, k=PASSAGES)]

    def change(self, file: Path) -> None:
        self.chroma.add_documents(_split(TextLoader(str(file)).load()))

    def answer(self, question: str) -> bool:
        return False


def file_of(document: Document) -> str:
    """Return the name of the file that a passage stands in."""
    return Path(document.metadata["source"]).name


def _split(documents: list[Document]) -> list[Document]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    passages: list[Document] = splitter.split_documents(documents)
    return passages
