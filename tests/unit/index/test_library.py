import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.access import OPERATOR
from index.building.refresh import refresh
from index.errors import IndexDamaged, IndexMissing, UnknownDocument
from index.hits import OlderGeneration, SearchedByWords
from index.library import Library
from index.store import manifest
from index.store.catalogue import CATALOGUE
from tests.conftest import ARTICLES, Shelf


def change(shelf: Shelf, text: str = "Cats chase zebras.\n") -> None:
    """Let another process publish a generation in which the cats are different."""
    shelf.put("cats.txt", text)
    shelf.refresh()


def cats(library: Library) -> str:
    return library.search("cats", OPERATOR).hits[0].passage.text


def test_where_nothing_was_indexed_that_is_said(empty_shelf: Shelf) -> None:
    library = empty_shelf.library()
    assert library.generation(OPERATOR) is None
    assert library.reload() is False
    asks: tuple[Callable[[], object], ...] = (
        lambda: library.sources(OPERATOR),
        lambda: library.search("cats", OPERATOR),
        lambda: library.document("1", OPERATOR),
    )
    for ask in asks:
        with pytest.raises(IndexMissing, match="footnote refresh"):
            ask()


def test_it_knows_its_generation_and_its_sources(articles: Library) -> None:
    generation = articles.generation(OPERATOR)
    assert generation is not None
    assert (generation.number, generation.documents, generation.languages) == (1, 5, ("en", "zh"))
    assert [record.source for record in articles.sources(OPERATOR)] == sorted(ARTICLES)


def test_it_shows_a_whole_document(articles: Library) -> None:
    (hit,) = articles.search("Huang", OPERATOR, k=1).hits
    assert articles.document(hit.document.id, OPERATOR).text.endswith("He wears a leather jacket on every stage.")
    with pytest.raises(UnknownDocument):
        articles.document("none", OPERATOR)


def test_looking_at_the_sources_needs_neither_model_nor_vectors(shelf: Shelf) -> None:
    def load(_: object) -> object:
        raise AssertionError("the model was loaded")

    library = Library(shelf.corpus, shelf.data, "no such model", load)  # type: ignore[arg-type]
    assert len(library.sources(OPERATOR)) == 5
    assert shelf.leftovers() == []
    library.close()


@pytest.fixture
def other_model(shelf: Shelf, tmp_path: Path) -> str:
    """Return the folder of a model that is the same but for its window, which its fingerprint tells."""
    model = tmp_path / "model"
    model.mkdir()
    for path in shelf.embedder.model.folder.iterdir():
        (model / path.name).symlink_to(path)
    (model / "sentence_bert_config.json").unlink()
    return str(model)


def test_a_question_is_not_held_against_vectors_of_another_model(shelf: Shelf, other_model: str) -> None:
    with pytest.raises(IndexMissing, match="another model"):
        shelf.library(other_model).search("cats", OPERATOR)


def test_it_is_the_pinned_generation_whose_model_counts(shelf: Shelf, other_model: str) -> None:
    library = shelf.library()
    with library.pinned(OPERATOR) as snapshot:
        refresh(replace(shelf.job(), model=other_model), lambda _: shelf.embedder, lambda _: None)
        assert library.reload() is True
        assert snapshot.search("cats").hits
        with pytest.raises(IndexMissing, match="another model"):
            library.search("cats", OPERATOR)


def test_a_new_generation_is_served_after_a_reload_and_the_old_until_then(shelf: Shelf) -> None:
    library = shelf.library()
    before = cats(library)
    change(shelf)
    assert cats(library) == before
    assert library.reload() is True
    assert cats(library) == "Cats chase zebras."
    assert library.reload() is False
    assert len(shelf.leftovers()) == 1


def test_a_reader_keeps_the_generation_it_began_with(shelf: Shelf) -> None:
    library = shelf.library()
    with library.pinned(OPERATOR) as pinned:
        change(shelf)
        change(shelf, "Cats eat fish.\n")
        assert library.reload() is True
        assert pinned.manifest.number == 1
        assert "hunt mice" in pinned.search("cats").hits[0].passage.text
        assert [pinned.document(each.id).metadata for each in pinned.documents()] == list(pinned.documents())
        generation = library.generation(OPERATOR)
        assert generation is not None and generation.number == 3
    assert len(shelf.leftovers()) == 1
    shelf.folder.sweep()
    assert shelf.folder.published() == [3, 2]


def test_a_library_that_is_closed_leaves_nothing_and_can_be_asked_again(shelf: Shelf) -> None:
    library = shelf.library()
    assert library.search("cats", OPERATOR).hits
    library.close()
    library.close()
    assert shelf.leftovers() == []
    assert library.search("cats", OPERATOR).hits


def test_closing_waits_for_the_last_question(shelf: Shelf) -> None:
    library = shelf.library()
    with library.pinned(OPERATOR) as snapshot:
        assert snapshot.search("cats").hits
        library.close()
        assert len(snapshot.documents()) == 5
    assert shelf.leftovers() == []


@pytest.mark.parametrize("part", ["manifest.json", CATALOGUE, "lexical/meta.json", "chroma/chroma.sqlite3"])
def test_where_the_newest_generation_is_damaged_the_one_before_is_served(shelf: Shelf, part: str) -> None:
    change(shelf)
    path = shelf.folder.generation(2) / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    library = shelf.library()
    assert "hunt mice" in " ".join(hit.passage.text for hit in library.search("cats", OPERATOR).hits)
    assert library.reload() is False
    report = shelf.refresh()
    assert report.generation == 3
    assert library.reload() is True
    assert cats(library) == "Cats chase zebras."


def test_damage_to_what_generations_share_is_noticed_by_the_next_refresh(shelf: Shelf) -> None:
    library = shelf.library()
    # Now the model is loaded here, and no child has to.
    library.search("cats", OPERATOR)
    for tails in range(4):
        shelf.put("cats.txt", f"Cats have {tails} tails.\n")
        library.reindex()
    assert shelf.folder.published() == [5, 4]
    path = shelf.folder.generation(5) / CATALOGUE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    shelf.put("cats.txt", "Cats chase zebras.\n")
    assert library.reindex().changed == ("cats.txt",)
    for opened in (library, shelf.library()):
        assert opened.search("cats", OPERATOR).notes == ()
        assert cats(opened) == "Cats chase zebras."


def test_a_damaged_generation_is_found_out_once_and_answers_say_that_they_are_of_an_older_one(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library = shelf.library()
    assert library.search("cats", OPERATOR).notes == ()
    change(shelf)
    path = shelf.folder.generation(2) / CATALOGUE
    whole = path.read_bytes()
    path.write_bytes(b"damaged")
    hashed: list[Path] = []
    verify = manifest.verify

    def counted(folder: Path, *rest: Any, **more: Any) -> None:
        hashed.append(folder)
        verify(folder, *rest, **more)

    monkeypatch.setattr("index.store.generation.verify", counted)
    assert [library.reload() for _ in range(5)] == [False] * 5
    assert [folder.name for folder in hashed] == ["000002"]
    assert len(caplog.records) == 1
    assert library.search("cats", OPERATOR).notes == (OlderGeneration(2),)
    path.write_bytes(whole)
    assert library.reload() is True
    assert library.search("cats", OPERATOR).notes == ()


def test_who_begins_with_an_older_generation_is_told_so(shelf: Shelf) -> None:
    change(shelf)
    (shelf.folder.generation(2) / CATALOGUE).write_bytes(b"damaged")
    assert shelf.library().search("cats", OPERATOR).notes == (OlderGeneration(2),)


def test_where_the_vectors_find_no_place_words_are_searched_until_they_do(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shelf.library()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    now = [0.0]
    monkeypatch.setattr("index.store.attempts.monotonic", lambda: now[0])
    with monkeypatch.context() as patch:
        patch.setattr("index.store.data_folder.copy_tree", full)
        found = library.search("cats hunt mice", OPERATOR)
        assert found.notes == (SearchedByWords(),)
        assert "hunt mice" in found.hits[0].passage.text
        assert found.hits[0].cosine is None
    assert library.search("cats", OPERATOR).notes == (SearchedByWords(),)
    now[0] = 61.0
    assert library.search("cats", OPERATOR).notes == ()
    assert library.search("cats", OPERATOR).hits[0].cosine is not None


def test_a_generation_that_finds_no_place_for_its_vectors_is_served_none_the_less(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shelf.library()
    library.search("cats", OPERATOR)
    change(shelf)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("index.store.data_folder.copy_tree", full)
    assert library.reload() is True
    assert cats(library) == "Cats chase zebras."


def gone(shelf: Shelf) -> None:
    shelf.folder.generation(1).rename(shelf.data / "elsewhere")


def damaged(shelf: Shelf) -> None:
    (shelf.folder.generation(1) / CATALOGUE).write_bytes(b"damaged")


@pytest.mark.parametrize("harm", [gone, damaged])
def test_where_no_generation_is_whole_that_is_said(shelf: Shelf, harm: Callable[[Shelf], None]) -> None:
    harm(shelf)
    with pytest.raises(IndexDamaged, match="footnote refresh"):
        shelf.library().search("cats", OPERATOR)


def test_many_threads_have_the_answers_that_one_has(shelf: Shelf) -> None:
    library = shelf.library()
    questions = ["cats", "Who leads Nvidia?", "H20 licence", "北京", "Blackwell memory"] * 8
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: library.search(question, OPERATOR), questions))
    assert [answer.query for answer in together] == questions
    assert [[hit.passage.id for hit in answer.hits] for answer in together] == [
        [hit.passage.id for hit in library.search(question, OPERATOR).hits] for question in questions
    ]


def test_questions_are_answered_while_generations_come_and_go(shelf: Shelf) -> None:
    library = shelf.library()
    library.search("cats", OPERATOR)

    def ask(_: int) -> tuple[int, str]:
        found = library.search("cats", OPERATOR, k=1)
        return found.generation, found.hits[0].passage.text

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ask, number) for number in range(20)]
        for number in (2, 3):
            change(shelf, f"Cats of generation {number}.\n")
            assert library.reload() is True
            answers += [pool.submit(ask, number) for number in range(20)]
    texts = {2: "Cats of generation 2.", 3: "Cats of generation 3."}
    for answer in answers:
        generation, text = answer.result()
        assert text == texts.get(generation, "Cats sleep for most of the day. They hunt mice at night.")
    assert len(shelf.leftovers()) == 1
