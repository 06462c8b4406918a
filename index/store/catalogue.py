"""The catalogue of one generation: its documents and passages, in SQLite; what the two sides of the index refer to.

It is in two files. The base holds what there was when the index was last built in full; it never changes again, so
that the generations that follow share it. The changes hold what has come since, and which documents of the base have
gone. Whoever asks sees one catalogue.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index import access
from index.access import Access, Hidden
from index.documents import Document, DocumentMetadata, Heading, Passage, Place, Span
from index.errors import UnknownDocument
from index.language.vocabulary import abbreviations, spellings
from index.language.words import UNKNOWN

if TYPE_CHECKING:
    from index.store.vectors import Stored

# The two files of a catalogue.
CATALOGUE, CHANGES = "passages.sqlite", "changes.sqlite"
_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, content TEXT NOT NULL, title TEXT NOT NULL, url TEXT,
    publisher TEXT, published TEXT, language TEXT, encoding TEXT, author TEXT,
    also TEXT NOT NULL, collection TEXT NOT NULL, access TEXT NOT NULL, text TEXT NOT NULL, headings TEXT NOT NULL,
    places TEXT NOT NULL, lines TEXT NOT NULL, rows TEXT NOT NULL
);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT NOT NULL, place TEXT,
    sentences BLOB NOT NULL, instructions BLOB NOT NULL, vectors BLOB NOT NULL, vector BLOB
);
CREATE INDEX documents_by_access ON documents (access);
CREATE INDEX documents_by_source ON documents (source, also, content, collection, access, language, id);
CREATE INDEX passages_by_document ON passages (document_id);
CREATE TABLE spellings (
    word TEXT NOT NULL, access TEXT NOT NULL, documents INTEGER NOT NULL, PRIMARY KEY (word, access)
) WITHOUT ROWID;
CREATE TABLE abbreviations (
    short TEXT NOT NULL COLLATE NOCASE, long TEXT NOT NULL, document_id TEXT NOT NULL REFERENCES documents
);
CREATE INDEX abbreviations_by_short ON abbreviations (short);
CREATE INDEX abbreviations_by_document ON abbreviations (document_id);
"""
_GONE = "CREATE TABLE gone (id TEXT PRIMARY KEY) WITHOUT ROWID;"
# What of the base is left.
_LEFT = """
PRAGMA temp_store = MEMORY;
CREATE TEMP VIEW left_documents AS SELECT rowid, * FROM base.documents WHERE id NOT IN (SELECT id FROM main.gone);
CREATE TEMP VIEW left_passages AS SELECT * FROM base.passages WHERE document_id NOT IN (SELECT id FROM main.gone);
CREATE TEMP VIEW left_abbreviations AS
    SELECT * FROM base.abbreviations WHERE document_id NOT IN (SELECT id FROM main.gone);
"""
# What a query is put to, one after the other: what is left of the base, and what has come.
_PARTS = (
    {"documents": "left_documents", "passages": "left_passages", "abbreviations": "left_abbreviations"},
    {"documents": "main.documents", "passages": "main.passages", "abbreviations": "main.abbreviations"},
)
_METADATA = (
    "d.id, d.title, d.source, d.url, d.publisher, d.published, d.language, d.encoding, d.author, d.also, d.collection, "
    "d.access"
)
_PASSAGES = (
    "SELECT p.id, p.document_id, p.ordinal, p.start, p.end, substr(d.text, p.start + 1, p.end - p.start), "
    f"p.heading, p.place, p.sentences, p.instructions, {_METADATA} "
    "FROM {passages} p JOIN {documents} d ON d.id = p.document_id"
)
_PASSAGE_FIELDS = 10
_BATCH = 500


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A document to put into the catalogue.

    `content` is the SHA-256 of the bytes it was read from; `vectors` are those of each passage.
    """

    document: Document
    content: str
    passages: Sequence[Passage]
    vectors: Sequence[Stored]


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file that is in the index: its source and those of its copies, the SHA-256 of its bytes, its documents' ids.

    `collection` is the name of the configured source that it came from.
    """

    sources: tuple[str, ...]
    content: str
    document_ids: tuple[str, ...]
    collection: str


class Catalogue:
    """The two files of a folder. Opened for reading they are immutable, and safe to share between threads."""

    def __init__(self, connection: sqlite3.Connection, into: str = "main") -> None:
        self._connection = connection
        # The schema that is written to.
        self._into = into

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty catalogue in `folder`; what is put into it is its base. `save` ends that."""
        for name, schema in ((CATALOGUE, _SCHEMA), (CHANGES, _SCHEMA + _GONE)):
            with closing(sqlite3.connect(folder / name)) as connection:
                connection.executescript(schema)
        return cls(_connected(folder, "mode=rw", "mode=rw"), "base")

    @classmethod
    def change(cls, folder: Path) -> Self:
        """Open the catalogue in `folder` for changing all but its base; `save` ends that."""
        return cls(_connected(folder, "mode=ro&immutable=1", "mode=rw"))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the catalogue in `folder` for reading."""
        return cls(_connected(folder, "mode=ro&immutable=1", "mode=ro&immutable=1"))

    def add(self, entry: CatalogueEntry) -> None:
        """Put in one document with its passages."""
        document, metadata, into = entry.document, entry.document.metadata, self._into
        limits = access.to_text(metadata.access)
        self._connection.execute(
            f"INSERT INTO {into}.documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                metadata.id,
                metadata.source,
                entry.content,
                metadata.title,
                metadata.url,
                metadata.publisher,
                metadata.published.isoformat() if metadata.published else None,
                metadata.language,
                metadata.encoding,
                metadata.author,
                json.dumps(metadata.also),
                metadata.collection,
                limits,
                document.text,
                json.dumps(
                    [
                        (heading.span.start, heading.span.end, heading.level, heading.title)
                        for heading in document.headings
                    ]
                ),
                json.dumps([_place_row(place) for place in document.places], ensure_ascii=False),
                json.dumps(document.lines),
                json.dumps(document.rows),
            ),
        )
        self._connection.executemany(
            f"INSERT INTO {into}.passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                # The vectors of the base are in the vector index.
                (*_passage_row(passage), stored.packed, None if into == "base" else stored.vector.tobytes())
                for passage, stored in zip(entry.passages, entry.vectors, strict=True)
            ),
        )
        self._count_words(document.text, limits, 1)
        self._connection.executemany(
            f"INSERT INTO {into}.abbreviations VALUES (?, ?, ?)",
            ((short, long, metadata.id) for short, long in set(abbreviations(document.text))),
        )

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take out these documents with their passages."""
        ids = list(document_ids)
        for text, limits in list(self._among("SELECT text, access FROM {documents} WHERE id", ids)):
            self._count_words(text, limits, -1)
        rows = [(id_,) for id_ in ids]
        self._connection.executemany("INSERT OR IGNORE INTO gone SELECT id FROM base.documents WHERE id = ?", rows)
        self._connection.executemany("DELETE FROM main.abbreviations WHERE document_id = ?", rows)
        self._connection.executemany("DELETE FROM main.passages WHERE document_id = ?", rows)
        self._connection.executemany("DELETE FROM main.documents WHERE id = ?", rows)

    def save(self) -> None:
        """Write all changes and close the files."""
        self._connection.commit()
        self._connection.close()

    def documents(self) -> tuple[DocumentMetadata, ...]:
        """Return the metadata of all documents, by source."""
        rows = self._rows(f"SELECT {_METADATA} FROM {{documents}} d ORDER BY d.rowid")
        return tuple(sorted(map(_metadata, rows), key=lambda metadata: metadata.source))

    def document_count(self) -> int:
        """Return how many documents there are."""
        return sum(count for (count,) in self._rows("SELECT count(*) FROM {documents}"))

    def files(self) -> Mapping[str, IndexedFile]:
        """Return the files that the documents were read from, by each source: of a file and of every copy of it."""
        ids: dict[tuple[str, ...], list[str]] = {}
        said: dict[tuple[str, ...], tuple[str, str]] = {}
        for source, also, content, collection, id_ in self._rows(
            "SELECT source, also, content, collection, id FROM {documents}"
        ):
            sources = (source, *json.loads(also)) if also != "[]" else (source,)
            ids.setdefault(sources, []).append(id_)
            said[sources] = content, collection
        files = [IndexedFile(sources, content, tuple(ids[sources]), name) for sources, (content, name) in said.items()]
        return {source: file for file in files for source in file.sources}

    def contents(self) -> Mapping[DocumentMetadata, str]:
        """Return the SHA-256 of the bytes that each document was read from."""
        return {
            _metadata(row): content for *row, content in self._rows(f"SELECT {_METADATA}, content FROM {{documents}} d")
        }

    def document(self, document_id: str) -> Document:
        """Return one whole document. Raises UnknownDocument."""
        query = f"SELECT {_METADATA}, d.text, d.headings, d.places, d.lines, d.rows FROM {{documents}} d WHERE d.id = ?"
        row = next(self._rows(query, (document_id,)), None)
        if row is None:
            raise UnknownDocument
        *metadata, text, headings, places, lines, rows = row
        return Document(
            metadata=_metadata(metadata),
            text=text,
            headings=tuple(
                Heading(Span(start, end), level, title) for start, end, level, title in json.loads(headings)
            ),
            places=tuple(map(_place, json.loads(places))),
            lines=tuple((offset, line) for offset, line in json.loads(lines)),
            rows=tuple((offset, row) for offset, row in json.loads(rows)),
        )

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, DocumentMetadata]]:
        """Return those of the passages that are here, by id, with the metadata of their documents."""
        rows = self._among(f"{_PASSAGES} WHERE p.id", ids)
        return {row[0]: (_passage(row[:_PASSAGE_FIELDS]), _metadata(row[_PASSAGE_FIELDS:])) for row in rows}

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document, in order."""
        rows = self._rows(f"{_PASSAGES} WHERE p.document_id = ? ORDER BY p.ordinal", (document_id,))
        return tuple(_passage(row[:_PASSAGE_FIELDS]) for row in rows)

    def vectors(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the packed vectors of those of the passages that are here, by id."""
        return dict(self._among("SELECT id, vectors FROM {passages} WHERE id", ids))

    def languages(self, ids: Sequence[str]) -> dict[str, str | None]:
        """Return the languages of those of the passages that are here, by id (ISO 639-1; None: nobody knows)."""
        rows = "SELECT p.id, d.language FROM {passages} p JOIN {documents} d ON d.id = p.document_id WHERE p.id"
        return dict(self._among(rows, ids))

    def passage_ids(self) -> list[str]:
        """Return the ids of all passages, sorted."""
        return sorted(id_ for (id_,) in self._rows("SELECT id FROM {passages}"))

    def passage_ids_of(self, document_ids: Sequence[str]) -> list[str]:
        """Return the ids of the passages of these documents."""
        return [id_ for (id_,) in self._among("SELECT id FROM {passages} WHERE document_id", document_ids)]

    def passage_count(self) -> int:
        """Return how many passages there are."""
        return sum(count for (count,) in self._rows("SELECT count(*) FROM {passages}"))

    def gone(self) -> frozenset[str]:
        """Return the ids of the passages of the base that are here no more."""
        query = "SELECT id FROM base.passages WHERE document_id IN (SELECT id FROM main.gone)"
        return frozenset(id_ for (id_,) in self._connection.execute(query))

    def come(self) -> Iterator[tuple[str, bytes, DocumentMetadata]]:
        """Yield the id of each passage that is not in the base, its vector as float32, and its document's metadata."""
        query = f"SELECT p.id, p.vector, {_METADATA} FROM main.passages p JOIN main.documents d ON d.id = p.document_id"
        for id_, vector, *metadata in self._connection.execute(query):
            yield id_, vector, _metadata(metadata)

    def accesses(self) -> dict[str, Access]:
        """Return the accesses that documents here have, by their text."""
        found = {text for (text,) in self._rows("SELECT DISTINCT access FROM {documents}")}
        return {text: access.from_text(text) for text in sorted(found)}

    def limits(self) -> Iterator[tuple[str, str, Access]]:
        """Yield the source's name, the path or address and the access of every document."""
        read = cache(access.from_text)
        for collection, source, text in self._rows("SELECT collection, source, access FROM {documents}"):
            yield collection, source, read(text)

    def access_of(self, document: DocumentMetadata) -> Access:
        """Return the access of a document: its own, else that of what else its source holds, else what it had last."""
        rows = list(self._rows("SELECT access FROM {documents} WHERE id = ?", (document.id,)))
        if not rows:
            rows = list(self._rows("SELECT access FROM {documents} WHERE source = ?", (document.source,)))
        return tuple(rule for (text,) in rows for rule in access.from_text(text)) if rows else document.access

    def counts(self, hidden: Hidden) -> tuple[int, int]:
        """Return how many documents, and how many passages, there are beside those with a `hidden` access."""
        query = (
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM {passages} p WHERE p.document_id = d.id)), 0) "
            f"FROM {{documents}} d WHERE d.access NOT IN ({_marks(hidden)})"
        )
        documents, passages = zip(*self._rows(query, tuple(hidden)), strict=True)
        return sum(documents), sum(passages)

    def languages_beside(self, hidden: Hidden) -> tuple[str, ...]:
        """Return the languages of the documents (ISO 639-1) beside those with a `hidden` access, sorted."""
        query = f"SELECT DISTINCT language FROM {{documents}} WHERE access NOT IN ({_marks(hidden)})"
        return tuple(sorted({language or UNKNOWN for (language,) in self._rows(query, tuple(hidden))}))

    def spelled(self, shortest: int, longest: int, hidden: Hidden) -> dict[str, int]:
        """Give the words of so many letters in lower case, each with the number of documents that it stands in.

        Documents with a `hidden` access do not count.
        """
        rows = self._connection.execute(
            "SELECT word, sum(documents) FROM (SELECT * FROM base.spellings UNION ALL SELECT * FROM main.spellings) "
            f"WHERE length(word) BETWEEN ? AND ? AND access NOT IN ({_marks(hidden)}) "
            "GROUP BY word HAVING sum(documents) > 0",
            (shortest, longest, *hidden),
        )
        return dict(rows)

    def expansions(self, short: str, hidden: Hidden) -> tuple[str, ...]:
        """Give what an abbreviation stands for, in whatever case it is typed, the commonest meaning first.

        Documents with a `hidden` access do not count.
        """
        rows = self._rows(
            "SELECT a.long FROM {abbreviations} a JOIN {documents} d ON d.id = a.document_id "
            f"WHERE a.short = ? AND d.access NOT IN ({_marks(hidden)})",
            (short, *hidden),
        )
        meanings = Counter[str]()
        written: dict[str, str] = {}
        for long in sorted(long for (long,) in rows):
            meanings[long.lower()] += 1
            written.setdefault(long.lower(), long)
        return tuple(written[long] for long in sorted(meanings, key=lambda long: (-meanings[long], written[long])))

    def close(self) -> None:
        """Close the files."""
        self._connection.close()

    def _count_words(self, text: str, limits: str, documents: int) -> None:
        self._connection.executemany(
            f"INSERT INTO {self._into}.spellings VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET documents = documents + excluded.documents",
            ((word, limits, documents) for word in spellings(text)),
        )

    def _rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Any]:
        """Yield what a query finds in each part of the catalogue."""
        for part in _PARTS:
            yield from self._connection.execute(query.format(**part), values)

    def _among(self, query: str, values: Sequence[str]) -> Iterator[Any]:
        for at in range(0, len(values), _BATCH):
            batch = values[at : at + _BATCH]
            yield from self._rows(f"{query} IN ({','.join('?' * len(batch))})", batch)


def _connected(folder: Path, base: str, changes: str) -> sqlite3.Connection:
    uri = folder.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}/{CHANGES}?{changes}", uri=True, check_same_thread=False)
    try:
        connection.execute("ATTACH ? AS base", (f"{uri}/{CATALOGUE}?{base}",))
        connection.executescript(_LEFT)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _marks(values: Hidden) -> str:
    return ",".join("?" * len(values))


def _passage_row(passage: Passage) -> tuple[object, ...]:
    sentences = array("i", [offset for span in passage.sentences for offset in (span.start, span.end)]).tobytes()
    heading = json.dumps(passage.heading, ensure_ascii=False)
    span = passage.span
    return (
        passage.id,
        passage.document_id,
        passage.ordinal,
        span.start,
        span.end,
        heading,
        json.dumps(_place_row(passage.place), ensure_ascii=False) if passage.place else None,
        sentences,
        array("i", sorted(passage.instructions)).tobytes(),
    )


def _passage(row: Sequence[Any]) -> Passage:
    id_, document_id, ordinal, start, end, text, heading, place, sentences, instructions = row
    offsets = array("i", sentences)
    return Passage(
        id=id_,
        document_id=document_id,
        ordinal=ordinal,
        span=Span(start, end),
        text=text,
        heading=tuple(json.loads(heading)),
        place=_place(json.loads(place)) if place else None,
        sentences=tuple(map(Span, offsets[::2], offsets[1::2])),
        instructions=frozenset(array("i", instructions)),
    )


def _place_row(place: Place) -> tuple[str, int, str | None, int, int]:
    return place.kind, place.number, place.label, place.span.start, place.span.end


def _place(row: Sequence[Any]) -> Place:
    kind, number, label, start, end = row
    return Place(kind, number, label, Span(start, end))


def _metadata(row: Sequence[Any]) -> DocumentMetadata:
    id_, title, source, url, publisher, published, language, encoding, author, also, collection, limits = row
    return DocumentMetadata(
        id=id_,
        title=title,
        source=source,
        url=url,
        publisher=publisher,
        published=date.fromisoformat(published) if published else None,
        language=language,
        encoding=encoding,
        author=author,
        also=tuple(json.loads(also)),
        collection=collection,
        access=access.from_text(limits),
    )
