from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.discord.keeping_fresh import keep_compact, keep_fresh
from index.access import OPERATOR, Viewer
from index.errors import BadConfiguration, IndexDamaged, PublishedMeanwhile, StoreUnavailable, WriterBusy
from index.report import FetchReport, RefreshReport
from tests.conftest import ARTICLES, Shelf

REPORT = RefreshReport(2, (), (), (), 1, (), 9, 1, 0.5)


@dataclass
class Made:
    restored: int | None = None


@dataclass
class Indexer:
    """What indexes, and counts how often it did; a failure is raised in place of the first reports."""

    folder: Path
    made: Made = field(default_factory=Made)
    failures: list[Exception] = field(default_factory=list)
    wanted: list[frozenset[str]] = field(default_factory=list)
    fetched: list[frozenset[str]] = field(default_factory=list)
    was_fetched: threading.Event = field(default_factory=threading.Event)

    def generation(self, _: Viewer) -> Made:
        return self.made

    def reindex(self) -> RefreshReport:
        if self.failures:
            raise self.failures.pop(0)
        return REPORT

    def folders(self) -> tuple[Path, ...]:
        return (self.folder,)

    def due(self, now: float) -> frozenset[str]:
        return self.wanted.pop(0) if self.wanted else frozenset()

    def fetch(self, only: frozenset[str]) -> FetchReport:
        self.fetched.append(only)
        self.was_fetched.set()
        return FetchReport(1, True, 0.1)


@pytest.fixture
def nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_BETWEEN_POLLS", "_WHILE_BUSY", "_WHILE_AWAY", "_A_MOMENT", "_BETWEEN_TALKS"):
        monkeypatch.setattr(f"bot.discord.keeping_fresh.{name}", 0.0)


@asynccontextmanager
async def kept_fresh(
    indexer: Indexer | object, heard: asyncio.Event | None = None
) -> AsyncIterator[Callable[[], asyncio.Future[RefreshReport]]]:
    """Keep fresh, and give what returns the next report."""
    reports: asyncio.Queue[RefreshReport] = asyncio.Queue()
    heard = heard or asyncio.Event()
    task = asyncio.create_task(keep_fresh(indexer, heard, reports.put_nowait))  # type: ignore[arg-type]
    try:
        yield lambda: asyncio.ensure_future(asyncio.wait_for(reports.get(), 120))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.usefixtures("nothing_is_waited_for")
async def test_what_changed_while_nobody_watched_is_indexed_at_once(tmp_path: Path) -> None:
    async with kept_fresh(Indexer(tmp_path)) as report:
        assert await report() == REPORT


@pytest.mark.usefixtures("nothing_is_waited_for")
async def test_a_refresh_of_somebody_else_is_waited_for_and_a_failure_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    indexer = Indexer(tmp_path, failures=[WriterBusy("busy"), BadConfiguration("a typo"), ZeroDivisionError()])
    indexer.wanted = [frozenset({"news"})] * 3
    async with kept_fresh(indexer) as report:
        assert await report() == REPORT
    assert "what changed could not be indexed: a typo" in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.usefixtures("nothing_is_waited_for")
async def test_what_cannot_be_published_is_tried_again_until_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away, faster = StoreUnavailable("s3://bucket cannot be reached"), PublishedMeanwhile("another builder")
    async with kept_fresh(Indexer(tmp_path, failures=[away, away, faster])) as report:
        assert await report() == REPORT
    assert caplog.text.count("what changed cannot be published, which is tried again in a minute: s3://bucket") == 2


@pytest.mark.usefixtures("nothing_is_waited_for")
async def test_a_source_is_asked_when_it_is_due_and_what_is_new_of_it_is_indexed(tmp_path: Path) -> None:
    indexer = Indexer(tmp_path, wanted=[frozenset(), frozenset({"news"})])
    async with kept_fresh(indexer) as report:
        await report()
        assert indexer.fetched in ([], [{"news"}])
        await report()
    assert indexer.fetched == [{"news"}]


@pytest.mark.usefixtures("nothing_is_waited_for")
async def test_what_is_said_in_a_channel_is_indexed_each_time_something_is(tmp_path: Path) -> None:
    heard = asyncio.Event()
    async with kept_fresh(Indexer(tmp_path), heard) as report:
        await report()
        for _ in range(2):
            heard.set()
            assert await report() == REPORT
            assert not heard.is_set()


@pytest.mark.usefixtures("nothing_is_waited_for")
async def test_what_was_gone_back_to_stays(tmp_path: Path) -> None:
    indexer = Indexer(tmp_path, Made(restored=1), wanted=[frozenset({"news"}), frozenset({"news"})])
    async with kept_fresh(indexer) as report:
        waiting = report()
        await asyncio.to_thread(indexer.was_fetched.wait, 30)
        assert not waiting.done()
        indexer.made = Made()
        indexer.wanted.append(frozenset({"news"}))
        assert await waiting == REPORT


async def test_a_document_is_gone_after_it_was_deleted_and_found_after_it_was_written(shelf: Shelf) -> None:
    library = shelf.library()
    async with kept_fresh(library) as report:
        assert (await report()).generation == 1
        shelf.drop("cats.txt")
        assert (await report()).removed == ("cats.txt",)
        assert "cats.txt" not in [document.source for document in library.sources(OPERATOR)]
        # Its vectors are in the cache still, so that no model has to be loaded.
        shelf.put("cats.txt", ARTICLES["cats.txt"])
        assert (await report()).added == ("cats.txt",)
        assert library.search("When do cats sleep?", OPERATOR, 1).hits[0].document.source == "cats.txt"


async def test_the_index_is_tidied_up_again_and_again_whatever_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.keeping_fresh._BETWEEN_COMPACTIONS", 0.0)
    loop, often = asyncio.get_running_loop(), asyncio.Event()

    class Compacting:
        times = 0

        def compact(self) -> bool:
            self.times += 1
            if self.times == 3:
                loop.call_soon_threadsafe(often.set)
            raise IndexDamaged("generation 7 is damaged")

    task = asyncio.create_task(keep_compact(Compacting()))
    async with asyncio.timeout(30):
        await often.wait()
    task.cancel()
