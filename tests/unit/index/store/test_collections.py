"""Vectors on a real Chroma server, which hangs, is killed, loses what it has and comes back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from index.access import OPERATOR
from index.building.refresh import refresh
from index.errors import IndexDamaged, VectorsUnavailable
from index.hits import SearchedByWords
from index.library import Library
from index.models.model import DEFAULT_MODEL
from index.report import RefreshReport
from index.store.chroma_server import ChromaServer
from index.store.collections import Collections
from index.store.data_folder import DataFolder
from index.store.manifest import read_manifest
from index.store.vector_store import DENSE, collection_of, refer
from tests.chroma_servers import ChromaProcess, GuardedServer
from tests.conftest import Shelf, no_model

QUESTION = "Who leads Nvidia?"


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    with ChromaProcess(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time in a list, to be put forward: when a lost server is asked again."""
    now = [0.0]
    monkeypatch.setattr("index.store.attempts.monotonic", lambda: now[0])
    return now


def built(shelf: Shelf, server: ChromaServer | None, load: Any = no_model) -> RefreshReport:
    """Refresh with the vectors kept on a server; those of the articles are known."""
    return refresh(replace(shelf.job(), chroma=server), load, lambda _: None)


def changed(shelf: Shelf, server: ChromaServer | None) -> RefreshReport:
    shelf.put("cats.txt", f"Cats sleep {monotonic()} hours a day.\n")
    return built(shelf, server, lambda _: shelf.embedder)


def library(shelf: Shelf, server: ChromaServer | None) -> Library:
    return Library(shelf.corpus, shelf.data, DEFAULT_MODEL, lambda _: shelf.embedder, chroma=server)


def collection(shelf: Shelf, number: int) -> str:
    name = collection_of(shelf.folder.generation(number) / DENSE)
    assert name
    return name


def anew(shelf: Shelf, server: ChromaServer) -> str:
    """Build a new base, and return its collection."""
    number = changed(shelf, None).generation + 1
    assert built(shelf, server).generation == number
    return collection(shelf, number)


def test_an_index_that_was_in_its_folder_moves_to_the_server_and_back_and_needs_no_model(
    shelf: Shelf, chroma: ChromaProcess
) -> None:
    in_folder = [(hit.passage.id, hit.score) for hit in library(shelf, None).search(QUESTION, OPERATOR).hits]
    assert built(shelf, chroma.server).generation == 2
    assert [path.name for path in (shelf.folder.generation(2) / DENSE).iterdir()] == ["collection.json"]
    found = library(shelf, chroma.server).search(QUESTION, OPERATOR)
    assert [(hit.passage.id, hit.score) for hit in found.hits] == in_folder
    assert found.notes == ()
    # Without CHROMA_URL words are searched, and a refresh brings the vectors back.
    without = library(shelf, None)
    assert without.search(QUESTION, OPERATOR).notes == (SearchedByWords(),)
    assert "set CHROMA_URL" in str(without.words_alone)
    assert built(shelf, None).generation == 3
    assert without.reload()
    assert without.search(QUESTION, OPERATOR).notes == ()
    assert without.words_alone is None


def test_what_changes_is_put_upon_the_same_collection_while_the_server_is_away_too(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with ChromaProcess(tmp_path / "own") as chroma:
        built(shelf, chroma.server)
        assert built(shelf, chroma.server).generation == 2
        assert changed(shelf, chroma.server).generation == 3
    assert changed(shelf, chroma.server).generation == 4
    assert "only what has changed is indexed" in caplog.text
    assert len({collection(shelf, number) for number in (3, 4)}) == 1


def test_without_the_server_no_new_base_is_built_and_the_old_index_stays(shelf: Shelf) -> None:
    away = ChromaServer("http://someone:hidden@127.0.0.1:9")
    with pytest.raises(VectorsUnavailable, match=r"http://127\.0\.0\.1:9 cannot be reached") as told:
        built(shelf, away)
    assert "hidden" not in str(told.value) + repr(replace(away, token="hidden"))
    assert shelf.folder.current() == 1
    assert library(shelf, away).search(QUESTION, OPERATOR).notes == ()


def test_a_server_that_is_lost_leaves_the_words_and_is_found_again_without_a_restart(
    shelf: Shelf, tmp_path: Path, now: list[float]
) -> None:
    with ChromaProcess(tmp_path / "own") as chroma:
        built(shelf, chroma.server)
        bot = library(shelf, chroma.server)
        assert bot.search(QUESTION, OPERATOR).notes == ()
        chroma.kill()
        found = bot.search("Who leads Nvidia?", OPERATOR)
        assert found.notes == (SearchedByWords(),)
        assert "leads Nvidia" in found.hits[0].passage.text
        assert "cannot be reached" in str(bot.words_alone)
        chroma.start()
        # Nobody waits for it again until some time has passed; then it is looked for before anybody asks.
        assert bot.search(QUESTION, OPERATOR).notes == (SearchedByWords(),)
        now[0] = 6.0
        assert bot.reload() is False
        assert bot.words_alone is None
        assert bot.search(QUESTION, OPERATOR).notes == ()
        bot.close()


def test_a_server_that_hangs_costs_the_first_question_two_seconds_and_the_others_nothing(
    shelf: Shelf, chroma: ChromaProcess, now: list[float]
) -> None:
    built(shelf, chroma.server)
    bot = library(shelf, chroma.server)
    bot.search(QUESTION, OPERATOR)
    with chroma.hanging():
        assert bot.search(QUESTION, OPERATOR).notes == (SearchedByWords(),)
        assert bot.words_alone == f"the Chroma server at {chroma.url} does not answer within 2 s"
        assert bot.search(QUESTION, OPERATOR).notes == (SearchedByWords(),)
    now[0] = 6.0
    assert bot.search(QUESTION, OPERATOR).notes == ()


def incomplete(chroma: ChromaProcess, name: str) -> None:
    chroma.server.connect(5)._collection(name).modify(metadata={"footnote": "in the making"})


def emptied(chroma: ChromaProcess, name: str) -> None:
    dense = chroma.server.connect(5).open(name)
    dense.delete(list(dense.ids())[:2])


def deleted(chroma: ChromaProcess, name: str) -> None:
    chroma.server.connect(5).delete(name)


@pytest.mark.parametrize(
    ("harm", "told"), [(incomplete, "is not complete"), (emptied, "is not complete"), (deleted, "is not at")]
)
def test_a_collection_that_is_half_there_is_never_served_and_the_next_refresh_builds_it_anew(
    shelf: Shelf, chroma: ChromaProcess, harm: Callable[[ChromaProcess, str], None], told: str, now: list[float]
) -> None:
    built(shelf, chroma.server)
    harm(chroma, collection(shelf, 2))
    bot = library(shelf, chroma.server)
    assert bot.search(QUESTION, OPERATOR).notes == (SearchedByWords(),)
    assert told in str(bot.words_alone)
    assert built(shelf, chroma.server).generation == 3
    assert bot.reload()
    assert bot.search(QUESTION, OPERATOR).notes == ()


def test_the_last_three_collections_are_kept_and_those_that_others_made_are_left_alone(
    shelf: Shelf, tmp_path: Path
) -> None:
    with ChromaProcess(tmp_path / "own") as chroma:
        Collections(DataFolder(tmp_path / "another"), chroma.server)
        (tmp_path / "another").mkdir()
        Collections(DataFolder(tmp_path / "another"), chroma.server).create(tmp_path / "another" / "building" / DENSE)
        (others,) = chroma.collections()
        made = [anew(shelf, chroma.server) for _ in range(5)]
        assert chroma.collections() == {others, *made[-3:]}


def test_what_a_killed_builder_left_is_swept_and_what_is_in_the_making_is_not(shelf: Shelf, tmp_path: Path) -> None:
    with ChromaProcess(tmp_path / "own") as chroma:
        store = Collections(shelf.folder, chroma.server)
        with shelf.folder.building() as folder:
            store.create(folder / DENSE)
            store.sweep()
            assert len(chroma.collections()) == 1
        with shelf.folder.compacting() as folder:
            store.create(folder / DENSE)
            built(shelf, chroma.server)
            in_the_making = collection_of(folder / DENSE)
            assert chroma.collections() == {in_the_making, collection(shelf, 2)}
        store.sweep()
        assert chroma.collections() == {collection(shelf, 2)}


def test_a_sweep_that_does_not_reach_the_server_remembers_what_is_to_go(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    (shelf.data / "collections").mkdir()
    (shelf.data / "collections" / "footnote-1").touch()
    Collections(shelf.folder, ChromaServer("http://127.0.0.1:9")).sweep()
    assert "were not deleted" in caplog.text
    assert (shelf.data / "collections" / "footnote-1").exists()


def test_a_database_that_is_not_there_is_made(shelf: Shelf, chroma: ChromaProcess) -> None:
    mine = replace(chroma.server, tenant="community", database="footnote")
    before = chroma.collections()
    built(shelf, mine)
    assert chroma.collections() == before
    assert library(shelf, mine).search(QUESTION, OPERATOR).notes == ()


def test_a_server_behind_tls_and_a_token_is_used_with_both_and_refuses_without(
    shelf: Shelf, chroma: ChromaProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GuardedServer(chroma, "a-token", tmp_path) as guarded:
        with pytest.raises(VectorsUnavailable, match=r"cannot be reached .*certificate"):
            built(shelf, ChromaServer(guarded.url, "a-token"))
        monkeypatch.setenv("SSL_CERT_FILE", str(guarded.authority))
        with pytest.raises(VectorsUnavailable, match=r"refuses us \(403\): set CHROMA_TOKEN"):
            built(shelf, ChromaServer(guarded.url, "another-token"))
        ours = ChromaServer(guarded.url, "a-token")
        built(shelf, ours)
        assert library(shelf, ours).search(QUESTION, OPERATOR).notes == ()


@pytest.mark.parametrize("content", ["", "{}", '{"collection": 1}', '{"collection": "../somebody-elses"}', "[]"])
def test_a_file_that_names_no_collection_of_ours_is_damage(tmp_path: Path, content: str) -> None:
    refer(tmp_path / DENSE, "footnote-1")
    assert collection_of(tmp_path / DENSE) == "footnote-1"
    (tmp_path / DENSE / "collection.json").write_text(content)
    with pytest.raises(IndexDamaged, match="names no collection"):
        collection_of(tmp_path / DENSE)


def test_a_generation_with_a_collection_is_checked_like_any_other(shelf: Shelf, chroma: ChromaProcess) -> None:
    built(shelf, chroma.server)
    manifest = read_manifest(shelf.folder.generation(2))
    assert [name for name in manifest.files if name.startswith(DENSE)] == [f"{DENSE}/collection.json"]
    refused = shelf.folder.generation(2) / DENSE
    shutil.rmtree(refused)
    refer(refused, "footnote-another")
    assert library(shelf, chroma.server).search(QUESTION, OPERATOR).generation == 1
