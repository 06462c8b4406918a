"""The lexical side of one generation: passage ids by BM25 over their terms, in a Tantivy index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import tantivy
from tantivy import Occur, Query

from index.access import PUBLIC, Hidden, to_text
from index.documents import DocumentMetadata, Filter

_WRITER_BYTES = 64_000_000
# What a pair of neighbouring words counts beside a single one; found on the development sets (docs/architecture.md).
_PAIR_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """The terms of a text and its pairs of neighbouring words."""

    terms: Sequence[str]
    pairs: Sequence[str]


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage as the lexical side sees it: its id, its words (heading path included), its document."""

    id: str
    words: Words
    metadata: DocumentMetadata


class LexicalIndex:
    """A Tantivy folder (BM25 with k1 1.2 and b 0.75; Robertson and Zaragoza 2009). Reading it changes no file."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()
        self._schema = index.schema

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty index in `folder`."""
        folder.mkdir(parents=True)
        return cls(tantivy.Index(_schema(), path=str(folder), reuse=False))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index in `folder`."""
        return cls(tantivy.Index.open(str(folder)))

    def change(self) -> Changes:
        """Begin to change this index; nothing is seen of it before `Changes.commit`."""
        return Changes(self._index.writer(_WRITER_BYTES, num_threads=1))

    def best(self, words: Words, count: int, where: Filter, hidden: Hidden) -> dict[str, float]:
        """Return up to `count` passage ids with their BM25 score, best first, from the documents `where` allows.

        Passages with a `hidden` access are not among them.
        """
        allowed = [(Occur.Must, Query.const_score_query(query, 0.0)) for query in self._allowed(where)]
        return self._search(words, allowed + self._none_of(hidden), count)

    def scores(self, words: Words, ids: Sequence[str]) -> dict[str, float]:
        """Return the BM25 score of those of these passages that have any of the words."""
        if not ids:
            return {}
        these = Query.const_score_query(Query.term_set_query(self._schema, "id", list(ids)), 0.0)
        return self._search(words, [(Occur.Must, these)], len(ids))

    def count(self) -> int:
        """Return how many passages there are."""
        return int(self._searcher.num_docs)

    def frequencies(self, terms: Iterable[str], hidden: Hidden) -> Mapping[str, int]:
        """Return in how many passages each term stands, those with a `hidden` access left out."""
        if not hidden:
            return {term: int(self._searcher.doc_freq("terms", term)) for term in terms}
        return {term: self._frequency(term, hidden) for term in terms}

    def _search(self, words: Words, allowed: list[tuple[Occur, Query]], count: int) -> dict[str, float]:
        if not words.terms:
            return {}
        terms = [Query.term_query(self._schema, "terms", term) for term in words.terms]
        pairs = [Query.boost_query(Query.term_query(self._schema, "pairs", pair), _PAIR_WEIGHT) for pair in words.pairs]
        either = Query.boolean_query([(Occur.Should, query) for query in terms + pairs])
        # What is allowed decides what may be found and adds nothing to the score.
        found = self._searcher.search(Query.boolean_query([(Occur.Must, either), *allowed]), limit=count, count=False)
        return {str(self._searcher.doc(address)["id"][0]): float(score) for score, address in found.hits}

    def _frequency(self, term: str, hidden: Hidden) -> int:
        query = Query.term_query(self._schema, "terms", term)
        seen = Query.boolean_query([(Occur.Must, query), *self._none_of(hidden)])
        # Tantivy's own types do not know the count.
        return int(self._searcher.search(seen, limit=1, count=True).count)  # type: ignore[attr-defined]

    def _none_of(self, hidden: Hidden) -> list[tuple[Occur, Query]]:
        if not hidden:
            return []
        return [(Occur.MustNot, Query.term_set_query(self._schema, "access", sorted(hidden)))]

    def _allowed(self, where: Filter) -> Iterator[Query]:
        if where.source is not None:
            yield Query.term_query(self._schema, "within", where.source, index_option="basic")
        if where.since is not None or where.until is not None:
            first, last = (where.since or date.min).toordinal(), (where.until or date.max).toordinal()
            yield Query.range_query(self._schema, "published", tantivy.FieldType.Integer, first, last)


class Changes:
    """Changes to a lexical index that become visible together, to whoever opens it after the commit."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def remove(self, ids: Iterable[str]) -> None:
        """Remove these passages."""
        for id_ in ids:
            self._writer.delete_documents_by_term("id", id_)

    def add(self, entries: Iterable[LexicalEntry]) -> None:
        """Add these passages."""
        for entry in entries:
            self._writer.add_document(_document(entry))

    def commit(self) -> None:
        """Write everything down and end."""
        self._writer.commit()
        self._writer.wait_merging_threads()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("within", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("access", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", indexed=True)
    return builder.build()


def _document(entry: LexicalEntry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("terms", " ".join(entry.words.terms))
    document.add_text("pairs", " ".join(entry.words.pairs))
    for place in entry.metadata.paths:
        document.add_text("within", place)
    if entry.metadata.access != PUBLIC:
        document.add_text("access", to_text(entry.metadata.access))
    if entry.metadata.published is not None:
        document.add_integer("published", entry.metadata.published.toordinal())
    return document
