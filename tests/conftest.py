"""What the tests share: the real model, loaded once, and a small index, built once and copied for who changes it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from index.building.refresh import RefreshRequest, refresh
from index.library import Library
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL, Model, find_model
from index.report import Progress, RefreshReport
from index.serving.reranking import Reranker
from index.store.data_folder import DataFolder
from index.store.generation import Generation
from index.store.manifest import checksums
from tests.tiny_cross_encoder import build_nli, build_reranker

# How long an example takes says nothing on a busy machine.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")

ARTICLES = {
    "chips/h20.md": """---
title: The H20 in April
published: 2025-04-15
language: en
---
# Licence

The United States told Nvidia that selling the H20 chip to China needs a licence. Nvidia wrote off 4.5 billion dollars.

# Stock

Unsold chips fill the warehouse. Nobody may ship them.
""",
    "chips/blackwell.md": """---
title: Blackwell
published: 2025-08-01
language: en
---
Blackwell processors are faster than Hopper processors. Their memory is larger too.
""",
    "people/huang.md": """---
title: Jensen Huang
language: en
---
Jensen Huang leads Nvidia. He wears a leather jacket on every stage.
""",
    "zh/sales.md": """---
title: 中国市场
published: 2025-07-20
language: zh
---
英伟达在中国的销售额大幅下降。黄仁勋七月访问了北京。
""",
    "cats.txt": "Cats sleep for most of the day. They hunt mice at night.\n",
}


class Shelf:
    """A corpus folder and a data folder of one test, and what is done with them."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.corpus = folder / "corpus"
        self.data = folder / "data"
        self.embedder = embedder
        self.folder = DataFolder(self.data)
        self.corpus.mkdir(exist_ok=True)
        self._libraries: list[Library] = []

    def put(self, source: str, content: str | bytes) -> Path:
        path = self.corpus / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def drop(self, source: str) -> None:
        (self.corpus / source).unlink()

    def job(self, *, allow_shrinking: bool = False) -> RefreshRequest:
        return RefreshRequest(self.corpus, self.data, DEFAULT_MODEL, allow_shrinking)

    def refresh(
        self,
        *,
        allow_shrinking: bool = False,
        load: Callable[[Model], Embedder] | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> RefreshReport:
        """Refresh in this process."""
        return refresh(self.job(allow_shrinking=allow_shrinking), load or (lambda _: self.embedder), progress)

    def library(self, model: str = DEFAULT_MODEL, reranker: Reranker | None = None) -> Library:
        library = Library(self.corpus, self.data, model, lambda _: self.embedder, lambda: reranker)
        self._libraries.append(library)
        return library

    def generation(self) -> Generation:
        number = self.folder.current()
        assert number is not None
        return Generation(self.folder, number)

    def sums(self, number: int) -> dict[str, str]:
        """Return the checksum of every file of a generation, its manifest excepted, as they are now."""
        return checksums(self.folder.generation(number))

    def leftovers(self) -> list[str]:
        """List the files of the data folder that no generation in use needs."""
        serving = [path for path in (self.data / "serving").glob("*") if path.is_dir()]
        return sorted(path.name for path in [*self.data.glob("building-*"), *self.data.glob("*.new"), *serving])

    def close(self) -> None:
        for library in self._libraries:
            library.close()


def no_model(model: Model) -> Embedder:
    """Stand where the model is loaded, in a refresh that must not need it."""
    raise AssertionError(f"{model.name} was loaded though every vector is known")


@pytest.fixture(autouse=True)
def logging_ends_with_the_test() -> Iterator[None]:
    """Take away the handlers that a test's program put on the root logger, and its level: the next test has its own."""
    root = logging.getLogger()
    before, level = set(root.handlers), root.level
    yield
    root.setLevel(level)
    for handler in set(root.handlers) - before:
        if not type(handler).__module__.startswith("_pytest"):
            root.removeHandler(handler)


@pytest.fixture(scope="session")
def model() -> Model:
    return find_model(DEFAULT_MODEL)


@pytest.fixture(scope="session")
def embedder(model: Model) -> Embedder:
    torch.set_num_threads(1)
    return Embedder(model)


@pytest.fixture(scope="session")
def tiny_reranker(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    """Return the folder of a CrossEncoder that finds a text as relevant as it holds a question's rare words."""
    return build_reranker(tmp_path_factory.mktemp("reranker"), model.folder)


@pytest.fixture(scope="session")
def tiny_nli(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    """Return the folder of a CrossEncoder for natural language inference: see `tests.tiny_cross_encoder`."""
    return build_nli(tmp_path_factory.mktemp("nli"), model.folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """Return the folder of a shelf with `ARTICLES` indexed: to be copied, never to be opened."""
    folder = tmp_path_factory.mktemp("built")
    shelf = Shelf(folder, embedder)
    for source, text in ARTICLES.items():
        shelf.put(source, text)
    shelf.refresh()
    return folder


@pytest.fixture
def empty_shelf(tmp_path: Path, embedder: Embedder) -> Iterator[Shelf]:
    """Give a shelf with no documents and no index."""
    shelf = Shelf(tmp_path, embedder)
    yield shelf
    shelf.close()


@pytest.fixture
def shelf(tmp_path: Path, built: Path, embedder: Embedder) -> Iterator[Shelf]:
    """Give a shelf of its own with `ARTICLES` indexed."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    shelf = Shelf(tmp_path, embedder)
    yield shelf
    shelf.close()


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory, built: Path, embedder: Embedder) -> Iterator[Library]:
    """Give a library over `ARTICLES`, open once for all tests that only read."""
    folder = tmp_path_factory.mktemp("articles")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    shelf = Shelf(folder, embedder)
    yield shelf.library()
    shelf.close()
