"""One immutable generation of the index, open for reading: its catalogue, its lexical side and its dense side."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from index.access import NOTHING_HIDDEN, Access, Hidden, Viewer
from index.errors import VectorsUnavailable
from index.store.catalogue import Catalogue
from index.store.data_folder import DataFolder
from index.store.lexical import LexicalIndex
from index.store.manifest import Manifest, Verified, read_manifest, verify
from index.store.sight import LimitsDocuments, Sight
from index.store.vector_index import VectorIndex
from index.store.vector_store import DENSE

if TYPE_CHECKING:
    from index.store.chroma_server import ChromaServer
    from index.store.layered import LayeredIndex

LEXICAL = "lexical"
# Different sights of which the counts are remembered.
_MOST_REMEMBERED = 1000


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
        server: The Chroma server that holds vector indexes which are not in the folders of their generations.

    """

    def __init__(
        self,
        data: DataFolder,
        number: int,
        instead_of: int | None = None,
        verified: Verified | None = None,
        before: Generation | None = None,
        server: ChromaServer | None = None,
    ) -> None:
        self.instead_of = instead_of
        self._server = server
        self._data = data
        self._folder = data.generation(number)
        with ExitStack() as stack:
            stack.enter_context(data.pinned(number))
            self.manifest: Manifest = read_manifest(self._folder)
            verify(self._folder, self.manifest, verified=verified)
            self._vectors = before._vectors_for(self.manifest) if before else VectorIndex(data, server)
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
        """The passages by their vectors. Raises VectorsUnavailable, as whatever is asked of them may."""
        catalogue = self.catalogue
        with self._lock:
            if self._dense is None:
                base = self._vectors.opened(self._folder, self.manifest)
                from index.store.layered import Changed, LayeredIndex

                self._dense = LayeredIndex(base, Changed.of(catalogue))
            return self._dense

    @property
    def words_alone(self) -> str | None:
        """Why words alone are searched, None where vectors are too, as far as is known."""
        return self._vectors.problem

    def look(self) -> None:
        """See whether its vectors can be searched where they are on a server: what is found out is `words_alone`."""
        self._vectors.look()

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
        return self._vectors.shared() if same else VectorIndex(self._data, self._server)


def _vector_files(manifest: Manifest) -> dict[str, str]:
    return {name: digest for name, digest in manifest.files.items() if name.startswith(f"{DENSE}/")}
