"""The collections of a data folder: the vector indexes of its bases, where those lie on a Chroma server.

Each has a name of its own, which nobody else will ever have, and `collections` in the data folder remembers every one
that was made: only those are ever deleted, whoever else uses the server. One is in use while a folder of a generation
names it, be that published, held back, or still in the making.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from index.errors import IndexDamaged, VectorsUnavailable
from index.store.chroma_server import ChromaServer
from index.store.data_folder import DataFolder, sync_tree
from index.store.dense import DenseIndex
from index.store.vector_store import DENSE, InFolders, VectorStore, collection_of, refer

log = logging.getLogger(__name__)

# Readers elsewhere may be that many bases behind.
_KEPT = 3
# Seconds that the server has for an answer: for one batch of passages while many are put in, and for anything else.
_FOR_A_BATCH, _FOR_AN_ANSWER = 60.0, 5.0
_SAMPLE = 200


def vector_store(data: DataFolder, server: ChromaServer | None) -> VectorStore:
    """Return what keeps the vector indexes of a data folder: a server, or without one the generations themselves."""
    return InFolders() if server is None else Collections(data, server)


class Collections:
    """Keeps each index in a collection of its own on a server; see `VectorStore`.

    Every method but `holds` and `sweep` raises VectorsUnavailable where the server does not answer.
    """

    def __init__(self, data: DataFolder, server: ChromaServer) -> None:
        self._root = data.root
        self._made = data.root / "collections"
        self._server = server

    def create(self, folder: Path) -> DenseIndex:
        """Return a new, empty index."""
        name = f"footnote-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{token_hex(8)}"
        # In this order: of what is remembered, whatever no folder names is swept.
        refer(folder, name)
        self._made.mkdir(exist_ok=True)
        (self._made / name).touch()
        sync_tree(self._made)
        return self._server.connect(_FOR_A_BATCH).create(name)

    def reopen(self, folder: Path) -> DenseIndex:
        """Return an index that was written just now."""
        return self._server.connect(_FOR_A_BATCH).open(_named_in(folder), complete=False)

    def seal(self, folder: Path, passages: int) -> None:
        """Say of an index that it is complete."""
        self._server.connect(_FOR_AN_ANSWER).seal(_named_in(folder), passages)

    def holds(self, folder: Path) -> bool:
        """Return whether the index of a published generation lies on the server, and finds its own passages.

        Where the server does not answer, it is taken to be there: nothing of it is needed to put changes upon it.
        """
        try:
            index = self._server.connect(_FOR_AN_ANSWER).open(_named_in(folder))
            index.check(_SAMPLE)
        except IndexDamaged as error:
            log.warning("%s: it is built anew", error)
            return False
        except VectorsUnavailable as error:
            log.warning("%s: only what has changed is indexed", error)
        return True

    def sweep(self) -> None:
        """Delete the collections that were made here and no folder names, but for the last three that were finished."""
        made = sorted((path.name for path in self._made.glob("*")), reverse=True)
        used = {collection_of(folder) for depth in ("*", "*/*") for folder in self._root.glob(f"{depth}/{DENSE}")}
        if used.issuperset(made):
            return
        server = self._server.connect(_FOR_AN_ANSWER)
        kept = 0
        try:
            for name in made:
                if name in used or (kept < _KEPT and server.is_sealed(name)):
                    kept += 1
                else:
                    server.delete(name)
                    (self._made / name).unlink(missing_ok=True)
        except VectorsUnavailable as error:
            log.warning("%s: collections that nobody needs any more were not deleted", error)


def _named_in(folder: Path) -> str:
    name = collection_of(folder)
    if name is None:
        raise IndexDamaged(f"the vectors of generation {folder.parent.name} are in its own folder")
    return name
