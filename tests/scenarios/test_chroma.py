"""The vectors are on a real Chroma server, which is killed under load, as is a builder that puts them there."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from index.access import OPERATOR
from index.building.refresh import refresh
from index.hits import SearchedByWords, SearchResult
from index.library import Library
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL, Model
from index.publishing.generations import PublishedGenerations
from index.publishing.object_store import open_store
from index.store.vector_store import DENSE, collection_of
from tests.chroma_servers import ChromaProcess
from tests.conftest import Shelf, no_model
from tests.scenarios.conftest import VALLEY
from tests.scenarios.test_published import Machine

QUESTION = "Who leads Nvidia?"


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaProcess]:
    with ChromaProcess(tmp_path / "chroma") as server:
        yield server


def test_while_the_server_is_killed_and_started_again_every_question_is_answered(
    shelf: Shelf, chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.hosted._BETWEEN_ATTEMPTS", 0.2)
    refresh(replace(shelf.job(), chroma=chroma.server), no_model, lambda _: None)
    bot = Library(shelf.corpus, shelf.data, DEFAULT_MODEL, lambda _: shelf.embedder, chroma=chroma.server)
    stopped, asked = Event(), Event()

    def ask() -> list[SearchResult]:
        found = []
        while not stopped.is_set():
            found.append(bot.search(QUESTION, OPERATOR))
            asked.set()
        return found

    def until(*, in_words: bool) -> None:
        while (bot.words_alone is not None) is not in_words:
            asked.clear()
            asked.wait(60)

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        asked.wait(60)
        for _ in range(2):
            chroma.kill()
            until(in_words=True)
            chroma.start()
            until(in_words=False)
        stopped.set()
        found = [one for each in asking for one in each.result()]
    assert all("leads Nvidia" in one.hits[0].passage.text for one in found)
    assert {one.notes for one in found} == {(), (SearchedByWords(),)}
    assert bot.search(QUESTION, OPERATOR).notes == ()
    bot.close()


def test_a_builder_that_is_killed_half_way_leaves_what_the_next_one_deletes(
    tmp_path: Path, chroma: ChromaProcess
) -> None:
    machine = Machine(tmp_path, {"CHROMA_URL": chroma.url})
    for source, text in VALLEY.items():
        machine.write(source, text)
    building = subprocess.Popen(
        [machine.command, "refresh"], cwd=machine.home, env=machine.environment, start_new_session=True
    )
    while not chroma.collections():
        assert building.poll() is None
    os.killpg(building.pid, signal.SIGKILL)
    building.wait()
    (half,) = chroma.collections()
    assert chroma.server.connect(10).is_sealed(half) is False
    assert not (machine.home / "data" / "CURRENT").exists()
    assert machine.refresh()["generation"] == 1
    named = collection_of(machine.home / "data" / "generations" / "000001" / DENSE)
    assert chroma.collections() == {named}
    assert chroma.server.connect(10).is_sealed(str(named))


def test_readers_elsewhere_follow_what_is_published_and_ask_the_same_server(
    shelf: Shelf, chroma: ChromaProcess, tmp_path: Path
) -> None:
    def shared() -> PublishedGenerations:
        return PublishedGenerations(partial(open_store, f"file://{tmp_path / 'shared'}"))

    def load(_: Model) -> Embedder:
        return shelf.embedder

    server = chroma.server
    builder = Library(shelf.corpus, shelf.data, DEFAULT_MODEL, load, published=shared(), chroma=server)
    number = builder.reindex().generation
    files = [path for path in (tmp_path / "shared").rglob("*") if path.is_file()]
    assert [path.name for path in files if path.parent.name == DENSE] == ["collection.json"]
    reader = Library(tmp_path, tmp_path / "reader", DEFAULT_MODEL, load, published=shared(), chroma=server)
    reader.reload()
    found = reader.search(QUESTION, OPERATOR)
    assert (found.generation, found.notes) == (number, ())
    builder.close()
    reader.close()
