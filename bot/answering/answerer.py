"""The answerer: a question and the library become an `Answer`, composed of quoted sentences, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from time import perf_counter

from bot.answering import question as questions
from bot.answering.answer import Answer, Status, Turn
from bot.answering.choosing import MOST_STATEMENTS, Choice, choose, weigh
from bot.answering.citing import cite, quoted
from bot.answering.confidence import Confidence, Judgement
from bot.answering.follow_up import stand_alone
from bot.answering.parts import parts_of
from index.documents import EVERYTHING, Filter
from index.evidence import Evidence, gather
from index.generation import Generation
from index.library import Library

_PASSAGES = 8
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found for one part of a question."""

    evidence: Evidence
    chosen: tuple[Choice, ...]
    judgement: Judgement


class Answerer:
    """Answers questions out of a library with quotes alone, by local models. Any thread may ask."""

    def __init__(self, library: Library, confidence: Confidence) -> None:
        self._library = library
        self._confidence = confidence

    def answer(self, question: str, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING) -> Answer:
        """Return the answer to a question from the documents that `where` allows, out of one generation of the index.

        Raises BadQuestion for what is empty, too long, or no text, and IndexMissing where nothing is indexed.
        """
        asked = questions.parse(question)
        clock = _Clock()
        with self._library.reading() as generation:
            findings = self._findings(generation, stand_alone(asked, conversation), where, clock)
            good = [finding for finding in findings if finding.judgement.suffices]
            with clock.step("cite"):
                sentences = [sentence for finding in good for sentence in finding.evidence.sentences]
                statements, citations = cite(quoted(_shared_out(good), sentences), cache(generation.catalogue.document))
        return Answer(
            question=asked,
            status=_status(len(statements), len(good), len(findings)),
            statements=statements,
            citations=citations,
            nearest=() if statements else findings[0].evidence.hits[:_NEAREST],
            confidence=round(max(finding.judgement.probability for finding in good or findings), 4),
            generation=generation.manifest.number,
            timings_ms=clock.timings(),
        )

    def _findings(self, generation: Generation, question: str, where: Filter, clock: _Clock) -> list[_Finding]:
        return [self._find(generation, part, where, clock) for part in parts_of(question)]

    def _find(self, generation: Generation, question: str, where: Filter, clock: _Clock) -> _Finding:
        with clock.step("embed"):
            query = self._library.query(questions.spelled_out(question))
        with clock.step("search"):
            evidence = gather(generation, query, _PASSAGES, where)
        with clock.step("choose"):
            weights = weigh(evidence, self._library.rarity)
            chosen = choose(evidence, weights)
            return _Finding(evidence, chosen, self._confidence.judge(evidence, weights, chosen))


def _shared_out(findings: Sequence[_Finding]) -> list[Choice]:
    """Return the best sentences of every part, part by part, as many in all as one answer holds."""
    each = max(1, MOST_STATEMENTS // max(1, len(findings)))
    return [choice for finding in findings for choice in finding.chosen[:each]]


def _status(statements: int, good: int, parts: int) -> Status:
    if not statements:
        return Status.NOT_FOUND
    return Status.ANSWERED if good == parts else Status.PARTLY_ANSWERED


class _Clock:
    """How long each step took, summed over the parts of a question."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        started = perf_counter()
        yield
        self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - started

    def timings(self) -> dict[str, float]:
        """Return the milliseconds of each step, and of all."""
        seconds = self._seconds | {"total": perf_counter() - self._started}
        return {name: round(1000 * spent, 1) for name, spent in seconds.items()}
