import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.access import OPERATOR
from index.documents import EVERYTHING, Filter
from index.errors import IndexDamaged, VectorsUnavailable
from index.hits import Query
from index.serving.retrieval import search
from index.sources.rules import Rules
from index.store.dense import DenseIndex
from tests.conftest import Shelf


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def files(shelf: Shelf) -> list[Path]:
    folder = shelf.folder.generation(1)
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
def test_damage_to_any_file_is_detected_before_anything_is_served(shelf: Shelf, damage: Callable[[Path], None]) -> None:
    damaged = files(shelf)
    assert {"manifest.json", "passages.sqlite", "meta.json", "chroma.sqlite3"} <= {path.name for path in damaged}
    for path in damaged:
        content = path.read_bytes()
        damage(path)
        with pytest.raises(IndexDamaged):
            shelf.generation()
        path.write_bytes(content)
    shelf.generation().close()


def test_damage_done_after_opening_is_detected_when_the_vectors_are_copied(shelf: Shelf) -> None:
    generation = shelf.generation()
    flip(next((shelf.folder.generation(1) / "chroma").glob("*.sqlite3")))
    with pytest.raises(IndexDamaged):
        generation.warm_up()
    generation.close()
    assert shelf.leftovers() == []


def test_a_disk_too_full_for_chroma_to_open_its_copy_leaves_the_words(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> DenseIndex:
        raise IndexDamaged("the vector index cannot be opened") from RuntimeError("database or disk is full")

    generation = shelf.generation()
    monkeypatch.setattr(DenseIndex, "open", full)
    with pytest.raises(VectorsUnavailable, match="make room"):
        _ = generation.dense
    assert shelf.leftovers() == []
    generation.warm_up()
    generation.close()


def test_being_searched_changes_nothing_in_a_published_generation(shelf: Shelf) -> None:
    before = shelf.sums(1)
    stamps = {path: path.stat().st_mtime_ns for path in files(shelf)}
    generation = shelf.generation()
    generation.warm_up()
    query = Query("Who leads Nvidia?", shelf.embedder.embed_query("Who leads Nvidia?"))
    assert search(generation, generation.sight(OPERATOR, Rules()), query, 5, EVERYTHING).hits
    assert search(generation, generation.sight(OPERATOR, Rules()), query, 5, Filter(source="people")).hits
    generation.catalogue.documents()
    generation.close()
    assert shelf.sums(1) == before
    assert {path: path.stat().st_mtime_ns for path in files(shelf)} == stamps


def test_vectors_are_served_from_a_copy_that_goes_when_the_generation_is_closed(shelf: Shelf) -> None:
    generation = shelf.generation()
    assert shelf.leftovers() == []
    generation.warm_up()
    assert len(shelf.leftovers()) == 1
    generation.close()
    assert shelf.leftovers() == []


def test_a_generation_stays_whole_while_it_is_open_whatever_is_published(shelf: Shelf) -> None:
    generation = shelf.generation()
    for text in ("one", "two"):
        shelf.put("cats.txt", f"Cats have {text} tails.\n")
        shelf.refresh()
    assert shelf.folder.published() == [3, 2, 1]
    generation.warm_up()
    (hit,) = search(generation, generation.sight(OPERATOR, Rules()), Query("hunt mice", None), 1, EVERYTHING).hits
    assert "hunt mice" in hit.passage.text
    generation.close()
    shelf.folder.sweep()
    assert shelf.folder.published() == [3, 2]


def test_a_generation_that_is_not_there_is_damaged(shelf: Shelf) -> None:
    (shelf.data / "CURRENT").write_text("9\n")
    with pytest.raises(IndexDamaged):
        shelf.generation()


def test_a_generation_that_is_for_reading_alone_is_served_from_copies_elsewhere(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    monkeypatch.setattr("os.access", lambda *_: False)
    (shelf.data / "serving").write_text("where no folder can be made")
    generation = shelf.generation()
    generation.warm_up()
    assert sorted(path.name for folder in elsewhere.iterdir() for path in folder.iterdir()) == ["chroma", "lexical"]
    generation.close()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["manifest.json", "passages.sqlite", "chroma/chroma.sqlite3", "lexical/meta.json"])
def test_a_file_that_cannot_be_read_is_damage_that_names_it_and_whose_it_is(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = shelf.folder.generation(1) / name
    whole = io.open

    def refuses(file: object, *rest: Any, **more: Any) -> Any:
        if file == path:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return whole(file, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("io.open", refuses)
    with pytest.raises(IndexDamaged, match="Permission denied; it belongs to ") as damage:
        shelf.generation()
    assert str(path) in str(damage.value)
