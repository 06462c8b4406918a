"""The current generation: pinned by whoever reads, swapped for a newer one, closed when its last reader has left."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, IndexMissing
from index.store import memory
from index.store.data_folder import DataFolder
from index.store.generation import Generation
from index.store.manifest import Verified

if TYPE_CHECKING:
    from index.store.chroma_server import ChromaServer

log = logging.getLogger(__name__)


class CurrentGeneration:
    """The generation of a data folder that is being served: opened when it is first read. Any thread may call this.

    `server` is the Chroma server that holds vectors which are not in the data folder, None where there is none.
    """

    def __init__(self, data: DataFolder, server: ChromaServer | None = None) -> None:
        self._data = data
        self._server = server
        self._swapping = Lock()
        self._reloading = Lock()
        self._served: _Served | None = None
        self._damaged: dict[int, tuple[object, IndexDamaged]] = {}
        # The files of the generations that were opened: those that the next one shares are not read again.
        self.verified = Verified()

    @contextmanager
    def pinned(self) -> Iterator[Generation]:
        """Give the generation in use, which stays open and the same until the block is left.

        Raises IndexMissing where none was ever published, and IndexDamaged where none of those on disk is whole.
        """
        with self._swapping:
            if self._served is None:
                self._served = _Served(self._opened())
            served = self._served
            served.readers += 1
        try:
            yield served.generation
        finally:
            with self._swapping:
                served.readers -= 1
                served.close_if_done()

    def reload(self) -> bool:
        """Serve the newest generation, warmed up, if there is a newer one than is served; return whether there was."""
        with self._reloading:
            with self._swapping:
                served = self._served
            current = self._data.current()
            if served is None or current is None:
                return False
            served.generation.look()
            number = served.generation.manifest.number
            newest = None if current == number else self._newest(served.generation)
            if newest is None:
                served.generation.instead_of = None if current == number else current
                return False
            newest.warm_up()
            with self._swapping:
                if self._served is not served:
                    # Closed meanwhile.
                    newest.close()
                    return False
                self._served = _Served(newest)
                served.retire()
            # One that shares its files with the one before is opened without a copy, by which others' are deleted.
            self._data.sweep_copies()
            return True

    @property
    def words_alone(self) -> str | None:
        """Why words alone are searched in what is being served, None where vectors are too, as far as is known."""
        with self._swapping:
            return self._served.generation.words_alone if self._served else None

    def close(self) -> None:
        """Close the generation that is being served, once its last reader has left."""
        with self._swapping:
            if self._served is not None:
                self._served.retire()
                self._served = None

    def _opened(self) -> Generation:
        """Open the current generation, or, where that is damaged, the newest older one that is whole."""
        current = self._data.current()
        if current is None:
            raise IndexMissing("nothing is indexed yet: run 'footnote refresh'")
        newest = self._newest()
        if newest is not None:
            return newest
        gone = IndexDamaged(f"generation {current} is gone from {self._data.root}: run 'footnote refresh'")
        raise next((error for _, error in self._damaged.values()), gone)

    def _newest(self, served: Generation | None = None) -> Generation | None:
        """Open the newest generation that is whole, None where that is the one that is `served`, or there is none.

        One that was found damaged is looked at again when something in it has changed, and not before.
        """
        current = self._data.current()
        for number in (number for number in self._data.published() if current is None or number <= current):
            if served is not None and number == served.manifest.number:
                return None
            state = _state(self._data.generation(number))
            if number in self._damaged and self._damaged[number][0] == state:
                continue
            try:
                instead_of = None if number == current else current
                return Generation(self._data, number, instead_of, self.verified, served, self._server)
            except IndexDamaged as error:
                log.error("%s", error)
                self._damaged[number] = state, error
        # Otherwise a refresh was published, and the generation that was to be opened swept away, meanwhile.
        return None if self._data.current() == current else self._newest(served)


class _Served:
    """A generation that is being served, and how many are reading it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.readers = 0
        self._retired = False

    def retire(self) -> None:
        self._retired = True
        self.close_if_done()

    def close_if_done(self) -> None:
        if self._retired and not self.readers:
            self.generation.close()
            memory.give_back()


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return a value that changes whenever a file of a folder is written, replaced, or given other rights."""
    try:
        stats = {str(path): path.stat() for path in (folder, *folder.rglob("*"))}
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_ctime_ns, stat.st_size) for name, stat in stats.items()))
