"""One immutable generation of the index, open for reading: its catalogue, its lexical side and its dense side."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Self

from index.access import NOTHING_HIDDEN, Access, Hidden, Viewer
from index.errors import VectorsUnavailable
from index.store.catalogue import Catalogue
from index.store.data_folder import DataFolder
from index.store.lexical import LexicalIndex
from index.store.manifest import Manifest, Verified, read_manifest, verify
from index.store.room import unavailable_on_a_full_disk
from index.store.sight import LimitsDocuments, Sight

if TYPE_CHECKING:
    from index.store.dense import DenseIndex
    from index.store.layered import LayeredIndex

log = logging.getLogger(__name__)

LEXICAL = "lexical"
DENSE = "chroma"
# Seconds after which a copy that could not be made is attempted again.
_BETWEEN_ATTEMPTS = 60.0
# Different sights of which the counts are remembered.
_MOST_REMEMBERED = 1000


class VectorIndex:
    """The vector index of a base: opened from a copy when it is first asked for, by all generations of that base.

    Each of them says once that it has `done` with it, and the last one closes it and deletes the copy.
    """

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self._users = 1
        self._lock = Lock()
        self._open = ExitStack()
        self._dense: DenseIndex | None = None
        self._unavailable: tuple[str, float] | None = None

    def shared(self) -> Self:
        """Count one more generation that uses it."""
        with self._lock:
            self._users += 1
        return self

    def opened(self, folder: Path, manifest: Manifest) -> DenseIndex:
        """Return the index, out of a generation's folder where nobody has opened it yet.

        Raises VectorsUnavailable, and tries again when a minute has passed, and IndexDamaged.
        """
        with self._lock:
            if self._unavailable and monotonic() < self._unavailable[1]:
                raise VectorsUnavailable(self._unavailable[0])
            if self._dense is None:
                # Imported here because `sources` is to start in a blink, without numpy.
                from index.store.dense import DenseIndex

                try:
                    with ExitStack() as attempt:
                        copy = attempt.enter_context(self._data.serving_copy(folder / DENSE))
                        verify(copy.parent, manifest, DENSE)
                        with unavailable_on_a_full_disk(copy):
                            self._dense = DenseIndex.open(copy)
                        self._open.push(attempt.pop_all())
                except VectorsUnavailable as error:
                    log.error("%s: until then only words are searched", error)
                    self._unavailable = str(error), monotonic() + _BETWEEN_ATTEMPTS
                    raise
                self._open.callback(self._dense.close)
            return self._dense

    def done(self) -> None:
        """Close it where nobody else uses it."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._open.close()


class Generation:
    """A published generation: checked as a whole against its manifest, each part opened when it is first asked for.

    It stays on disk until it is closed. SQLite and Tantivy leave their files alone when they only read. Chroma does
    not, so its part is opened from a copy. Raises IndexDamaged where the files are not what the manifest says.

    Args:
        data: The data folder.
        number: The number of the generation.
        instead_of: The number of the newest generation where that is damaged, and this one is served in its place.
        verified: The files that were checked before.
        before: A generation that is open: what was opened of its vector index serves this one, where that is the same.

    """

    def __init__(
        self,
        data: DataFolder,
        number: int,
        instead_of: int | None = None,
        verified: Verified | None = None,
        before: Generation | None = None,
    ) -> None:
        self.instead_of = instead_of
        self._data = data
        self._folder = data.generation(number)
        with ExitStack() as stack:
            stack.enter_context(data.pinned(number))
            self.manifest: Manifest = read_manifest(self._folder)
            verify(self._folder, self.manifest, verified=verified)
            self._vectors = before._vectors_for(self.manifest) if before else VectorIndex(data)
            stack.callback(self._vectors.done)
            self._open = stack.pop_all()
        self._lock = Lock()
        self._looking = Lock()
        self._seen: dict[Hidden, Manifest] = {}
        self._compared: tuple[LimitsDocuments, frozenset[tuple[Access, Access]]] | None = None
        self._catalogue: Catalogue | None = None
        self._lexical: LexicalIndex | None = None
        self._dense: LayeredIndex | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The documents and passages."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = Catalogue.open(self._folder)
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
    def dense(self) -> LayeredIndex:
        """The passages by their vectors. Raises VectorsUnavailable, and tries again when a minute has passed."""
        catalogue = self.catalogue
        with self._lock:
            if self._dense is None:
                base = self._vectors.opened(self._folder, self.manifest)
                from index.store.layered import Changed, LayeredIndex

                self._dense = LayeredIndex(base, Changed.of(catalogue))
            return self._dense

    @cached_property
    def accesses(self) -> Mapping[str, Access]:
        """The accesses that its documents have, by their text."""
        return self.catalogue.accesses()

    def sight(self, viewer: Viewer, rules: LimitsDocuments) -> Sight:
        """Return what a viewer sees of this generation under the rules of now."""
        with self._looking:
            hidden = frozenset(text for text, access in self.accesses.items() if not viewer.sees(access))
            if hidden not in self._seen:
                if len(self._seen) >= _MOST_REMEMBERED:
                    self._seen.clear()
                self._seen[hidden] = self._without(hidden)
            outdated = any(viewer.sees(then) and not viewer.sees(now) for then, now in self._changed(rules))
            return Sight(viewer, hidden, self._seen[hidden], rules, outdated)

    def _changed(self, rules: LimitsDocuments) -> frozenset[tuple[Access, Access]]:
        """Return the accesses that documents here have and would have now, of those of which the two differ."""
        if not rules:
            return frozenset()
        if self._compared is None or self._compared[0] is not rules:
            pairs = {(then, rules.of(name, source)) for name, source, then in self.catalogue.limits()}
            self._compared = rules, frozenset((then, now) for then, now in pairs if set(then) != set(now))
        return self._compared[1]

    def _without(self, hidden: Hidden) -> Manifest:
        """Return the manifest with the counts and languages of what is not hidden."""
        if not hidden:
            return self.manifest
        documents, passages = self.catalogue.counts(hidden)
        languages = self.catalogue.languages_beside(hidden)
        return replace(self.manifest, documents=documents, passages=passages, languages=languages)

    def warm_up(self) -> None:
        """Open every part and ask each once, so that the first question need not wait for it."""
        self.catalogue.passage_count()
        self.lexical.frequencies(["warm"], NOTHING_HIDDEN)
        # For want of room words alone are searched, and the vectors when there is some.
        with suppress(VectorsUnavailable):
            self._warm_up_vectors()

    def _warm_up_vectors(self) -> None:
        if self.manifest.dimension:
            self.dense.warm_up(self.manifest.dimension)

    def close(self) -> None:
        """Close every part and delete the copy."""
        self._open.close()

    def _vectors_for(self, manifest: Manifest) -> VectorIndex:
        """Return the vector index of this generation where one with that manifest has the same, else a new one."""
        same = _vector_files(self.manifest) == _vector_files(manifest)
        return self._vectors.shared() if same else VectorIndex(self._data)


def _vector_files(manifest: Manifest) -> dict[str, str]:
    return {name: digest for name, digest in manifest.files.items() if name.startswith(f"{DENSE}/")}
