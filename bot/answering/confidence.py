"""Confidence: the probability that what was chosen answers the question, and whether that is enough to say it.

A logistic regression over five absolute features, fitted on the development sets by `tests.benchmarks.fit_confidence`,
which writes `confidence.json` beside this module: the coefficients, the threshold and the errors measured with them.
A score that was normalised over one question's candidates would tell nothing of whether any of them is any good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from bot.answering.choosing import Choice, Weights, coverage
from index import words
from index.evidence import Evidence, Sentence


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression: one coefficient for each feature, by name, and the intercept."""

    coefficients: Mapping[str, float]
    intercept: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that these features are those of an answer."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.coefficients.items())
        return 1.0 / (1.0 + exp(-total))


@dataclass(frozen=True, slots=True)
class Confidence:
    """What was fitted: a model for questions that have a dense side, one for those by words alone, and the threshold.

    `measured` names each error that was measured with them, as a share of 0 to 1.
    """

    dense: Model
    words_alone: Model
    threshold: float
    measured: Mapping[str, float]

    def of(self, evidence: Evidence, weights: Weights, chosen: Sequence[Choice]) -> float:
        """Return the probability that the chosen sentences answer the question; 0 when there are none."""
        if not chosen or not evidence.words:
            return 0.0
        model = self.words_alone if chosen[0].sentence.cosine is None else self.dense
        return model.probability(features_of(evidence, weights, chosen))

    def suffices(self, probability: float) -> bool:
        """Return whether Footnote may answer on this probability."""
        return probability >= self.threshold


def load_confidence() -> Confidence:
    """Return what was fitted."""
    form = json.loads(Path(__file__).with_name("confidence.json").read_text())
    return Confidence(Model(**form["dense"]), Model(**form["words_alone"]), form["threshold"], form["measured"])


def features_of(evidence: Evidence, weights: Weights, chosen: Sequence[Choice]) -> dict[str, float]:
    """Return the features of an answer whose best sentence comes first in `chosen`, each absolute, -1 to 1.

    `sentence` and `passage` are cosines; `said_by_sentence` and `said_by_passage` the shares of the question's words
    that the best sentence (with the title, the headings and the sentence before it) and its passage cover; `unknown`
    the share that stands nowhere in the corpus.
    """
    best = chosen[0].sentence
    around = _title_terms(best) | _terms_before(evidence, best)
    whole = frozenset().union(*(each.terms for each in evidence.sentences if each.hit is best.hit))
    unknown = [all(evidence.idf[form] >= 1.0 for form in word.forms) for word in evidence.words]
    total = sum(weights.plain)
    return {
        "sentence": best.cosine or 0.0,
        "passage": best.hit.cosine or 0.0,
        "said_by_sentence": coverage(evidence, weights.plain, best.terms | around),
        "said_by_passage": coverage(evidence, weights.plain, whole | _title_terms(best)),
        "unknown": sum(weight for weight, is_unknown in zip(weights.plain, unknown, strict=True) if is_unknown) / total,
    }


def _title_terms(sentence: Sentence) -> frozenset[str]:
    hit = sentence.hit
    above = " ".join((hit.document.title, *hit.passage.heading))
    return frozenset(words.terms(above, hit.document.language or words.UNKNOWN))


def _terms_before(evidence: Evidence, sentence: Sentence) -> frozenset[str]:
    before = (
        each.terms for each in evidence.sentences if each.hit is sentence.hit and each.ordinal == sentence.ordinal - 1
    )
    return next(before, frozenset())
