"""A system: a search over a folder of text files, set up as its own documentation begins, in one module each."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol

# So many passages are asked for of each system: enough to fill ten documents.
PASSAGES = 50


class System(Protocol):
    """A system whose index lies in a folder of its own. Each process makes a new one, which loads what is there."""

    def __init__(self, store: Path, model: Path) -> None:
        """Open the index in `store`, which may be empty; `model` is the folder of a sentence-transformers model."""

    def index(self, documents: Path) -> int:
        """Index a folder, as whoever starts the program again does it, and return the number of passages."""

    def search(self, question: str) -> list[str]:
        """Return the names of the files that the best passages stand in, best first."""

    def change(self, file: Path) -> None:
        """Take in one file that was written anew, in the process that answers."""

    def answer(self, question: str) -> bool:
        """Answer a question with citations, without a chat model; False where the system has nothing that does."""


# Each module has a class of this name.
NAMES = {
    "footnote": "Footnote",
    "langchain_chroma": "LangChain + Chroma",
    "langchain_bm25": "LangChain + Chroma + BM25",
    "txtai_hybrid": "txtai, hybrid",
    "llama_index_fusion": "LlamaIndex, fusion with BM25",
}
OURS = "footnote"


def open_system(module: str, store: Path, model: Path) -> System:
    """Import a system, one of NAMES, and open its index."""
    found: type[System] = import_module(f"{__package__}.{module}").Compared
    return found(store, model)
