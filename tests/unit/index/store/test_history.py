from contextlib import closing

import pytest

from index.access import OPERATOR
from index.errors import GenerationGone, IndexDamaged, WriterBusy
from index.store.history import history, roll_back
from tests.conftest import Shelf


@pytest.fixture
def changed(shelf: Shelf) -> Shelf:
    """Index the articles, and then without one."""
    shelf.drop("cats.txt")
    shelf.refresh()
    return shelf


def sources(shelf: Shelf) -> list[str]:
    with closing(shelf.generation()) as generation:
        return [document.source for document in generation.catalogue.documents()]


def test_an_earlier_generation_comes_back_under_a_new_number_and_a_refresh_ends_that(changed: Shelf) -> None:
    with closing(changed.library()) as library:
        assert "cats.txt" not in [document.source for document in library.sources(OPERATOR)]
        restored = library.roll_back()
        assert (restored.number, restored.restored, restored.documents) == (3, 1, 5)
        assert "cats.txt" in [document.source for document in library.sources(OPERATOR)]
        assert library.search("cats", OPERATOR, 1).hits[0].document.source == "cats.txt"
        assert [(one.number, one.restored) for one in library.history()] == [(3, 1), (2, None), (1, None)]
    report = changed.refresh()
    assert (report.generation, report.removed) == (4, ("cats.txt",))
    assert "cats.txt" not in sources(changed)


def test_going_back_can_be_undone_and_a_number_is_never_used_twice(changed: Shelf) -> None:
    assert roll_back(changed.folder, 1).number == 3
    assert (roll_back(changed.folder, 2).number, changed.folder.current()) == (4, 4)
    assert "cats.txt" not in sources(changed)
    assert roll_back(changed.folder, 3).restored == 1


def test_a_refresh_that_finds_what_was_gone_back_to_is_a_generation_of_its_own(changed: Shelf) -> None:
    roll_back(changed.folder)
    changed.put("cats.txt", (b"Cats sleep for most of the day. They hunt mice at night.\n"))
    changed.refresh()
    assert next((one.number, one.restored) for one in history(changed.folder)) == (4, None)


def test_nothing_is_copied(changed: Shelf) -> None:
    restored = roll_back(changed.folder)
    folders = changed.folder.generation(1), changed.folder.generation(restored.number)
    assert all((folders[0] / name).samefile(folders[1] / name) for name in restored.files)


@pytest.mark.parametrize("number", [2, 7])
def test_what_is_in_use_or_not_kept_cannot_be_gone_back_to(changed: Shelf, number: int) -> None:
    with pytest.raises(GenerationGone, match=f"no earlier generation {number} to go back to; kept are: 1"):
        roll_back(changed.folder, number)


def test_where_there_is_one_generation_there_is_no_way_back(shelf: Shelf) -> None:
    with pytest.raises(GenerationGone, match="kept are: none"):
        roll_back(shelf.folder)


def test_a_damaged_generation_is_not_gone_back_to(changed: Shelf) -> None:
    with (changed.folder.generation(1) / "passages.sqlite").open("ab") as file:
        file.write(b"x")
    with pytest.raises(IndexDamaged):
        roll_back(changed.folder)
    assert changed.folder.current() == 2


def test_nobody_goes_back_while_a_refresh_runs(changed: Shelf) -> None:
    with changed.folder.lock(), pytest.raises(WriterBusy):
        roll_back(changed.folder)
