"""A library that shares its generations, through a store in memory: two machines in one process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from index.access import OPERATOR
from index.building import compacting, writer
from index.building.compacting import CompactRequest
from index.errors import StoreUnavailable
from index.library import Library
from index.models.model import DEFAULT_MODEL
from index.publishing.generations import PublishedGenerations
from index.publishing.object_store import ObjectStore, open_store
from index.report import Progress
from index.store.data_folder import DataFolder
from tests.conftest import Shelf


class Away(ObjectStore):
    """A store that cannot be reached."""

    def __init__(self) -> None:
        super().__init__("s3://away", None, "")

    def names(self, folder: str) -> list[str]:
        raise StoreUnavailable("s3://away cannot be reached")


@pytest.fixture
def url() -> str:
    return f"memory://{uuid4().hex}"


def sharing(shelf: Shelf, url: str, data: Path | None = None) -> Library:
    published = PublishedGenerations(partial(open_store, url))
    return Library(shelf.corpus, data or shelf.data, DEFAULT_MODEL, lambda _: shelf.embedder, published=published)


def number(library: Library) -> int | None:
    generation = library.generation(OPERATOR)
    return generation.number if generation else None


def test_what_one_library_indexes_another_serves_and_goes_back_from(shelf: Shelf, url: str, tmp_path: Path) -> None:
    builder, reader = sharing(shelf, url), sharing(shelf, url, tmp_path / "elsewhere")
    assert number(reader) is None
    # What was there before generations were shared is published too, though nothing has changed.
    assert builder.reindex().generation == 1
    assert reader.reload() is False
    assert number(reader) == 1
    assert reader.search("cats", OPERATOR).hits

    shelf.put("cats.txt", "Cats chase zebras.\n")
    report = builder.reindex()
    assert (report.generation, "publishing" in report.stages) == (2, True)
    assert reader.reload() is True
    assert reader.search("cats", OPERATOR).hits[0].passage.text == "Cats chase zebras."

    assert builder.roll_back().number == 3
    assert number(builder) == 3
    assert reader.reload() is True
    assert "hunt mice" in reader.search("cats", OPERATOR).hits[0].passage.text
    builder.close()
    reader.close()


def test_what_is_tidied_up_is_published_too(
    shelf: Shelf, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(job: CompactRequest, progress: Callable[[Progress], None]) -> int | None:
        """Compact in this process, in which little is due."""
        made = compacting.compact(job, lambda _: shelf.embedder, progress)
        return made.number if made else None

    monkeypatch.setattr(compacting, "_FEW", 0)
    monkeypatch.setattr(compacting, "_SHARE", 0.0)
    monkeypatch.setattr(writer, "run_compaction", here)
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    PublishedGenerations(partial(open_store, url)).push(shelf.folder, 2)
    builder, reader = sharing(shelf, url), sharing(shelf, url, tmp_path / "elsewhere")
    assert builder.compact() is True
    reader.reload()
    assert (number(builder), number(reader)) == (3, 3)
    assert reader.search("zebras", OPERATOR).hits[0].passage.text == "Cats chase zebras."
    assert builder.compact() is False
    builder.close()
    reader.close()


def test_while_the_store_is_away_what_is_here_is_served_and_nothing_is_indexed(shelf: Shelf) -> None:
    published = PublishedGenerations(Away)
    library = Library(shelf.corpus, shelf.data, DEFAULT_MODEL, lambda _: shelf.embedder, published=published)
    assert library.reload() is False
    assert library.out_of_touch == "s3://away cannot be reached"
    assert library.search("cats", OPERATOR).hits
    shelf.put("cats.txt", "Cats chase zebras.\n")
    for change in (library.reindex, library.roll_back):
        with pytest.raises(StoreUnavailable):
            change()
    assert DataFolder(shelf.data).published() == [1]
    library.close()


def test_a_library_that_shares_nothing_is_never_out_of_touch(shelf: Shelf) -> None:
    assert shelf.library().out_of_touch is None
