"""The measures of `footnote evaluate`: pure functions over rankings, texts and times."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence, Set

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u3040-\u9fff])\s+|\s+(?=[\u3040-\u9fff])")


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain, 0 to 1, of the first `depth` of `ranking`, each named once.

    `grades` maps each relevant document to its grade, 1 or more; there must be one.
    """
    gains = [grades.get(document, 0) for document in ranking[:depth]]
    ideal = sorted(grades.values(), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def recall(ranking: Sequence[str], relevant: Set[str], depth: int) -> float:
    """Return the share, 0 to 1, of `relevant` (at least one) among the first `depth` of `ranking`."""
    return len(relevant & set(ranking[:depth])) / len(relevant)


def hit(ranking: Sequence[str], relevant: Set[str]) -> float:
    """Return 1 if the first of `ranking` is relevant, else 0."""
    return float(bool(ranking) and ranking[0] in relevant)


def contains(text: str, answers: Sequence[str]) -> bool:
    """Return whether one of `answers` stands in `text`, both as `normalised`."""
    haystack = normalised(text)
    needles = [normalised(answer) for answer in answers]
    return any(needle in haystack for needle in needles if needle)


def normalised(text: str) -> str:
    """Return `text` as SQuAD compares it: lower case, without punctuation, articles and needless white space."""
    words = "".join(character for character in text.lower() if not unicodedata.category(character).startswith("P"))
    return _SPACE_IN_CHINESE.sub("", " ".join(_ARTICLES.sub(" ", words).split()))


def mean(values: Sequence[float]) -> float | None:
    """Return the mean of `values`; None where there are none."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest of `values` that a `share` (0 to 1) of them do not exceed; None where there are none."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
