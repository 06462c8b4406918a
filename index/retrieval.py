"""Retrieval: a query becomes ranked passages, each with the reason why it was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from index.documents import Passage, Record


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may be found: one source or everything under a folder, published `since` to `until` inclusive."""

    source: str | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and why it was found.

    `score` is the fused score, 0 to 1, by which `rank` (from 1) was given; `cosine` and `bm25` are the dense and the
    lexical score, with their ranks; None where that side did not propose the passage.
    """

    rank: int
    score: float
    passage: Passage
    document: Record
    cosine: float | None = None
    cosine_rank: int | None = None
    bm25: float | None = None
    bm25_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """The hits of one query, best first, and the number of the generation that they come from."""

    query: str
    generation: int
    hits: tuple[Hit, ...]
