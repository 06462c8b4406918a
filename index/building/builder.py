"""Building: documents become the folder of a new generation, checked as a reader would use it before anyone may."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from index.access import NOTHING_HIDDEN
from index.background import Background
from index.building.measuring import Measured, measure
from index.documents import EVERYTHING, Document, DocumentMetadata, Passage, Span, content_id
from index.embedded_text import embedded_text
from index.embeddings import Embedding, Text, Vector
from index.errors import IndexDamaged
from index.language import words
from index.store.catalogue import Catalogue, CatalogueEntry
from index.store.dense import DenseIndex
from index.store.generation import LEXICAL
from index.store.layered import Changed
from index.store.lexical import LexicalEntry, LexicalIndex, Words
from index.store.manifest import Fingerprint, Manifest, Verified, checksums
from index.store.room import refuse_full_disk
from index.store.sharing import take_over
from index.store.vector_store import DENSE, InFolders, VectorStore
from index.store.vectors import Stored, VectorCache, pack

_SAMPLE = 200
_LEAST_FOUND = 0.995
# Vectors kept in one transaction: what a killed writer has to make again, a second or two of work.
_SAVED_TOGETHER = 100
# Two vectors nearer than this are the same text: either may be found in place of the other.
_SAME = 0.9999


class Embeds(Protocol):
    """What turns texts into vectors."""

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each, in any order."""

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, `(dimension,)`."""


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document that was read and split; `content` is the SHA-256 of its file."""

    document: Document
    content: str
    passages: Sequence[Passage]


class Vectors:
    """The vectors of passages: from the cache, else from the model, which is loaded when the first one is missing."""

    def __init__(self, cache: VectorCache, fingerprint: str, load: Callable[[], Embeds]) -> None:
        self._cache = cache
        self._fingerprint = fingerprint
        self._load = load
        self._embedder: Embeds | None = None
        self.embedded = 0

    @property
    def embed_query(self) -> Callable[[str], Vector] | None:
        """What embeds questions, None where the model was not loaded."""
        return self._embedder.embed_query if self._embedder else None

    def of(self, splits: Sequence[SplitDocument]) -> dict[str, Stored]:
        """Return the vectors of all passages of these documents, by passage id."""
        texts = {passage.id: _text(split.document.metadata, passage) for split in splits for passage in split.passages}
        keys = {id_: _key(text) for id_, text in texts.items()}
        by_key = {keys[id_]: text for id_, text in texts.items()}
        found = dict(self._cache.get(list(by_key), self._fingerprint))
        found |= self._embed({key: text for key, text in by_key.items() if key not in found})
        return {id_: found[key] for id_, key in keys.items()}

    def _embed(self, texts: dict[str, Text]) -> dict[str, Stored]:
        if not texts:
            return {}
        if self._embedder is None:
            self._embedder = self._load()
        keys = list(texts)
        embeddings = self._embedder.embed(list(texts.values()))
        made: dict[str, Stored] = {}
        while part := {keys[place]: _stored(embedding) for place, embedding in islice(embeddings, _SAVED_TOGETHER)}:
            self._cache.put(self._fingerprint, part.items())
            made |= part
        self.embedded += len(made)
        return made


class Builder:
    """A generation in the making, in a folder of its own. Writing goes on in a thread while the model works."""

    def __init__(self, folder: Path, catalogue: Catalogue, lexical: LexicalIndex) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._lexical = lexical.change()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index-writer")
        self._writing: Future[None] | None = None

    def add(self, splits: Sequence[SplitDocument], stored: Mapping[str, Stored]) -> None:
        """Put in these documents with the vectors of their passages; returns before they are written.

        Raises DiskFull before the disk is: the write that fills it would fail, and the one after may never return.
        """
        self._wait()
        refuse_full_disk(self._folder)
        self._writing = self._thread.submit(self._write, splits, stored)

    def _finished(self) -> tuple[int, int, tuple[str, ...]]:
        """Write everything down; return how many documents and passages there are, and the documents' languages.

        Raises IndexDamaged where not as many passages are found by their words.
        """
        self._wait()
        self._thread.shutdown()
        documents, passages = self._catalogue.document_count(), self._catalogue.passage_count()
        languages = self._catalogue.languages_beside(NOTHING_HIDDEN)
        self._lexical.commit()
        self._catalogue.save()
        if LexicalIndex.open(self._folder / LEXICAL).count() != passages:
            raise IndexDamaged("the new lexical index does not hold the passages that were put in")
        return documents, passages, languages

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _write(self, splits: Sequence[SplitDocument], stored: Mapping[str, Stored]) -> None:
        for split in splits:
            vectors = [stored[passage.id] for passage in split.passages]
            self._catalogue.add(CatalogueEntry(split.document, split.content, split.passages, vectors))
        self._lexical.add(_entry(split.document.metadata, passage) for split in splits for passage in split.passages)


class BaseBuilder(Builder):
    """Builds a generation from the ground: the base that those after it share. `store` keeps its vector index."""

    def __init__(self, folder: Path, store: VectorStore | None = None) -> None:
        super().__init__(folder, Catalogue.create(folder), LexicalIndex.create(folder / LEXICAL))
        self._store = store or InFolders()
        self._dense = self._store.create(folder / DENSE)

    def finish(
        self,
        number: int,
        fingerprint: Fingerprint,
        embed_query: Callable[[str], Vector] | None = None,
        before: Background | None = None,
    ) -> Manifest:
        """Write everything down, check it, and return the manifest of the new generation.

        Args:
            number: The number of the generation.
            fingerprint: What decides the index besides the documents.
            embed_query: Embeds the questions that the background is measured by; None where the model is not at hand.
            before: The background of the previous generation, where that had the same model.

        Raises:
            IndexDamaged: What was written does not pass its check.
            VectorsUnavailable: The server that keeps the vector index does not answer.

        """
        self._wait()
        ids = self._catalogue.passage_ids()
        sample = random.Random(0).sample(ids, min(_SAMPLE, len(ids)))
        headings = {id_: _heading(*found) for id_, found in self._catalogue.passages(sample).items()}
        documents, passages, languages = self._finished()
        self._dense.close()
        vectors = _check(self._store.reopen(self._folder / DENSE), ids, sample)
        self._store.seal(self._folder / DENSE, passages)
        manifest = Manifest(
            number=number,
            created_at=datetime.now(UTC),
            fingerprint=fingerprint,
            documents=documents,
            passages=passages,
            dimension=next((len(vector) for vector in vectors.values()), 0),
            languages=languages,
            changed=0,
            files=checksums(self._folder),
            background=measure([Measured(headings[id_], vectors[id_]) for id_ in sample], embed_query, before),
        )
        manifest.write(self._folder)
        return manifest

    def _write(self, splits: Sequence[SplitDocument], stored: Mapping[str, Stored]) -> None:
        super()._write(splits, stored)
        passages = [(passage.id, split.document.metadata) for split in splits for passage in split.passages]
        if passages:
            ids, documents = zip(*passages, strict=True)
            self._dense.add(ids, np.stack([stored[id_].vector for id_ in ids]), documents)


class ChangeBuilder(Builder):
    """Changes a generation that nobody reads yet: its base stays, and it keeps what has come and gone since."""

    def __init__(self, folder: Path, before: Manifest, verified: Verified) -> None:
        super().__init__(folder, Catalogue.change(folder), LexicalIndex.open(folder / LEXICAL))
        self._before = before
        self._verified = verified
        self._added: list[str] = []

    @classmethod
    def upon(
        cls, previous: Path, before: Manifest, older: Path | None, folder: Path, verified: Verified
    ) -> ChangeBuilder:
        """Begin with everything that the generation in `previous` holds. Raises IndexDamaged where it is not whole.

        Args:
            previous: The folder of that generation.
            before: Its manifest.
            older: The folder of the generation before it, with whose files the new one shares what is the same.
            folder: The folder of the new one.
            verified: The files that need not be read in order to know what is in them.

        """
        take_over(folder, previous, before, older, verified)
        return cls(folder, before, verified)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take out these documents with their passages."""
        self._wait()
        self._lexical.remove(self._catalogue.passage_ids_of(document_ids))
        self._catalogue.remove(document_ids)

    def finish(self, number: int) -> Manifest:
        """Write everything down, check it, and return the manifest of the new generation.

        What was taken over was checked when it was built. Raises IndexDamaged where what was written does not pass.
        """
        documents, passages, languages = self._finished()
        with closing(Catalogue.open(self._folder)) as catalogue:
            changed = Changed.of(catalogue)
        vectors = dict(zip(changed.come, changed.vectors, strict=True))
        sample = random.Random(0).sample(self._added, min(_SAMPLE, len(self._added)))
        if not all(id_ in vectors and _finds(changed, id_, vectors[id_]) for id_ in sample):
            raise IndexDamaged("the new index does not find the passages that were put in")
        manifest = replace(
            self._before,
            number=number,
            created_at=datetime.now(UTC),
            documents=documents,
            passages=passages,
            languages=languages,
            changed=len(changed.gone) + len(changed.come),
            files=checksums(self._folder, verified=self._verified),
            restored=None,
        )
        manifest.write(self._folder)
        return manifest

    def _write(self, splits: Sequence[SplitDocument], stored: Mapping[str, Stored]) -> None:
        super()._write(splits, stored)
        self._added.extend(passage.id for split in splits for passage in split.passages)


def _heading(passage: Passage, metadata: DocumentMetadata) -> str:
    return passage.heading[-1] if passage.heading else metadata.title


def _check(dense: DenseIndex, passages: Sequence[str], sample: Sequence[str]) -> Mapping[str, Vector]:
    """Look for a sample of what was built, and return the vectors of that, by passage id."""
    try:
        if sorted(dense.ids()) != list(passages):
            raise IndexDamaged("the new vector index does not hold the passages that were put in")
        vectors = dense.vectors(sample)
        found = sum(_finds(dense, id_, vectors[id_]) for id_ in sample)
        if found < _LEAST_FOUND * len(sample):
            raise IndexDamaged(f"the new vector index finds only {found} of {len(sample)} of its own passages")
        return vectors
    finally:
        dense.close()


def _finds(dense: DenseIndex | Changed, id_: str, vector: Vector) -> bool:
    nearest = dense.nearest(vector, 1, EVERYTHING, NOTHING_HIDDEN)
    return id_ in nearest or any(cosine >= _SAME for cosine in nearest.values())


def cache_key(metadata: DocumentMetadata, passage: Passage) -> str:
    """Return the key under which the vectors of a passage are cached: what the model reads of it, and nothing else."""
    return _key(_text(metadata, passage))


def _stored(embedding: Embedding) -> Stored:
    return Stored(embedding.vector, pack(np.vstack([embedding.vector, embedding.sentences])))


def _text(metadata: DocumentMetadata, passage: Passage) -> Text:
    text = embedded_text(metadata.title, passage)
    # The passage's own text stands at the end, after its heading path.
    shift = len(text) - len(passage.text) - passage.span.start
    return Text(text, tuple(Span(span.start + shift, span.end + shift) for span in passage.sentences))


def _key(text: Text) -> str:
    return content_id(text.text, repr([(span.start, span.end) for span in text.sentences]))


def _entry(metadata: DocumentMetadata, passage: Passage) -> LexicalEntry:
    text = embedded_text(metadata.title, passage)
    language = metadata.language or words.UNKNOWN
    return LexicalEntry(passage.id, Words(words.terms(text, language), words.pairs(text, language)), metadata)
