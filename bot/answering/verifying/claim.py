"""A claim: one sentence that a chat model wrote, as it is compared with the sentences of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.embeddings import Vector
from index.evidence import Sentence
from index.language import words
from index.language.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, its words that carry meaning, the weight of each, 0 to 1, and its vector, where it has one."""

    analysis: Analysis
    words: tuple[words.QueryTerm, ...]
    weights: tuple[float, ...]
    vector: Vector | None

    @property
    def text(self) -> str:
        """The sentence as it was written."""
        return self.analysis.text

    def share(self, terms: frozenset[str]) -> float:
        """Return the share, by weight, of the claim's words that are among these terms, 0 to 1."""
        whole = sum(self.weights)
        covered = sum(weight for word, weight in zip(self.words, self.weights, strict=True) if word.forms & terms)
        return covered / whole if whole else 0.0

    def gain(self, terms: frozenset[str], more: frozenset[str]) -> float:
        """Return the share that `more` terms add to, of the words that are no names.

        A name is no reason to quote a further sentence: it might be there on quite another matter. The first word of a
        sentence may be one too.
        """
        plain = [word for word in self.words[1:] if not word.is_name]
        weights = dict(zip(self.words, self.weights, strict=True))
        added = sum(weights[word] for word in plain if word.forms & more and not word.forms & terms)
        return added / sum(self.weights) if added else 0.0

    def cosine(self, sentences: Sequence[Sentence]) -> float | None:
        """Return the cosine with the nearest of these sentences, above the background; None without a dense side."""
        if self.vector is None:
            return None
        near = [sentence.nearness(self.vector) for sentence in sentences]
        return max((cosine for cosine in near if cosine is not None), default=None)
