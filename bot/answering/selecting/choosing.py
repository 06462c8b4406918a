"""Choosing: which sentences of the evidence answer a question.

A sentence's score is its cosine with the question, plus the share of the question's words that it covers, plus the
score of its passage, less something where it lacks the kind of thing that was asked for. The weights are the same on
every development set; `docs/architecture.md` says what each contributes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.answer import MOST_STATEMENTS
from bot.answering.reading.reading import Reading
from bot.answering.selecting.answer_type import asked_for, holds
from bot.answering.selecting.novelty import Novelty
from index.evidence import Evidence, Sentence
from index.language.analysis import Analysis

FEWEST_STATEMENTS = 1
_MARGIN = 0.4
_FAR_BELOW = 1.0
_PASSAGE_WEIGHT = 0.75
_PAIRS_WEIGHT = 0.3
_WRONG_TYPE = 0.2
_READ_WEIGHT = 1.0
# The share of its words that may be new in a sentence that only repeats another.
_NOTHING_NEW = 0.2


@dataclass(frozen=True, slots=True)
class TermWeights:
    """How much each of a question's words counts: by its rarity in the language, and in the corpus as well."""

    plain: Sequence[float]
    with_idf: Sequence[float]


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence and how well it answers the question: about 0 to 3, the higher the better."""

    sentence: Sentence
    score: float


def weigh(evidence: Evidence, rarity: Callable[[str], float], novelty: Novelty | None = None) -> TermWeights:
    """Return the weights of the question's words, in their order; carried words weigh no more than those that are new.

    `novelty` is that of a question that leans on a conversation.
    """
    plain = [rarity(word.text) for word in evidence.words]
    idf = [max(evidence.idf[form] for form in word.forms) for word in evidence.words]
    with_idf = [weight * (0.3 + 0.7 * rare) for weight, rare in zip(plain, idf, strict=True)]
    return TermWeights(plain, _balanced(evidence, with_idf, novelty.terms) if novelty else with_idf)


def choose(
    evidence: Evidence, weights: TermWeights, readings: Sequence[Reading] = (), novelty: Novelty | None = None
) -> tuple[ScoredSentence, ...]:
    """Choose one to five sentences that answer the question, best first, none that is much worse than the best.

    Args:
        evidence: The question and the sentences found for it; the choice is empty where there are none.
        weights: How much each of the question's words counts: those of `weigh`.
        readings: What a reader made of the first passages, in their order.
        novelty: What a follow-up asks anew: what was said already is not chosen again, unless it answers that.

    """
    every = ranked(evidence, weights, readings)
    if novelty:
        asked = Analysis(evidence.question)
        every = tuple(choice for choice in every if novelty.allows(choice.sentence, asked))
    best = _distinct(every)
    return tuple(
        choice
        for place, choice in enumerate(best)
        if place < FEWEST_STATEMENTS or choice.score >= best[0].score - _MARGIN
    )


def ranked(evidence: Evidence, weights: TermWeights, readings: Sequence[Reading] = ()) -> tuple[ScoredSentence, ...]:
    """Return every sentence of the evidence with its score, best first.

    `readings` are those of the first passages, in their order; a sentence that a reader points at counts for more.
    """
    read = read_sentences(evidence, readings)
    asked = Analysis(evidence.question)
    wanted = asked_for(evidence.question, asked.language)
    choices = []
    for sentence in evidence.sentences:
        score = (
            (sentence.cosine or 0.0)
            + coverage(evidence, weights.with_idf, sentence.terms)
            + _PASSAGE_WEIGHT * sentence.hit.score
            + _PAIRS_WEIGHT * len(evidence.pairs & sentence.pairs) / max(1, len(evidence.pairs))
            - _WRONG_TYPE * (not holds(sentence.analysis, wanted, asked))
            + _READ_WEIGHT * read.get((sentence.passage.id, sentence.ordinal), 0.0)
        )
        choices.append(ScoredSentence(sentence, score))
    # Best first; equals in the order of their passages, so that the same evidence gives the same answer.
    choices.sort(key=lambda choice: (-choice.score, choice.sentence.hit.rank, choice.sentence.ordinal))
    return tuple(choices)


def relevant(evidence: Evidence, weights: TermWeights) -> tuple[Sentence, ...]:
    """Return the sentences that may have to do with the question, best first: 95 % of those that answer one, or more.

    On the development sets, one in twenty of the sentences that hold an answer scores that much lower than the best.
    """
    every = ranked(evidence, weights)
    return tuple(choice.sentence for choice in every if choice.score >= every[0].score - _FAR_BELOW)


def read_sentences(evidence: Evidence, readings: Sequence[Reading]) -> dict[tuple[str, int], float]:
    """Return by passage and ordinal the sentences in which the readings' spans begin, each with its probability."""
    found = {}
    for hit, reading in zip(evidence.hits, readings, strict=False):
        if reading.span is None:
            continue
        start = hit.passage.span.start + reading.span.start
        for ordinal, span in enumerate(hit.passage.sentences):
            if span.start <= start < span.end:
                found[hit.passage.id, ordinal] = reading.probability
    return found


def coverage(evidence: Evidence, weights: Sequence[float], terms: frozenset[str]) -> float:
    """Return the share, by weight, of the question's words that are among some terms, 0 to 1.

    Args:
        evidence: The question.
        weights: The weight of each of its words, in their order.
        terms: The terms of a sentence or a passage.

    """
    whole = sum(weights)
    covered = (weight for word, weight in zip(evidence.words, weights, strict=True) if word.forms & terms)
    return sum(covered) / whole if whole else 0.0


def _balanced(evidence: Evidence, weights: Sequence[float], new: frozenset[str]) -> list[float]:
    is_new = [bool(word.forms & new) for word in evidence.words]
    own = sum(weight for weight, fresh in zip(weights, is_new, strict=True) if fresh)
    carried = sum(weights) - own
    share = min(1.0, own / carried) if own and carried else 1.0
    return [weight if fresh else weight * share for weight, fresh in zip(weights, is_new, strict=True)]


def _distinct(choices: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """Return the best sentences, as many as an answer holds, without those that say again what a better one says."""
    kept: list[ScoredSentence] = []
    for choice in choices:
        if len(kept) == MOST_STATEMENTS:
            break
        if not any(_repeats(choice.sentence, better.sentence) for better in kept):
            kept.append(choice)
    return kept


def _repeats(sentence: Sentence, better: Sentence) -> bool:
    new = sentence.terms - better.terms
    has_new_number = any(character.isdigit() for term in new for character in term)
    return len(new) <= _NOTHING_NEW * len(sentence.terms) and not has_new_number
