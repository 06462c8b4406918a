"""Measurements: what is counted while the bot runs, as Prometheus reads it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from datetime import UTC, datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.answering.answer import Answer, Turn
from bot.answering.generating.entailment import Proof
from bot.discord.backend import Answerer, Library
from bot.discord.work.limits import Limits
from bot.errors import Stopped
from index.access import OPERATOR, Viewer
from index.documents import EVERYTHING, Filter
from index.errors import FootnoteError

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Measurements:
    """The questions that were asked and the errors that were logged, with the state of the index and of the queue."""

    def __init__(self, library: Library, limits: Limits) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "footnote_questions", "Questions, by what became of them.", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "footnote_step_seconds",
            "How long each step of an answer took; total is all of it.",
            ["step"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._errors = Counter(
            "footnote_errors", "What was logged as an error, by who logged it.", ["logger"], registry=self._registry
        )
        Info("footnote", "Which Footnote this is.", registry=self._registry).info({"version": version("footnote")})
        ProcessCollector(registry=self._registry)
        self._registry.register(_State(library, limits))

    def count_answer(self, answer: Answer) -> None:
        """Count a question that was answered or refused, and how long each step of that took."""
        self._questions.labels(answer.status.value).inc()
        for step, milliseconds in answer.timings_ms.items():
            self._seconds.labels(step).observe(milliseconds / 1000)

    def count_failure(self, status: str) -> None:
        """Count a question that came to no answer: "stopped", "failed", or "invalid"."""
        self._questions.labels(status).inc()

    def errors(self) -> logging.Handler:
        """Return a handler that counts what is logged as an error."""
        return _Errors(self._errors)

    def exposition(self) -> bytes:
        """Return everything in Prometheus's text format. Looks at the index, and so belongs into a thread."""
        return generate_latest(self._registry)


class MeasuredAnswerer:
    """An answerer whose answers are counted."""

    def __init__(self, answerer: Answerer, measurements: Measurements) -> None:
        self._answerer = answerer
        self._measurements = measurements

    def answer(
        self, question: str, viewer: Viewer, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING
    ) -> Answer:
        """Return what the answerer does."""
        *_, answer = self.stream(question, viewer, conversation, where)
        return answer

    def stream(
        self,
        question: str,
        viewer: Viewer,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        """Yield what the answerer does, and count the last."""
        answer = None
        try:
            for answer in self._answerer.stream(question, viewer, conversation, where, stop):
                yield answer
        except Stopped:
            self._measurements.count_failure("stopped")
            raise
        except FootnoteError:
            self._measurements.count_failure("invalid")
            raise
        except Exception:
            self._measurements.count_failure("failed")
            raise
        if answer is not None:
            self._measurements.count_answer(answer)

    @property
    def proof(self) -> Proof | None:
        """What the answerer has."""
        return self._answerer.proof

    def warm_up(self) -> None:
        """Load what the first question would have to wait for; that is no question of anybody's."""
        self._answerer.warm_up()

    def forget_messages(self, messages: AbstractSet[int]) -> None:
        """Do what the answerer does."""
        self._answerer.forget_messages(messages)

    def prove_judge(self) -> Proof | None:
        """Return what the answerer does."""
        return self._answerer.prove_judge()


class _State(Collector):
    """How the index and the queue are at the moment of being asked."""

    def __init__(self, library: Library, limits: Limits) -> None:
        self._library = library
        self._limits = limits

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: what there is can only be told by looking, which is for later."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Yield each figure as it is now; those of the index where there is one that is whole."""
        queue, allowance = self._limits.queue, self._limits.allowance
        yield GaugeMetricFamily("footnote_queue_waiting", "Questions that wait for their turn.", queue.waiting)
        yield GaugeMetricFamily("footnote_queue_working", "Questions that are worked on.", queue.working)
        refusals = CounterMetricFamily("footnote_refusals", "Questions that were not looked up.", labels=["reason"])
        refusals.add_metric(["busy"], queue.refused)
        refusals.add_metric(["too_often"], allowance.refused)
        yield refusals
        is_in_touch = float(self._library.out_of_touch is None)
        yield GaugeMetricFamily("footnote_generations_in_touch", "Whether what is published is followed.", is_in_touch)
        are_searched = float(self._library.words_alone is None)
        yield GaugeMetricFamily("footnote_vectors_searched", "Whether vectors are searched too.", are_searched)
        try:
            manifest = self._library.generation(OPERATOR)
        except FootnoteError:
            manifest = None
        if manifest is None:
            return
        age = (datetime.now(UTC) - manifest.created_at).total_seconds()
        yield GaugeMetricFamily("footnote_generation", "The number of the generation in use.", manifest.number)
        yield GaugeMetricFamily("footnote_generation_age_seconds", "How old the generation in use is.", age)
        yield GaugeMetricFamily("footnote_documents", "The documents that it holds.", manifest.documents)
        yield GaugeMetricFamily("footnote_passages", "The passages that it holds.", manifest.passages)


class _Errors(logging.Handler):
    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.ERROR)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        self._counter.labels(record.name).inc()
