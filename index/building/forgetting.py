"""Forgetting: the cache of vectors lets go of what no kept generation uses, once that is most of what it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index.building.builder import cache_key
from index.errors import IndexDamaged
from index.store.catalogue import Catalogue
from index.store.data_folder import DataFolder
from index.store.manifest import read_manifest
from index.store.vectors import VectorCache

# Unused entries are kept up to so many times the used ones: a document that comes back needs no model.
_MOST_UNUSED = 2
_BATCH = 500


def forget_unused(cache: VectorCache, data: DataFolder) -> None:
    """Drop from the cache what no generation on disk uses, if that is more than twice what they use.

    Where one of them cannot be read, nothing is dropped: what it uses is not known.
    """
    try:
        manifests = {folder: read_manifest(folder) for folder in data.folders()}
        # No generation uses more entries than it has passages, so that most of the time counting is enough.
        if cache.count() <= (1 + _MOST_UNUSED) * max((one.passages for one in manifests.values()), default=0):
            return
        used = {(key, one.fingerprint.model) for folder, one in manifests.items() for key in _keys(folder)}
    except (IndexDamaged, OSError, sqlite3.Error):
        return
    if cache.count() > (1 + _MOST_UNUSED) * len(used):
        cache.keep_only(used)


def _keys(generation: Path) -> Iterator[str]:
    with closing(Catalogue.open(generation)) as catalogue:
        ids = catalogue.passage_ids()
        for at in range(0, len(ids), _BATCH):
            for passage, metadata in catalogue.passages(ids[at : at + _BATCH]).values():
                yield cache_key(metadata, passage)
