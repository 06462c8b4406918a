"""The nouns of a search: the query, its hits, and why each was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.documents import DocumentMetadata, Passage

if TYPE_CHECKING:
    from index.embeddings import Vector


@dataclass(frozen=True, slots=True)
class Query:
    """A query as both sides need it: `vector` is None where the embedding model does not read the query's language.

    `language` is that of the query (ISO 639-1) where the model finds documents of other languages by it too, None where
    it knows only one, or where a few words do not tell it.
    """

    text: str
    vector: Vector | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and why it was found.

    `score`, 0 to 1, is what `rank` (from 1) was given by: the fused score, or, where a reranker read the best passages,
    how relevant this one is among those it read (1 the most, 0 the least, and what it did not read). `cosine` is the
    nearness of the query to the passage, averaged with that to the nearest of its sentences, above the background of
    the index, and None without a dense side; `bm25` is the lexical score, 0 where no word matched; each with its rank
    among the candidates.
    """

    rank: int
    score: float
    passage: Passage
    document: DocumentMetadata
    cosine: float | None
    cosine_rank: int | None
    bm25: float
    bm25_rank: int


@dataclass(frozen=True, slots=True)
class RerankerSkipped:
    """The reranker took longer than the `seconds` that it was given, so that the hits are in the order before it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class SearchedByWords:
    """The vectors could not be opened, for want of room say, so that the hits were found by their words alone."""


@dataclass(frozen=True, slots=True)
class OlderGeneration:
    """The generation `damaged`, which is the newest, cannot be read, so that the hits are of one before it."""

    damaged: int


SearchNote = RerankerSkipped | SearchedByWords | OlderGeneration


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one query, best first, and the number of the generation that they come from.

    `notes` tell what could not be done as it was meant to.
    """

    query: str
    generation: int
    hits: tuple[Hit, ...]
    notes: tuple[SearchNote, ...] = ()
