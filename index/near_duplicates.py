"""Near-duplicates: of passages that say the same in nearly the same words, the best serves, and the others make room.

Likeness is the Jaccard coefficient of their shingles, after Broder, "On the resemblance and containment of documents"
(1997), here of pairs of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from index.hits import Hit
from index.language.analysis import Analysis
from index.language.scripts import UNSPACED

# Copies of a notice, or two editions of a page, share more than this; passages on one subject share less than half.
_ALIKE = 0.8
_WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+")


def without_near_duplicates(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield the hits, ranked anew, but for those whose passage is nearly the same as that of a better one.

    A passage with another number or name, or a "not" more or less, is never the same: it may contradict. This is for
    what is read; a ranking that is measured keeps them all, since a judge may have read the one and not the other.
    """
    kept: list[_Wording] = []
    for hit in hits:
        wording = _Wording(hit)
        if not any(wording.is_nearly(better) for better in kept):
            kept.append(wording)
            yield replace(hit, rank=len(kept))


@dataclass(frozen=True)
class _Wording:
    """The words of a passage, looked at no closer than it takes to tell it from another."""

    hit: Hit

    def is_nearly(self, other: _Wording) -> bool:
        fewer, more = sorted((len(self.shingles), len(other.shingles)))
        if not fewer or fewer < _ALIKE * more:
            return False
        shared = len(self.shingles & other.shingles)
        return shared >= _ALIKE * (fewer + more - shared) and self.essential == other.essential

    @cached_property
    def shingles(self) -> frozenset[tuple[str, str]]:
        """The pairs of words that follow each other."""
        return frozenset(pairwise(_WORD.findall(self.hit.passage.text.lower())))

    @cached_property
    def essential(self) -> tuple[list[str], list[str]]:
        """What may not differ: its numbers and denials, and its names."""
        analysis = Analysis(self.hit.passage.text, self.hit.document.language)
        facts = sorted(token.folded for token in analysis.tokens if token.is_number or token.is_negation)
        return facts, sorted({word.folded for word in analysis.words if word.is_name})
