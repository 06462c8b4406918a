"""Footnote, as its commands and its bot use it; files are split as it splits them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.app import open_answerer, open_library
from bot.settings import load
from index.access import OPERATOR
from tests.benchmarks.compare.system import PASSAGES


class Compared:
    """Footnote with its default settings: the model that it comes with is the one that all are given."""

    def __init__(self, store: Path, model: Path) -> None:
        self._settings = load(store.parent / "documents", store)
        self._library = open_library(self._settings)

    def index(self, documents: Path) -> int:
        self._library.refresh(allow_shrinking=True)
        generation = self._library.generation(OPERATOR)
        assert generation is not None
        return generation.passages

    def search(self, question: str) -> list[str]:
        hits = self._library.search(question, OPERATOR, PASSAGES).hits
        # Files with the same bytes are one document.
        return [name for hit in hits for name in (hit.document.source, *hit.document.also)]

    def change(self, file: Path) -> None:
        self._library.reindex()

    def answer(self, question: str) -> bool:
        self._answerer.answer(question, OPERATOR)
        return True

    @cached_property
    def _answerer(self) -> Answerer:
        return open_answerer(self._library, self._settings)
