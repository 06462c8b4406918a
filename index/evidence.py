"""The nouns of evidence: what one generation knows of a question, from which an answer is composed and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from index.background import NO_BACKGROUND, Background
from index.documents import Passage, Span
from index.hits import Hit, SearchNote
from index.language import words
from index.language.analysis import Analysis

if TYPE_CHECKING:
    from index.embeddings import Vector


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage that was found, and how near the question is to it.

    `cosine` is above the `background` of the index, and None without a dense side. `vector` is the sentence's unit
    vector, `(dimension,)`, where it has one.
    """

    hit: Hit
    ordinal: int
    span: Span
    text: str
    cosine: float | None
    terms: frozenset[str]
    pairs: frozenset[str]
    vector: Vector | None = field(default=None, compare=False, repr=False)
    background: Background = NO_BACKGROUND

    @property
    def passage(self) -> Passage:
        """The passage that it stands in."""
        return self.hit.passage

    def nearness(self, statement: Vector) -> float | None:
        """Return how near a statement is to it, by its unit vector, above the background; None without a dense side."""
        return None if self.vector is None else self.background.of_statement(float(self.vector @ statement))

    @property
    def language(self) -> str:
        """The language of its document (ISO 639-1), UNKNOWN where nothing could tell."""
        return self.hit.document.language or words.UNKNOWN

    @cached_property
    def analysis(self) -> Analysis:
        """The sentence and its tokens, in the language of its document."""
        return Analysis(self.text, self.language)

    @property
    def above(self) -> str:
        """The title of its document and the headings that it stands under, a line each."""
        return "\n".join((self.hit.document.title, *self.passage.heading))

    @property
    def heading_terms(self) -> frozenset[str]:
        """The terms of what stands above it."""
        return _heading_terms(self.above, self.language)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A question, its words, the best passages and their sentences.

    `idf` tells how rare each of the question's terms is among the passages, 0 to 1 (1: in none of them). `notes` tell
    what the search could not do as it was meant to. `language` is that of the question, as `Query` has it.
    """

    question: str
    generation: int
    words: tuple[words.QueryTerm, ...]
    pairs: frozenset[str]
    idf: Mapping[str, float]
    hits: tuple[Hit, ...]
    sentences: tuple[Sentence, ...]
    notes: tuple[SearchNote, ...] = ()
    language: str | None = None

    def crosses_to(self, sentence: Sentence) -> bool:
        """Return whether a sentence is in another language than the question, so that their words tell nothing."""
        return self.language is not None and sentence.language not in (self.language, words.UNKNOWN)


# A passage's sentences have the same headings, and are asked for them again and again.
@lru_cache(maxsize=4096)
def _heading_terms(above: str, language: str) -> frozenset[str]:
    return frozenset(words.terms(above, language))
