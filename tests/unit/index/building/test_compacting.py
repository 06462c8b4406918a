import random
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.access import NOTHING_HIDDEN, OPERATOR
from index.building import compacting, writer
from index.building.compacting import CompactRequest, compact, is_due
from index.building.refresh import refresh
from index.building.writer import run_compaction
from index.documents import EVERYTHING
from index.errors import WriterBusy
from index.models.model import DEFAULT_MODEL
from index.report import Progress
from index.store.data_folder import DataFolder
from index.store.history import roll_back
from index.store.manifest import Manifest, read_manifest
from tests.conftest import Shelf
from tests.torture.corpus import Place, load, made_up

QUESTIONS = [f"Edition {number % 4} of document {number}, part {number % 3}" for number in range(12)]


@pytest.fixture
def little_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "_FEW", 0)
    monkeypatch.setattr(compacting, "_SHARE", 0.0)


def request(shelf: Shelf) -> CompactRequest:
    return CompactRequest(shelf.data, DEFAULT_MODEL)


def compacted(shelf: Shelf) -> Manifest | None:
    return compact(request(shelf), lambda _: shelf.embedder, lambda _: None)


def current(shelf: Shelf) -> Manifest:
    return read_manifest(shelf.folder.generation(shelf.folder.current() or 0))


def everything(data: Path) -> dict[str, Any]:
    """Return what an index holds and finds, however it came about, but for what rarity of words has to do with."""
    shelf = Shelf.__new__(Shelf)
    shelf.folder = DataFolder(data)
    with closing(Shelf.generation(shelf)) as generation:
        catalogue = generation.catalogue
        ids = catalogue.passage_ids()
        return {
            "documents": catalogue.documents(),
            "passages": catalogue.passages(ids),
            "vectors": catalogue.vectors(ids),
            "spelled": catalogue.spelled(3, 30, NOTHING_HIDDEN),
            "counts": (generation.manifest.documents, generation.manifest.passages, generation.lexical.count()),
            "languages": generation.manifest.languages,
            "near": [
                generation.dense.nearest(made_up(question), 10, EVERYTHING, NOTHING_HIDDEN) for question in QUESTIONS
            ],
            "self": [
                list(generation.dense.nearest(vector, 1, EVERYTHING, NOTHING_HIDDEN)) == [id_]
                for id_, vector in generation.dense.vectors(ids).items()
            ],
        }


@pytest.mark.usefixtures("little_is_due")
@pytest.mark.parametrize("seed", range(3))
def test_any_edits_give_the_index_that_building_afresh_gives(tmp_path: Path, seed: int) -> None:
    chance, place = random.Random(seed), Place.make(tmp_path)
    place.write(0, 12, 3)
    place.refresh()
    for edition in range(1, 5):
        editions = Place.make(tmp_path / f"edition {edition}")
        editions.write(edition, 14, 3)
        for number in chance.sample(range(14), 3):
            path = place.corpus / f"d{number}.md"
            if path.exists() and chance.random() < 0.3:
                path.unlink()
            else:
                shutil.copy(editions.corpus / path.name, path)
        place.refresh()
        if edition == 3:
            compact(CompactRequest(place.data, DEFAULT_MODEL), load, lambda _: None)
    afresh = Place(place.corpus, tmp_path / "afresh")
    afresh.refresh()
    found, expected = everything(place.data), everything(afresh.data)
    near, truly = found.pop("near"), expected.pop("near")
    assert found == expected
    assert all(expected["self"])
    for one, other in zip(near, truly, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


@pytest.mark.usefixtures("little_is_due")
def test_what_has_changed_and_the_base_become_one(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    before = current(shelf)
    assert before.changed == 2
    library = shelf.library()
    hits = library.search("zebras", OPERATOR).hits
    assert compacted(shelf)
    assert library.reload()
    after = current(shelf)
    assert (after.number, after.changed) == (3, 0)
    assert (after.documents, after.passages, after.languages) == (before.documents, before.passages, before.languages)
    assert [hit.passage for hit in library.search("zebras", OPERATOR).hits][:1] == [hit.passage for hit in hits][:1]
    served = library.generation(OPERATOR)
    assert served is not None
    assert served.number == 3
    assert not library.compact()
    assert shelf.refresh().generation == 3


@pytest.mark.usefixtures("little_is_due")
def test_what_is_compacted_is_held_back_for_whoever_publishes_it(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    held = compact(replace(request(shelf), held=True), lambda _: shelf.embedder, lambda _: None)
    assert held is not None
    assert (current(shelf).number, held.number) == (2, 3)
    assert read_manifest(shelf.folder.held(3)) == held


@pytest.mark.usefixtures("little_is_due")
def test_while_a_refresh_waits_to_be_published_nothing_takes_its_place(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    shelf.put("cats.txt", "Cats eat fish.\n")
    refresh(replace(shelf.job(), held=True), lambda _: shelf.embedder, lambda _: None)
    waiting = read_manifest(shelf.folder.held(3))
    assert compacted(shelf) is None
    assert read_manifest(shelf.folder.held(3)) == waiting
    assert current(shelf).number == 2
    # Whoever refreshes next begins anew: it was never published.
    assert shelf.refresh().generation == 3
    assert not shelf.folder.holds_back()


@pytest.mark.usefixtures("little_is_due")
def test_what_is_refreshed_meanwhile_is_kept(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()

    def refresh(_: Progress) -> None:
        shelf.put("dogs.txt", "Dogs chase wombats.\n")
        shelf.drop("people/huang.md")
        shelf.refresh()

    manifest = compact(request(shelf), lambda _: shelf.embedder, refresh)
    assert manifest is not None
    assert (manifest.number, manifest.documents, manifest.changed) == (4, 5, 2)
    with closing(shelf.library()) as library:
        sources = [document.source for document in library.sources(OPERATOR)]
        assert sources == ["cats.txt", "chips/blackwell.md", "chips/h20.md", "dogs.txt", "zh/sales.md"]
        assert library.search("wombats", OPERATOR).hits[0].document.source == "dogs.txt"
    assert shelf.refresh().generation == 4
    assert shelf.leftovers() == []


@pytest.mark.usefixtures("little_is_due")
def test_what_was_gone_back_to_meanwhile_stays(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()

    def go_back(_: Progress) -> None:
        roll_back(shelf.folder, 1)

    assert compact(request(shelf), lambda _: shelf.embedder, go_back) is None
    assert current(shelf).restored == 1
    assert compacted(shelf) is None


@pytest.mark.usefixtures("little_is_due")
def test_one_process_compacts_at_one_time(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    with shelf.folder.compacting() as folder:
        with pytest.raises(WriterBusy, match="compacting"):
            compacted(shelf)
        shelf.folder.sweep()
        assert folder.exists()
    assert not folder.exists()
    folder.mkdir()
    shelf.folder.sweep()
    assert not folder.exists()


def test_little_that_has_changed_is_left_as_it_is(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    shelf.refresh()
    assert compacted(shelf) is None
    assert not is_due(current(shelf))
    assert not run_compaction(request(shelf), lambda _: None)
    assert writer.run(shelf.job(), lambda _: None).generation == 2
