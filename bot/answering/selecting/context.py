"""The context of an answer: what was selected out of the evidence for each part of a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice, zip_longest

from bot.answering.answer import MOST_STATEMENTS, AnswerSpan
from bot.answering.reading.reading import Reading
from bot.answering.selecting.choosing import (
    ScoredSentence,
    TermWeights,
    choose,
    relevant,
    weigh,
)
from bot.answering.selecting.confidence import Answerability, Confidence, Verdict
from bot.answering.selecting.novelty import Novelty
from index.evidence import Evidence, Sentence
from index.hits import SearchNote
from index.near_duplicates import without_near_duplicates


@dataclass(frozen=True, slots=True)
class Selection:
    """For one part of a question its evidence, the sentences that answer it best, and how sure that is."""

    evidence: Evidence
    weights: TermWeights
    best: tuple[ScoredSentence, ...]
    answerability: Answerability
    readings: tuple[Reading, ...] = ()

    @property
    def relevant(self) -> tuple[Sentence, ...]:
        """The sentences that may have to do with this part, best first."""
        return relevant(self.evidence, self.weights)

    @property
    def answers(self) -> tuple[AnswerSpan, ...]:
        """Where the answers stand that a reader found in the passages, the surest first."""
        found = [
            (-reading.probability, hit.rank, AnswerSpan(hit.passage.id, reading.span.shifted(hit.passage.span.start)))
            for hit, reading in zip(self.evidence.hits, self.readings, strict=False)
            if reading.span is not None
        ]
        return tuple(answer for _, _, answer in sorted(found, key=lambda each: each[:2]))


def select(
    evidence: Evidence,
    rarity: Callable[[str], float],
    confidence: Confidence,
    readings: Sequence[Reading] = (),
    novelty: Novelty | None = None,
) -> Selection:
    """Select the sentences that answer one part of a question, and judge how surely they do.

    Args:
        evidence: What was found for the part.
        rarity: Tells how rare a word is in its language, 0 to 1.
        confidence: Judges the answer.
        readings: What a reader made of the first passages of the evidence, in their order.
        novelty: What a follow-up asks anew.

    """
    weights = weigh(evidence, rarity, novelty)
    best = choose(evidence, weights, readings, novelty)
    answerability = confidence.judge(evidence, weights, best, readings)
    is_sure = not (best and novelty) or novelty.is_answered_by(best[0].sentence, evidence)
    if answerability.verdict is Verdict.ANSWER and not is_sure:
        answerability = replace(answerability, verdict=Verdict.RELATED)
    return Selection(evidence, weights, best, answerability, tuple(readings))


@dataclass(frozen=True, slots=True)
class Context:
    """The selections for the parts of a question, in the language in which the documents answer it best.

    `elsewhere` are those in the other languages that it was looked up in. `least` is what a part must have to be used.
    """

    parts: tuple[Selection, ...]
    elsewhere: tuple[Selection, ...] = ()
    least: Verdict = Verdict.ANSWER

    @classmethod
    def of(cls, readings: Sequence[tuple[Selection, ...]]) -> Context:
        """Return the context out of a question's readings in one language or several, the asker's first."""
        best = max(readings, key=_certainty)
        elsewhere = tuple(part for reading in readings if reading is not best for part in reading)
        verdicts = {part.answerability.verdict for part in best}
        return cls(best, elsewhere, Verdict.ANSWER if Verdict.ANSWER in verdicts else Verdict.RELATED)

    @property
    def answered(self) -> tuple[Selection, ...]:
        """The parts that the documents answer, or, where they answer none, those that they come close to."""
        return tuple(part for part in self.parts if part.answerability.verdict is self.least)

    @property
    def answers(self) -> tuple[AnswerSpan, ...]:
        """Where the answers stand that a reader found, part by part, the surest first."""
        return tuple(answer for part in self.answered for answer in part.answers)

    def for_a_chat_model(self) -> Context:
        """Return the context of which a chat model is asked: all but the far-out parts, to judge by itself."""
        worth_asking = tuple(
            replace(part, answerability=replace(part.answerability, verdict=Verdict.ANSWER))
            if part.answerability.worth_asking
            else part
            for part in self.parts
        )
        return replace(self, parts=worth_asking, least=Verdict.ANSWER)

    @property
    def probability(self) -> float:
        """The probability, 0 to 1, that the documents answer the question, or the best of its parts."""
        return _certainty(self.answered or self.parts)[1]

    @property
    def best(self) -> tuple[Sentence, ...]:
        """The best sentences of every answered part, part by part, best first, as many in all as one answer holds."""
        each = max(1, MOST_STATEMENTS // max(1, len(self.answered)))
        return tuple(choice.sentence for part in self.answered for choice in part.best[:each])

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

        Of near-duplicates, which two parts may have found, the best is returned alone.
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
        best = islice(without_near_duplicates(sentences[id_][0].hit for id_ in ids), count)
        return tuple(sentence for hit in best for sentence in sentences[hit.passage.id])


def _certainty(parts: Sequence[Selection]) -> tuple[bool, float]:
    """Return whether any of these parts is answered, and the highest probability among them."""
    suffices = any(part.answerability.verdict is Verdict.ANSWER for part in parts)
    return suffices, max(part.answerability.probability for part in parts)
