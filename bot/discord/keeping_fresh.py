"""Keeping fresh: while the bot runs, folders are watched, all other sources asked in time, and what is new indexed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from watchfiles import Change, awatch

from index.access import NOBODY, Viewer
from index.errors import FootnoteError, StoreUnavailable, WriterBusy
from index.report import FetchReport, RefreshReport

log = logging.getLogger(__name__)

# Milliseconds: a change is taken up when none has followed for the step, or the longest is over.
_STEP, _LONGEST, _HEARTBEAT = 200, 1500, 500
_BETWEEN_POLLS = 30.0
_BETWEEN_COMPACTIONS = 60.0
_WHILE_BUSY = 1.0
# Seconds: people go on talking, and each refresh costs a process.
_A_MOMENT, _BETWEEN_TALKS = 2.0, 10.0
_WHILE_AWAY = 60.0


class Generation(Protocol):
    """What a generation says of itself."""

    @property
    def restored(self) -> int | None:
        """The number of the earlier generation that it brings back, if it does."""


class Indexes(Protocol):
    """What indexes: `index.library.Library`."""

    def generation(self, viewer: Viewer) -> Generation | None:
        """Return the generation in use, as a viewer sees it."""

    def reindex(self) -> RefreshReport:
        """Make the next generation of what is there, asking no source; raises a FootnoteError where it cannot."""

    def folders(self) -> tuple[Path, ...]:
        """Return the folders on this machine that documents lie in."""

    def due(self, now: float) -> frozenset[str]:
        """Return the names of the sources that are to be asked by now, in seconds since 1970."""

    def fetch(self, only: frozenset[str]) -> FetchReport:
        """Ask these sources, and keep what is new for the next generation."""


class Compacts(Protocol):
    """What tidies an index up: `index.library.Library`."""

    def compact(self) -> bool:
        """Make one of the base of the index and what has changed since, where that is much."""


async def keep_fresh(
    library: Indexes, heard: asyncio.Event, told: Callable[[RefreshReport], None] = lambda _: None
) -> None:
    """Index whatever changes, for ever; `told` is called with what was done.

    `heard` is set by whoever keeps what is said in channels, when there is something new.

    What changed while nobody watched is indexed first. After somebody went back to an earlier generation nothing is
    indexed until somebody refreshes.
    """
    fresh = _Freshness(library, told)
    await asyncio.gather(fresh.watch(), fresh.poll(), fresh.listen(heard))


async def keep_compact(library: Compacts) -> None:
    """Tidy the index up now and then, beside whatever is indexed meanwhile, for ever."""
    while True:
        await asyncio.sleep(_BETWEEN_COMPACTIONS)
        try:
            await asyncio.to_thread(library.compact)
        except Exception as error:
            _complain("the index could not be tidied up", error)


class _Freshness:
    """Indexes what is new, once at a time. Whatever fails is logged, and tried again with the next change."""

    def __init__(self, library: Indexes, told: Callable[[RefreshReport], None]) -> None:
        self._library = library
        self._told = told
        self._indexing = asyncio.Lock()

    async def watch(self) -> None:
        """Index what there is, and what changes in a folder as it changes."""
        while True:
            try:
                await self._watch(await asyncio.to_thread(self._library.folders))
            except (FootnoteError, OSError, RuntimeError) as error:
                log.warning("the folders cannot be watched, and are looked at again in a minute: %s", error)
                await self.index()
                await asyncio.sleep(_WHILE_AWAY)

    async def _watch(self, folders: tuple[Path, ...]) -> None:
        """Watch these folders until there are others."""
        is_first = True
        async for changes in awatch(
            *folders,
            watch_filter=_is_seen,
            debounce=_LONGEST,
            step=_STEP,
            rust_timeout=_HEARTBEAT,
            yield_on_timeout=True,
        ):
            # With the first of all, changed or not, nothing can happen unseen any more.
            if changes or is_first:
                is_first = False
                await self.index()
                if await asyncio.to_thread(self._library.folders) != folders:
                    return

    async def poll(self) -> None:
        """Ask each source when its interval is over, and index what it has."""
        while True:
            try:
                due = await asyncio.to_thread(self._library.due, time.time())
                if due and (await asyncio.to_thread(self._library.fetch, due)).is_new:
                    await self.index()
            except Exception as error:
                _complain("the sources could not be asked", error)
            await asyncio.sleep(_BETWEEN_POLLS)

    async def listen(self, heard: asyncio.Event) -> None:
        """Index what is said in channels, once a moment has passed since the first word of it."""
        while True:
            await heard.wait()
            await asyncio.sleep(_A_MOMENT)
            heard.clear()
            await self.index()
            await asyncio.sleep(_BETWEEN_TALKS)

    async def index(self) -> None:
        """Index what is new, after whoever else is at it."""
        async with self._indexing:
            try:
                generation = await asyncio.to_thread(self._library.generation, NOBODY)
                if generation is not None and generation.restored is not None:
                    log.info("generation %d was gone back to: until somebody refreshes it stays", generation.restored)
                    return
                self._told(await self._indexed())
            except Exception as error:
                _complain("what changed could not be indexed", error)

    async def _indexed(self) -> RefreshReport:
        while True:
            try:
                return await asyncio.to_thread(self._library.reindex)
            except WriterBusy:
                # It may have looked before the change, so that its work is not ours.
                await asyncio.sleep(_WHILE_BUSY)
            except StoreUnavailable as error:
                log.warning("what changed cannot be published, which is tried again in a minute: %s", error)
                await asyncio.sleep(_WHILE_AWAY)


def _is_seen(_: Change, path: str) -> bool:
    """Whether a scan of the folder would see a file: hidden ones are editors' own."""
    return not Path(path).name.startswith(".")


def _complain(what: str, error: Exception) -> None:
    if isinstance(error, FootnoteError):
        log.warning("%s: %s", what, error)
    else:
        log.exception("%s", what, exc_info=error)
