"""Near duplicates: of passages that say the same in nearly the same words, one serves, and the others make room.

Likeness is the Jaccard coefficient of their shingles, after Broder, "On the resemblance and containment of documents"
(1997), here of pairs of terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from index.evidence import Sentence

# Copies of a notice, or two editions of a page, share more than this; passages on one subject share less than half.
_ALIKE = 0.8


def distinct(passages: Iterable[Sequence[Sentence]]) -> Iterator[Sequence[Sentence]]:
    """Yield the passages, each as its sentences, best first, but for those nearly the same as one before.

    A passage with another number, or a "not" more or less, is never the same: it may contradict.
    """
    kept: list[_Wording] = []
    for passage in passages:
        wording = _Wording.of(passage)
        if not any(wording.is_nearly(better) for better in kept):
            kept.append(wording)
            yield passage


@dataclass(frozen=True, slots=True)
class _Wording:
    """The pairs of stems that follow each other in a passage, and what may not differ: its numbers and its denials."""

    shingles: frozenset[tuple[str, str]]
    essential: tuple[str, ...]

    @classmethod
    def of(cls, passage: Sequence[Sentence]) -> Self:
        tokens = [token for sentence in passage for token in sentence.analysis.tokens]
        stems = [token.stem for token in tokens if token.stem]
        essential = sorted(token.folded for token in tokens if token.is_number or token.is_negation)
        return cls(frozenset(pairwise(stems)), tuple(essential))

    def is_nearly(self, other: _Wording) -> bool:
        every = len(self.shingles | other.shingles)
        alike = len(self.shingles & other.shingles) / every if every else 0.0
        return alike >= _ALIKE and self.essential == other.essential
