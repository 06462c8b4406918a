"""One immutable generation of the index, open for reading: its catalogue, its lexical side and its dense side."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock

from index.catalogue import Catalogue
from index.data_folder import DataFolder
from index.dense import DenseIndex
from index.lexical import LexicalIndex
from index.manifest import Manifest, read_manifest, verify

CATALOGUE = "passages.sqlite"
LEXICAL = "lexical"
DENSE = "chroma"


class Generation:
    """A published generation. Each part is checked against the manifest and opened when it is first asked for.

    SQLite and Tantivy leave their files alone when they only read. Chroma does not, so its part is opened from a copy.
    Raises IndexDamaged wherever the files are not what the manifest says.
    """

    def __init__(self, data: DataFolder, number: int) -> None:
        self._data = data
        self._folder = data.generation(number)
        self.manifest: Manifest = read_manifest(self._folder)
        self._open = ExitStack()
        self._lock = Lock()
        self._catalogue: Catalogue | None = None
        self._lexical: LexicalIndex | None = None
        self._dense: DenseIndex | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The documents and passages."""
        with self._lock:
            if self._catalogue is None:
                verify(self._folder, self.manifest, CATALOGUE)
                self._catalogue = Catalogue.open(self._folder / CATALOGUE)
                self._open.callback(self._catalogue.close)
            return self._catalogue

    @property
    def lexical(self) -> LexicalIndex:
        """The passages by their words."""
        with self._lock:
            if self._lexical is None:
                verify(self._folder, self.manifest, LEXICAL)
                self._lexical = LexicalIndex.open(self._folder / LEXICAL)
            return self._lexical

    @property
    def dense(self) -> DenseIndex:
        """The passages by their vectors."""
        with self._lock:
            if self._dense is None:
                copy = self._open.enter_context(self._data.serving_copy(self._folder / DENSE))
                verify(copy.parent, self.manifest, DENSE)
                self._dense = DenseIndex.open(copy)
                self._open.callback(self._dense.close)
            return self._dense

    def close(self) -> None:
        """Close every part and delete the copy."""
        self._open.close()
