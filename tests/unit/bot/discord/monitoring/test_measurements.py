from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.answering.answer import Answer, Status
from bot.discord.monitoring.measurements import MeasuredAnswerer, Measurements
from bot.discord.work.limits import Allowance, Busy, Limits, Queue, Rate
from bot.errors import Stopped
from index.access import NOBODY, Viewer
from index.errors import IndexDamaged, IndexMissing
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot.discord.sample_answers import ANSWER, PAGE


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(PAGE)


@pytest.fixture
def limits() -> Limits:
    return Limits(Allowance(Rate(1, 1), Rate(100, 100)), Queue(places=1, length=0))


@pytest.fixture
def measurements(library: FakeLibrary, limits: Limits) -> Measurements:
    return Measurements(library, limits)


def told(measurements: Measurements) -> dict[tuple[str, ...], float]:
    """Return what Prometheus would read: each sample's value under its name and its labels' values."""
    families = text_string_to_metric_families(measurements.exposition().decode())
    samples = [sample for family in families for sample in family.samples]
    return {(sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value for sample in samples}


def test_every_question_is_counted_by_what_became_of_it_with_the_seconds_of_each_step(
    measurements: Measurements,
) -> None:
    took = replace(ANSWER, timings_ms={"search": 20.0, "total": 300.0})
    refused = replace(ANSWER, status=Status.NOT_FOUND, statements=(), citations=(), timings_ms={"total": 10.0})
    answerer = MeasuredAnswerer(FakeAnswerer(lambda text: refused if "mayor" in text else took), measurements)
    assert answerer.answer("Who?", NOBODY) == took
    assert answerer.answer("Where?", NOBODY) == took
    assert answerer.answer("The mayor?", NOBODY) == refused
    figures = told(measurements)
    assert figures["footnote_questions_total", "answered"] == 2
    assert figures["footnote_questions_total", "not_found"] == 1
    assert figures["footnote_step_seconds_count", "total"] == 3
    assert figures["footnote_step_seconds_sum", "total"] == pytest.approx(0.61)
    assert figures["footnote_step_seconds_bucket", "0.025", "search"] == 2
    assert figures["footnote_step_seconds_bucket", "0.01", "search"] == 0


@pytest.mark.parametrize(
    ("error", "status"), [(Stopped(), "stopped"), (IndexMissing("none"), "invalid"), (KeyError("a bug"), "failed")]
)
def test_a_question_that_comes_to_no_answer_is_counted_too(
    error: Exception, status: str, measurements: Measurements
) -> None:
    def fails(_: Future[None]) -> Iterator[Answer]:
        yield ANSWER
        raise error

    with pytest.raises(type(error)):
        MeasuredAnswerer(FakeAnswerer(ANSWER, fails), measurements).answer("Who?", NOBODY)
    assert told(measurements)["footnote_questions_total", status] == 1


def test_warming_up_is_nobodys_question(measurements: Measurements) -> None:
    answerer = FakeAnswerer(ANSWER)
    measured = MeasuredAnswerer(answerer, measurements)
    measured.warm_up()
    assert answerer.is_warm
    assert measured.prove_judge() is None
    assert not [key for key in told(measurements) if key[0] == "footnote_questions_total"]


async def test_the_queue_and_whom_it_sent_away_are_shown(limits: Limits, measurements: Measurements) -> None:
    async def wait(_: int) -> None:
        pass

    async with limits.queue.turn(wait):
        with pytest.raises(Busy):
            async with limits.queue.turn(wait):
                pass
        during = await asyncio.to_thread(told, measurements)
    assert limits.allowance.ask(1, None) == 0
    assert limits.allowance.ask(1, None) > 0
    after = told(measurements)
    assert (during["footnote_queue_working",], after["footnote_queue_working",]) == (1, 0)
    assert after["footnote_queue_waiting",] == 0
    assert after["footnote_refusals_total", "busy"] == 1
    assert after["footnote_refusals_total", "too_often"] == 1


def test_the_generation_in_use_is_shown_with_its_age(library: FakeLibrary, measurements: Measurements) -> None:
    library.number = 7
    figures = told(measurements)
    assert figures["footnote_generation",] == 7
    assert figures["footnote_documents",] == 1
    assert figures["footnote_generation_age_seconds",] > 0
    assert figures["footnote_generations_in_touch",] == 1
    library.out_of_touch = "s3://bucket cannot be reached"
    assert told(measurements)["footnote_generations_in_touch",] == 0


def test_whether_vectors_are_searched_is_shown(library: FakeLibrary, measurements: Measurements) -> None:
    assert told(measurements)["footnote_vectors_searched",] == 1
    library.words_alone = "the Chroma server cannot be reached"
    assert told(measurements)["footnote_vectors_searched",] == 0


@pytest.mark.parametrize("error", [None, IndexDamaged("broken")])
def test_with_no_index_that_is_whole_the_rest_is_shown(
    error: Exception | None, library: FakeLibrary, measurements: Measurements, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generation(_: FakeLibrary, __: Viewer) -> None:
        if error:
            raise error

    monkeypatch.setattr(FakeLibrary, "generation", generation)
    figures = told(measurements)
    assert ("footnote_generation",) not in figures
    assert figures["footnote_queue_waiting",] == 0


def test_what_is_logged_as_an_error_is_counted_under_who_logged_it(measurements: Measurements) -> None:
    logger = logging.getLogger("bot.tested")
    logger.addHandler(measurements.errors())
    try:
        logger.error("once")
        logger.exception("twice")
        logger.warning("never")
    finally:
        logger.handlers.clear()
    assert told(measurements)["footnote_errors_total", "bot.tested"] == 2
