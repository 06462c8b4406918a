"""Confidence: the probability that what was chosen answers the question, and whether that is enough to say it.

A logistic regression over a few absolute features, fitted on the development sets by `tests.benchmarks.fit_confidence`,
which writes `confidence.json` beside this module: the coefficients, the threshold and the errors measured with them.
A score that was normalised over one question's candidates would tell nothing of whether any of them is any good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.answering.reading.calibration import log_odds, sigmoid
from bot.answering.reading.reading import Reading
from bot.answering.selecting.answer_type import asked_for, holds
from bot.answering.selecting.choosing import ScoredSentence, TermWeights, coverage
from index.evidence import Evidence, Sentence
from index.language import languages, words
from index.language.analysis import Analysis

# What tells one quarter, year or day from another.
_LAST_ORDINAL = 5
FITTED = Path(__file__).with_name("confidence.json")
MOST_UNKNOWN_NAMES = 0.15


class Verdict(StrEnum):
    """What the documents have for a question: an answer, something that comes close, or nothing."""

    ANSWER = "answer"
    RELATED = "related"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least probability at which there is an answer, something related, and anything to show a chat model."""

    answer: float
    related: float
    worth_asking: float


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression: a coefficient for each feature, the intercept, and what follows from its probability."""

    coefficients: Mapping[str, float]
    intercept: float
    thresholds: Thresholds

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that these features are those of an answer."""
        return sigmoid(self.intercept + sum(weight * features[name] for name, weight in self.coefficients.items()))


@dataclass(frozen=True, slots=True)
class Answerability:
    """The probability that the documents answer a question, what they have for it, and whether a model may be asked."""

    probability: float
    verdict: Verdict
    worth_asking: bool


NOTHING_FOUND = Answerability(0.0, Verdict.NOTHING, worth_asking=False)


@dataclass(frozen=True, slots=True)
class Confidence:
    """What was fitted: models for what was read, for what was found by meaning, and for what was by words alone.

    `read` is None where there is no reader. `measured` names each error that was measured with them, as a share of 0
    to 1.
    """

    dense: Model
    words_alone: Model
    measured: Mapping[str, float]
    read: Model | None = None

    def judge(
        self,
        evidence: Evidence,
        weights: TermWeights,
        chosen: Sequence[ScoredSentence],
        readings: Sequence[Reading] = (),
    ) -> Answerability:
        """Judge how far the chosen sentences are to be trusted: not at all where there are none.

        Args:
            evidence: The question and what was found for it.
            weights: How much each of the question's words counts.
            chosen: The sentences that would be said, the best first.
            readings: What a reader made of the first passages, in their order. Where it found something, the model
                judges that was fitted for that reader.

        """
        if not chosen or not evidence.words:
            return NOTHING_FOUND
        by_words = chosen[0].sentence.cosine is None
        read = self.read if any(reading.span for reading in readings) else None
        model = read or (self.words_alone if by_words else self.dense)
        probability = model.probability(features_of(evidence, weights, chosen, readings))
        least = model.thresholds
        worth_asking = probability >= least.worth_asking
        if unknown_names(evidence, weights) > MOST_UNKNOWN_NAMES or probability < least.related:
            return Answerability(probability, Verdict.NOTHING, worth_asking)
        verdict = Verdict.ANSWER if probability >= least.answer else Verdict.RELATED
        return Answerability(probability, verdict, worth_asking)


def load_confidence(reader: str | None = None) -> Confidence:
    """Return the models that were fitted, with that for the reader of this name, if there is one."""
    form = json.loads(FITTED.read_text())
    read = form["read"].get(reader) if reader else None
    dense, words_alone = (_model(form[name]) for name in ("dense", "words_alone"))
    return Confidence(dense, words_alone, form["measured"], _model(read) if read else None)


def _model(form: Mapping[str, Any]) -> Model:
    return Model(form["coefficients"], form["intercept"], Thresholds(**form["thresholds"]))


def features_of(
    evidence: Evidence, weights: TermWeights, chosen: Sequence[ScoredSentence], readings: Sequence[Reading] = ()
) -> dict[str, float]:
    """Return the features of an answer whose best sentence comes first in `chosen`, each absolute.

    `read` is the log-odds of the best reading, 0 where nothing was read; the others lie between -1 and 1.

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
    surest = max((reading.probability for reading in readings), default=0.5)
    return {
        "read": log_odds(surest),
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


def _is_number(word: words.QueryTerm) -> bool:
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
