"""The context of an answer: what was selected out of the evidence for each part of a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, zip_longest

from bot.answering.selecting.choosing import (
    MOST_STATEMENTS,
    ScoredSentence,
    TermWeights,
    choose,
    relevant,
    weigh,
)
from bot.answering.selecting.confidence import Answerability, Confidence
from bot.answering.selecting.near_duplicates import distinct
from index.evidence import Evidence, Sentence
from index.hits import SearchNote


@dataclass(frozen=True, slots=True)
class Selection:
    """For one part of a question its evidence, the sentences that answer it best, and how sure that is."""

    evidence: Evidence
    weights: TermWeights
    best: tuple[ScoredSentence, ...]
    answerability: Answerability

    @property
    def relevant(self) -> tuple[Sentence, ...]:
        """The sentences that may have to do with this part, best first."""
        return relevant(self.evidence, self.weights)


def select(evidence: Evidence, rarity: Callable[[str], float], confidence: Confidence) -> Selection:
    """Return the selection for one part of a question; `rarity` tells how rare a word is in its language, 0 to 1."""
    weights = weigh(evidence, rarity)
    best = choose(evidence, weights)
    return Selection(evidence, weights, best, confidence.judge(evidence, weights, best))


@dataclass(frozen=True, slots=True)
class Context:
    """The selections for the parts of a question, in the language in which the documents answer it best.

    `elsewhere` are those in the other languages that it was looked up in.
    """

    parts: tuple[Selection, ...]
    elsewhere: tuple[Selection, ...] = ()

    @classmethod
    def of(cls, readings: Sequence[tuple[Selection, ...]]) -> Context:
        """Return the context out of a question's readings in one language or several, the asker's first."""
        best = max(readings, key=_certainty)
        return cls(best, tuple(part for reading in readings if reading is not best for part in reading))

    @property
    def answered(self) -> tuple[Selection, ...]:
        """The parts that the documents answer."""
        return tuple(part for part in self.parts if part.answerability.suffices)

    @property
    def probability(self) -> float:
        """The probability, 0 to 1, that the documents answer the question, or the best of its parts."""
        return _certainty(self.answered or self.parts)[1]

    @property
    def best(self) -> tuple[ScoredSentence, ...]:
        """The best sentences of every answered part, part by part, as many in all as one answer holds."""
        each = max(1, MOST_STATEMENTS // max(1, len(self.answered)))
        return tuple(choice for part in self.answered for choice in part.best[:each])

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of the answered parts' evidence."""
        return tuple(sentence for part in self.answered for sentence in part.evidence.sentences)

    @property
    def relevant(self) -> tuple[Sentence, ...]:
        """The sentences that may have to do with the question, in whatever language."""
        return tuple(chain.from_iterable(part.relevant for part in (*self.answered, *self.elsewhere)))

    @property
    def search_notes(self) -> tuple[SearchNote, ...]:
        """What the searches could not do as they were meant to."""
        return tuple(note for part in self.parts for note in part.evidence.notes)

    def of_best_passages(self, count: int) -> tuple[Sentence, ...]:
        """Return the sentences of the best passages, those of each part by turns, so that every part has its share.

        Of passages that are nearly the same, the best is returned alone.
        """
        sentences: dict[str, tuple[Sentence, ...]] = {}
        ranked = []
        for part in (*self.answered, *self.elsewhere):
            groups = groupby(part.evidence.sentences, key=lambda sentence: sentence.passage.id)
            own = {id_: tuple(group) for id_, group in groups}
            sentences = own | sentences
            ranked.append(own)
        by_turns = chain.from_iterable(zip_longest(*ranked))
        ids = list(dict.fromkeys(id_ for id_ in by_turns if id_ is not None))
        best = islice(distinct(sentences[id_] for id_ in ids), count)
        return tuple(sentence for passage in best for sentence in passage)


def _certainty(parts: Sequence[Selection]) -> tuple[bool, float]:
    """Return whether any of these parts is answered, and the highest probability among them."""
    suffices = any(part.answerability.suffices for part in parts)
    return suffices, max(part.answerability.probability for part in parts)
