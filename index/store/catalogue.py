"""The catalogue of one generation: its documents and passages, in SQLite; what the two sides of the index refer to."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

from index import access
from index.access import Access, Hidden
from index.documents import Document, DocumentMetadata, Heading, Passage, Place, Span
from index.errors import UnknownDocument
from index.language.vocabulary import abbreviations, spellings
from index.language.words import UNKNOWN

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
    sentences BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id);
CREATE INDEX documents_by_access ON documents (access);
CREATE INDEX documents_by_source ON documents (source);
CREATE TABLE spellings (
    word TEXT NOT NULL, access TEXT NOT NULL, documents INTEGER NOT NULL, PRIMARY KEY (word, access)
) WITHOUT ROWID;
CREATE TABLE abbreviations (
    short TEXT NOT NULL COLLATE NOCASE, long TEXT NOT NULL, document_id TEXT NOT NULL REFERENCES documents
);
CREATE INDEX abbreviations_by_short ON abbreviations (short);
CREATE INDEX abbreviations_by_document ON abbreviations (document_id);
"""
_METADATA = (
    "d.id, d.title, d.source, d.url, d.publisher, d.published, d.language, d.encoding, d.author, d.also, d.collection, "
    "d.access"
)
_PASSAGE_FIELDS = 9
_BATCH = 500


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A document to put into the catalogue.

    `content` is the SHA-256 of the bytes it was read from; `vectors` are those of each passage, packed.
    """

    document: Document
    content: str
    passages: Sequence[Passage]
    vectors: Sequence[bytes]


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
    """One SQLite file. Opened for reading it is immutable and safe to share between threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty catalogue at `path`."""
        catalogue = cls.change(path)
        catalogue._connection.executescript(_SCHEMA)
        return catalogue

    @classmethod
    def change(cls, path: Path) -> Self:
        """Open the catalogue at `path` for changing; `save` ends that."""
        return cls(sqlite3.connect(path, check_same_thread=False))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the catalogue at `path` for reading."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    def add(self, entry: CatalogueEntry) -> None:
        """Put in one document with its passages."""
        document, metadata = entry.document, entry.document.metadata
        limits = access.to_text(metadata.access)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_passage_row(passage, vectors) for passage, vectors in zip(entry.passages, entry.vectors, strict=True)),
        )
        self._connection.executemany(
            "INSERT INTO spellings VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET documents = documents + 1",
            ((word, limits) for word in spellings(document.text)),
        )
        self._connection.executemany(
            "INSERT INTO abbreviations VALUES (?, ?, ?)",
            ((short, long, metadata.id) for short, long in set(abbreviations(document.text))),
        )

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take out these documents with their passages."""
        ids = [(id_,) for id_ in document_ids]
        for text, limits in list(self._among("SELECT text, access FROM documents WHERE id", [id_ for (id_,) in ids])):
            self._connection.executemany(
                "UPDATE spellings SET documents = documents - 1 WHERE word = ? AND access = ?",
                ((word, limits) for word in spellings(text)),
            )
        self._connection.execute("DELETE FROM spellings WHERE documents <= 0")
        self._connection.executemany("DELETE FROM abbreviations WHERE document_id = ?", ids)
        self._connection.executemany("DELETE FROM passages WHERE document_id = ?", ids)
        self._connection.executemany("DELETE FROM documents WHERE id = ?", ids)

    def save(self) -> None:
        """Write all changes and close the file."""
        self._connection.commit()
        self._connection.close()

    def documents(self) -> tuple[DocumentMetadata, ...]:
        """Return the metadata of all documents, by source."""
        rows = self._connection.execute(f"SELECT {_METADATA} FROM documents d ORDER BY d.source, d.rowid")
        return tuple(_metadata(row) for row in rows)

    def files(self) -> Mapping[str, IndexedFile]:
        """Return the files that the documents were read from, by each source: of a file and of every copy of it."""
        rows = self._connection.execute("SELECT source, also, content, collection, id FROM documents ORDER BY rowid")
        ids: dict[tuple[str, ...], list[str]] = {}
        said: dict[tuple[str, ...], tuple[str, str]] = {}
        for source, also, content, collection, id_ in rows:
            sources = (source, *json.loads(also))
            ids.setdefault(sources, []).append(id_)
            said[sources] = content, collection
        files = [IndexedFile(sources, content, tuple(ids[sources]), name) for sources, (content, name) in said.items()]
        return {source: file for file in files for source in file.sources}

    def document(self, document_id: str) -> Document:
        """Return one whole document. Raises UnknownDocument."""
        row = self._connection.execute(
            f"SELECT {_METADATA}, d.text, d.headings, d.places, d.lines, d.rows FROM documents d WHERE d.id = ?",
            (document_id,),
        ).fetchone()
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
        rows = self._among(
            "SELECT p.id, p.document_id, p.ordinal, p.start, p.end, substr(d.text, p.start + 1, p.end - p.start), "
            f"p.heading, p.place, p.sentences, {_METADATA} "
            "FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id",
            ids,
        )
        return {row[0]: (_passage(row[:_PASSAGE_FIELDS]), _metadata(row[_PASSAGE_FIELDS:])) for row in rows}

    def vectors(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the packed vectors of those of the passages that are here, by id."""
        return dict(self._among("SELECT id, vectors FROM passages WHERE id", ids))

    def languages(self, ids: Sequence[str]) -> dict[str, str | None]:
        """Return the languages of those of the passages that are here, by id (ISO 639-1; None: nobody knows)."""
        rows = "SELECT p.id, d.language FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id"
        return dict(self._among(rows, ids))

    def passage_ids(self) -> list[str]:
        """Return the ids of all passages, sorted."""
        return [id_ for (id_,) in self._connection.execute("SELECT id FROM passages ORDER BY id")]

    def passage_ids_of(self, document_ids: Sequence[str]) -> list[str]:
        """Return the ids of the passages of these documents."""
        return [id_ for (id_,) in self._among("SELECT id FROM passages WHERE document_id", document_ids)]

    def passage_count(self) -> int:
        """Return how many passages there are."""
        (count,) = self._connection.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)

    def accesses(self) -> dict[str, Access]:
        """Return the accesses that documents here have, by their text."""
        rows = self._connection.execute("SELECT DISTINCT access FROM documents ORDER BY access")
        return {text: access.from_text(text) for (text,) in rows}

    def limits(self) -> Iterator[tuple[str, str, Access]]:
        """Yield the source's name, the path or address and the access of every document."""
        read = cache(access.from_text)
        for collection, source, text in self._connection.execute("SELECT collection, source, access FROM documents"):
            yield collection, source, read(text)

    def access_of(self, document: DocumentMetadata) -> Access:
        """Return the access of a document: its own, else that of what else its source holds, else what it had last."""
        select = self._connection.execute
        rows = select("SELECT access FROM documents WHERE id = ?", (document.id,)).fetchall()
        if not rows:
            rows = select("SELECT access FROM documents WHERE source = ?", (document.source,)).fetchall()
        return tuple(rule for (text,) in rows for rule in access.from_text(text)) if rows else document.access

    def counts(self, hidden: Hidden) -> tuple[int, int]:
        """Return how many documents, and how many passages, there are beside those with a `hidden` access."""
        (documents, passages), *_ = self._connection.execute(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE p.document_id = d.id)), 0) "
            f"FROM documents d WHERE d.access NOT IN ({_marks(hidden)})",
            tuple(hidden),
        )
        return documents, passages

    def languages_beside(self, hidden: Hidden) -> tuple[str, ...]:
        """Return the languages of the documents (ISO 639-1) beside those with a `hidden` access, sorted."""
        rows = self._connection.execute(
            f"SELECT DISTINCT language FROM documents WHERE access NOT IN ({_marks(hidden)})", tuple(hidden)
        )
        return tuple(sorted(language or UNKNOWN for (language,) in rows))

    def spelled(self, shortest: int, longest: int, hidden: Hidden) -> dict[str, int]:
        """Give the words of so many letters in lower case, each with the number of documents that it stands in.

        Documents with a `hidden` access do not count.
        """
        rows = self._connection.execute(
            "SELECT word, sum(documents) FROM spellings "
            f"WHERE length(word) BETWEEN ? AND ? AND access NOT IN ({_marks(hidden)}) GROUP BY word",
            (shortest, longest, *hidden),
        )
        return dict(rows)

    def expansions(self, short: str, hidden: Hidden) -> tuple[str, ...]:
        """Give what an abbreviation stands for, in whatever case it is typed, the commonest meaning first.

        Documents with a `hidden` access do not count.
        """
        rows = self._connection.execute(
            "SELECT a.long FROM abbreviations a JOIN documents d ON d.id = a.document_id "
            f"WHERE a.short = ? AND d.access NOT IN ({_marks(hidden)}) "
            "GROUP BY lower(a.long) ORDER BY count(*) DESC, a.long",
            (short, *hidden),
        )
        return tuple(long for (long,) in rows)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _among(self, query: str, values: Sequence[str]) -> Iterator[Any]:
        for at in range(0, len(values), _BATCH):
            batch = values[at : at + _BATCH]
            yield from self._connection.execute(f"{query} IN ({','.join('?' * len(batch))})", batch)


def _marks(values: Hidden) -> str:
    return ",".join("?" * len(values))


def _passage_row(passage: Passage, vectors: bytes) -> tuple[object, ...]:
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
        vectors,
    )


def _passage(row: Sequence[Any]) -> Passage:
    id_, document_id, ordinal, start, end, text, heading, place, sentences = row
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
