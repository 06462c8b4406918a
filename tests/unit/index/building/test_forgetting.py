from contextlib import closing

from index.store.vectors import VectorCache
from tests.conftest import Shelf, no_model


def entries(shelf: Shelf) -> int:
    with closing(VectorCache(shelf.folder.vectors)) as cache:
        return cache.count()


def rewrite(shelf: Shelf, round_: int) -> int:
    """Let every document be another, and return how many vectors are cached then."""
    for name in range(5):
        shelf.put(f"d{name}.txt", f"Document {name} of round {round_} has one sentence.\n")
    shelf.refresh()
    return entries(shelf)


def test_a_cache_holds_at_most_three_times_what_the_kept_generations_use(empty_shelf: Shelf) -> None:
    counts = [rewrite(empty_shelf, round_) for round_ in range(8)]
    assert counts[1] == 10
    # Two generations are kept, with five passages each.
    assert max(counts) <= 3 * 10
    assert min(counts[2:]) == 10


def test_what_both_kept_generations_use_is_never_dropped(empty_shelf: Shelf) -> None:
    for round_ in range(8):
        rewrite(empty_shelf, round_)
    # The generation before this one is built upon, and then the one itself built afresh, from known vectors alone.
    for name in range(5):
        empty_shelf.put(f"d{name}.txt", f"Document {name} of round 6 has one sentence.\n")
    assert empty_shelf.refresh(load=no_model).embedded == 0


def test_nothing_is_dropped_while_a_kept_generation_cannot_be_read(empty_shelf: Shelf) -> None:
    before = max(rewrite(empty_shelf, round_) for round_ in range(6))
    assert before == 30
    newest = empty_shelf.folder.published()[0]
    (empty_shelf.folder.generation(newest) / "manifest.json").write_text("{}")
    assert rewrite(empty_shelf, 6) == 35
    assert rewrite(empty_shelf, 7) == 10
