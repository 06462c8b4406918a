"""One immutable generation of the index, open for reading: its catalogue, its lexical side and its dense side."""

from __future__ import annotations

import os
from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING

from index.store.catalogue import Catalogue
from index.store.data_folder import DataFolder
from index.store.lexical import LexicalIndex
from index.store.manifest import Manifest, read_manifest, verify

if TYPE_CHECKING:
    from index.store.dense import DenseIndex

CATALOGUE = "passages.sqlite"
LEXICAL = "lexical"
DENSE = "chroma"


class Generation:
    """A published generation: checked as a whole against its manifest, each part opened when it is first asked for.

    It stays on disk until it is closed. SQLite and Tantivy leave their files alone when they only read. Chroma does
    not, so its part is opened from a copy. Raises IndexDamaged where the files are not what the manifest says.
    """

    def __init__(self, data: DataFolder, number: int) -> None:
        self._data = data
        self._folder = data.generation(number)
        with ExitStack() as stack:
            stack.enter_context(data.pinned(number))
            self.manifest: Manifest = read_manifest(self._folder)
            verify(self._folder, self.manifest)
            self._open = stack.pop_all()
        self._lock = Lock()
        self._catalogue: Catalogue | None = None
        self._lexical: LexicalIndex | None = None
        self._dense: DenseIndex | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The documents and passages."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = Catalogue.open(self._folder / CATALOGUE)
                self._open.callback(self._catalogue.close)
            return self._catalogue

    @property
    def lexical(self) -> LexicalIndex:
        """The passages by their words."""
        with self._lock:
            if self._lexical is None:
                folder = self._folder / LEXICAL
                # Tantivy changes nothing, but must be able to lock, which a folder for reading alone does not allow.
                if not os.access(folder, os.W_OK):
                    folder = self._open.enter_context(self._data.serving_copy(folder))
                self._lexical = LexicalIndex.open(folder)
            return self._lexical

    @property
    def dense(self) -> DenseIndex:
        """The passages by their vectors."""
        with self._lock:
            if self._dense is None:
                # Imported here because `sources` is to start in a blink, without numpy.
                from index.store.dense import DenseIndex

                copy = self._open.enter_context(self._data.serving_copy(self._folder / DENSE))
                verify(copy.parent, self.manifest, DENSE)
                self._dense = DenseIndex.open(copy)
                self._open.callback(self._dense.close)
            return self._dense

    def warm_up(self) -> None:
        """Open every part and ask each once, so that the first question need not wait for it."""
        self.catalogue.passage_count()
        self.lexical.frequencies(["warm"])
        if self.manifest.dimension:
            self.dense.warm_up(self.manifest.dimension)

    def close(self) -> None:
        """Close every part and delete the copy."""
        self._open.close()
