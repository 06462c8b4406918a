"""Confidence: the probability that what was chosen answers the question, and whether that is enough to say it.

A logistic regression over a few absolute features, fitted on the development sets by `tests.benchmarks.fit_confidence`,
which writes `confidence.json` beside this module: the coefficients, the threshold and the errors measured with them.
A score that was normalised over one question's candidates would tell nothing of whether any of them is any good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from bot.answering.selecting.answer_type import asked_for, holds
from bot.answering.selecting.choosing import ScoredSentence, TermWeights, coverage
from index.evidence import Evidence, Sentence
from index.language import languages, words
from index.language.analysis import Analysis

# What tells one quarter, year or day from another.
_LAST_ORDINAL = 5
FITTED = Path(__file__).with_name("confidence.json")
MOST_UNKNOWN_NAMES = 0.15


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression: a coefficient for each feature, the intercept, and the least probability that suffices."""

    coefficients: Mapping[str, float]
    intercept: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that these features are those of an answer."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.coefficients.items())
        return 1.0 / (1.0 + exp(-total))


@dataclass(frozen=True, slots=True)
class Answerability:
    """The probability that the chosen sentences answer the question, and whether that suffices to say so."""

    probability: float
    suffices: bool


@dataclass(frozen=True, slots=True)
class Confidence:
    """What was fitted: one model for questions with a dense side, one for those that are looked up by words alone.

    `measured` names each error that was measured with them, as a share of 0 to 1.
    """

    dense: Model
    words_alone: Model
    measured: Mapping[str, float]

    def judge(self, evidence: Evidence, weights: TermWeights, chosen: Sequence[ScoredSentence]) -> Answerability:
        """Return how far the chosen sentences are to be trusted: not at all where there are none."""
        if not chosen or not evidence.words:
            return Answerability(0.0, suffices=False)
        model = self.words_alone if chosen[0].sentence.cosine is None else self.dense
        probability = model.probability(features_of(evidence, weights, chosen))
        enough = probability >= model.threshold and unknown_names(evidence, weights) <= MOST_UNKNOWN_NAMES
        return Answerability(probability, enough)


def load_confidence() -> Confidence:
    """Return the models that were fitted on the development sets."""
    form = json.loads(FITTED.read_text())
    return Confidence(Model(**form["dense"]), Model(**form["words_alone"]), form["measured"])


def features_of(evidence: Evidence, weights: TermWeights, chosen: Sequence[ScoredSentence]) -> dict[str, float]:
    """Return the features of an answer whose best sentence comes first in `chosen`, each absolute, -1 to 1.

    `sentence` is its cosine with the question; `said_by_sentence` and `said_by_passage` are the shares of the
    question's words that the sentence, with the title, the headings and the sentence before it, and its whole passage
    cover; `lacks_number` is 1 where the question has a number, a month or "second" that the sentence with its
    surroundings has not; `wrong_type` is 1 where it asks for a number, a date or a name and the sentence has none.
    """
    best = chosen[0].sentence
    asked = Analysis(evidence.question)
    above = best.heading_terms
    window = best.terms | above | _terms_before(evidence, best)
    passage = frozenset().union(*(each.terms for each in evidence.sentences if each.hit is best.hit))
    return {
        "sentence": best.cosine or 0.0,
        "said_by_sentence": coverage(evidence, weights.with_idf, window),
        "said_by_passage": coverage(evidence, weights.with_idf, passage | above),
        "lacks_number": float(any(_is_number(word) and not word.forms & window for word in evidence.words)),
        "wrong_type": float(not holds(best.analysis, asked_for(evidence.question, asked.language), asked)),
    }


def unknown_names(evidence: Evidence, weights: TermWeights) -> float:
    """Return the share, by weight, of a question's words that are names or numbers and stand nowhere in the corpus.

    A question that is mostly about names the documents never mention is not answered by them, however near the rest.
    """
    unknown = (
        weight
        for word, weight in zip(evidence.words, weights.plain, strict=True)
        if word.is_name and all(evidence.idf[form] >= 1.0 for form in word.forms)
    )
    return sum(unknown) / (sum(weights.plain) or 1.0)


def _is_number(word: words.Word) -> bool:
    plain, known = word.text.lower(), languages.of(None)
    calendar = known.calendar
    is_month = plain in calendar.months and (word.is_name or plain not in calendar.doubtful_months)
    is_ordinal = known.numerals.ordinals.get(plain, _LAST_ORDINAL + 1) <= _LAST_ORDINAL
    return is_month or is_ordinal or any(character.isdigit() for character in plain)


def _terms_before(evidence: Evidence, sentence: Sentence) -> frozenset[str]:
    before = (
        each.terms for each in evidence.sentences if each.hit is sentence.hit and each.ordinal == sentence.ordinal - 1
    )
    return next(before, frozenset())
