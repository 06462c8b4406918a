"""The current generation: pinned by whoever reads, swapped for a newer one, closed when its last reader has left."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from index.errors import IndexDamaged, IndexMissing
from index.store.data_folder import DataFolder
from index.store.generation import Generation

log = logging.getLogger(__name__)


class CurrentGeneration:
    """The generation of a data folder that is being served: opened when it is first read. Any thread may call this."""

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self._swapping = Lock()
        self._reloading = Lock()
        self._served: _Served | None = None

    @contextmanager
    def pinned(self) -> Iterator[Generation]:
        """Give the generation in use, which stays open and the same until the block is left.

        Raises IndexMissing where none was ever published, and IndexDamaged where none of those on disk is whole.
        """
        with self._swapping:
            if self._served is None:
                self._served = _Served(_opened(self._data))
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
            if served is None or self._data.current() in (None, served.generation.manifest.number):
                return False
            newest = _opened(self._data)
            if newest.manifest.number == served.generation.manifest.number:
                newest.close()
                return False
            newest.warm_up()
            with self._swapping:
                if self._served is not served:
                    # Closed meanwhile.
                    newest.close()
                    return False
                self._served = _Served(newest)
                served.retire()
            return True

    def close(self) -> None:
        """Close the generation that is being served, once its last reader has left."""
        with self._swapping:
            if self._served is not None:
                self._served.retire()
                self._served = None


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


def _opened(data: DataFolder) -> Generation:
    """Open the current generation, or, where that is damaged, the newest older one that is whole."""
    current = data.current()
    if current is None:
        raise IndexMissing("nothing is indexed yet: run 'footnote refresh'")
    damage = IndexDamaged(f"generation {current} is gone from {data.root}: run 'footnote refresh'")
    for number in (number for number in data.published() if number <= current):
        try:
            return Generation(data, number)
        except IndexDamaged as error:
            log.error("%s", error)
            damage = error
    if data.current() != current:
        # A refresh was published, and the generation that was to be opened swept away, meanwhile.
        return _opened(data)
    raise damage
