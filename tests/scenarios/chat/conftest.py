"""The valley in one language: a question in it needs no translation, so that a model is asked once for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.library import Library
from index.models.embedding import Embedder
from tests.conftest import Shelf
from tests.scenarios.conftest import VALLEY


@pytest.fixture(scope="session")
def english_valley(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    shelf = Shelf(tmp_path_factory.mktemp("english-valley"), embedder)
    for source, text in VALLEY.items():
        if ".zh." not in source:
            shelf.put(source, text)
    shelf.refresh()
    yield shelf.library()
    shelf.close()
