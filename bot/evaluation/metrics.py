"""The measures of `footnote evaluate`: pure functions over rankings, texts and times."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

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


def auroc(right: Sequence[float], wrong: Sequence[float]) -> float | None:
    """Give the chance, 0 to 1, that one of the `right` is surer than one of the `wrong`; ties count half.

    This is the area under the receiver operating characteristic (Hanley and McNeil 1982). None where either is empty.
    """
    if not right or not wrong:
        return None
    ordered = sorted(wrong)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in right)
    return below / (2 * len(right) * len(wrong))


def refused_at(right: Sequence[float], wrong: Sequence[float], error: float) -> float | None:
    """Give the share of the `wrong` that lie below a threshold that refuses at most a share `error` of the `right`.

    None where either is empty.
    """
    if not right or not wrong:
        return None
    threshold = sorted(right)[min(len(right) - 1, math.floor(error * len(right)))]
    return sum(value < threshold for value in wrong) / len(wrong)


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies from `low` to `high`: how many, how sure on average, how many were right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(judged: Sequence[tuple[float, bool]], bins: int = 10) -> tuple[Bin, ...]:
    """Give the reliability table: confidences, each with whether it was right, in bins of equal width, none empty."""
    table = []
    for place in range(bins):
        last = place == bins - 1
        inside = [each for each in judged if place == min(bins - 1, int(each[0] * bins))]
        if inside:
            sure, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            table.append(Bin(place / bins, 1.0 if last else (place + 1) / bins, len(inside), sure, right))
    return tuple(table)


def calibration_error(judged: Sequence[tuple[float, bool]], bins: int = 10) -> float | None:
    """Give the expected calibration error, 0 to 1: how far confidence and share of right ones lie apart, bin by bin.

    Bins are of equal width (Guo et al. 2017, arXiv:1706.04599). None where there is nothing.
    """
    if not judged:
        return None
    table = reliability(judged, bins)
    return sum(each.count * abs(each.confidence - each.right) for each in table) / len(judged)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
