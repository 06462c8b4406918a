"""Where the vector index of a base lies: in the generation's own folder, or in a collection on a Chroma server.

Of an index on a server the folder holds one file, which names the collection: so it is listed in the manifest, linked,
published and swept with the generation like any other part of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.errors import IndexDamaged

if TYPE_CHECKING:
    from index.store.dense import DenseIndex

# The part of a generation that is its vector index.
DENSE = "chroma"
_REFERENCE = "collection.json"
_NAME = re.compile(r"footnote-[0-9a-zA-Z-]{1,100}")


class VectorStore(Protocol):
    """What keeps the vector indexes of new bases. `folder` is the part of a generation that holds one, or names it."""

    def create(self, folder: Path) -> DenseIndex:
        """Return a new, empty index."""

    def reopen(self, folder: Path) -> DenseIndex:
        """Return an index that was written just now, as it is for whoever searches it."""

    def seal(self, folder: Path, passages: int) -> None:
        """Say of an index that it is complete, with so many passages: it may be served from now on."""

    def holds(self, folder: Path) -> bool:
        """Return whether the index of a published generation lies here, and is not known to be lost or damaged."""

    def sweep(self) -> None:
        """Delete the indexes that no generation needs any more."""


class InFolders:
    """Keeps each index in the folder of its generation: it is checked, published and swept with that."""

    def create(self, folder: Path) -> DenseIndex:
        """Return a new, empty index."""
        from index.store.dense import DenseIndex

        return DenseIndex.create(folder)

    def reopen(self, folder: Path) -> DenseIndex:
        """Return an index that was written just now."""
        from index.store.dense import DenseIndex

        return DenseIndex.open(folder)

    def seal(self, folder: Path, passages: int) -> None:
        """Do nothing: the manifest says it."""

    def holds(self, folder: Path) -> bool:
        """Return whether the index of a published generation lies in its folder."""
        return collection_of(folder) is None

    def sweep(self) -> None:
        """Do nothing: they go with their generations."""


def refer(folder: Path, collection: str) -> None:
    """Let a folder name the collection that holds its index."""
    folder.mkdir(parents=True)
    (folder / _REFERENCE).write_text(json.dumps({"collection": collection}) + "\n")


def collection_of(folder: Path) -> str | None:
    """Return the collection that a folder names, None where it holds its index itself. Raises IndexDamaged."""
    try:
        name = json.loads((folder / _REFERENCE).read_text())["collection"]
        if not _NAME.fullmatch(name):
            raise ValueError("no collection is called like that")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder / _REFERENCE} names no collection: run 'footnote refresh'") from error
    return str(name)
