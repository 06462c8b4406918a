"""txtai with `hybrid=True`, vectors and BM25, as its documentation of embeddings begins: a row for each text.

A file is a row, since txtai splits nothing unless it is told to. `index` makes the index anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from txtai import Embeddings

from tests.benchmarks.compare.system import PASSAGES


class Compared:
    """An index that is read whole at the start, and saved whole after each change."""

    def __init__(self, store: Path, model: Path) -> None:
        self._store = store / "txtai"
        self._embeddings = Embeddings(path=str(model), hybrid=True, content=True)
        if self._store.exists():
            self._embeddings.load(str(self._store))

    def index(self, documents: Path) -> int:
        self._embeddings.index(_rows(sorted(documents.glob("*.txt"))))
        self._embeddings.save(str(self._store))
        return int(self._embeddings.count())

    def search(self, question: str) -> list[str]:
        return [found["id"] for found in self._embeddings.search(question, PASSAGES)]

    def change(self, file: Path) -> None:
        self._embeddings.upsert(_rows([file]))
        self._embeddings.save(str(self._store))

    def answer(self, question: str) -> bool:
        return False


def _rows(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    return ((file.name, file.read_text()) for file in files)
