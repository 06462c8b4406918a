"""Fetching: every source that has to be asked is, all of them at one time, and what changed is kept for a refresh."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import WriterBusy
from index.report import FetchReport, Progress
from index.sources.configuration import remote_sources
from index.sources.kept import Kept, kept_in
from index.sources.source import Failed, Reach, RemoteSource
from index.sources.web.address import PrivateHosts
from index.sources.web.web import LARGEST, Quiet, Web
from index.store.room import written_to_disk

log = logging.getLogger(__name__)

_MOST_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What is to be fetched for the corpus into the data folder.

    `private` are the hosts inside that may be asked, `loaders` the classes that may be run. `only` names the sources
    that are asked, None all of them.
    """

    corpus: Path
    data: Path
    private: frozenset[str] = frozenset()
    loaders: frozenset[str] = frozenset()
    only: frozenset[str] | None = None


def due(corpus: Path, data: Path, now: float) -> frozenset[str]:
    """Return the names of the sources whose interval has passed since they were asked. Raises BadConfiguration."""
    sources = remote_sources(corpus)
    if not sources:
        return frozenset()
    with closing(Kept.open(kept_in(data))) as kept:
        return frozenset(
            source.name
            for source in sources
            if (kept.asked(source.name) or 0.0) + source.interval.total_seconds() <= now
        )


def fetch(request: FetchRequest, progress: Callable[[Progress], None]) -> FetchReport:
    """Ask the sources, keep what changed, and return what there was.

    Whatever is wrong with one of them is noted for the next refresh to report, and touches nothing else. Raises
    BadConfiguration, WriterBusy where another process is at it, and DiskFull.
    """
    started = time.monotonic()
    every = remote_sources(request.corpus)
    asked = [source for source in every if request.only is None or source.name in request.only]
    with (
        written_to_disk(request.data, LARGEST),
        closing(Kept.open(kept_in(request.data))) as kept,
        _lock(request.data),
    ):
        forgot = kept.keep_only(source.name for source in every)
        counted = _Counted(progress, sum(len(kept.validators(source.name)) for source in asked))
        found = asyncio.run(_fetch(request, asked, kept, counted)) if asked else False
    return FetchReport(len(asked), forgot or found, round(time.monotonic() - started, 3))


async def _fetch(request: FetchRequest, asked: Iterable[RemoteSource], kept: Kept, counted: _Counted) -> bool:
    quiet = Quiet(kept.quiet())
    async with Web(PrivateHosts(request.private), quiet) as web:
        found = await asyncio.gather(
            *(
                _ask(source, Reach(web, request.data / "sources" / source.name, request.loaders), kept, counted)
                for source in asked
            )
        )
    kept.keep_quiet(quiet.until)
    return any(found)


async def _ask(source: RemoteSource, reach: Reach, kept: Kept, counted: _Counted) -> bool:
    """Ask one source; return whether there is something new to index."""
    is_new = False
    kept.begin(source.name)
    try:
        async with (
            asyncio.timeout(_MOST_SECONDS),
            aclosing(source.changes(kept.validators(source.name), reach)) as changes,  # type: ignore[type-var]
        ):
            async for change in changes:
                is_new |= kept.take(source.name, change)
                counted.one_more()
    except TimeoutError:
        reason = f"takes longer than {_MOST_SECONDS / 60:.0f} min: what came is kept, the rest comes next time"
        kept.take(source.name, Failed(source.address, reason))
    except sqlite3.Error:
        # What came cannot be kept: that is no fault of the source.
        raise
    except Exception as error:
        # A fault of one source is no reason to lose the others.
        log.warning("%s could not be asked", source.name, exc_info=True)
        kept.take(source.name, Failed(source.address, f"something unforeseen ({type(error).__name__})"))
    kept.end(source)
    return is_new


@contextmanager
def _lock(data: Path) -> Iterator[None]:
    with (data / "sources.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WriterBusy(f"another process is fetching into {data}: try again when it has finished") from error
        yield


@dataclass(slots=True)
class _Counted:
    """How many documents were asked for, told as they come; how many there will be is a guess."""

    progress: Callable[[Progress], None]
    expected: int
    done: int = 0

    def one_more(self) -> None:
        self.done += 1
        self.progress(Progress("fetching", self.done, max(self.done, self.expected)))
