from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from threading import Event

import pytest

from bot.answering.answer import Answer, Note, NoteKind, Statement
from bot.discord.answers.question import PersonsQuestion
from bot.discord.answers.service import AnswerService
from bot.discord.answers.sources import SourceNames
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button
from bot.discord.servers import Servers
from bot.discord.store import EscalationTarget, Origin, Store
from bot.discord.work.admission import Admission
from bot.discord.work.jobs import Jobs
from bot.discord.work.limits import Limits
from bot.errors import Stopped
from bot.presenting.words import Words
from index.access import NOBODY, Viewer
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot.discord.recording import Said
from tests.unit.bot.discord.sample_answers import ANSWER, PAGE, QUOTE, WRITTEN


async def anybody() -> Viewer:
    return NOBODY


QUESTION = PersonsQuestion("How high is the rate?", Origin(asker=7), anybody, hidden=True)
MORE = replace(WRITTEN, statements=(*WRITTEN.statements, Statement("It had been lower.", (1,))))


class Model:
    """A chat model that writes WRITTEN and no more, until it is let go or stopped."""

    def __init__(self) -> None:
        self.go_on, self.was_stopped = Event(), Event()

    def writes(self, stop: Future[None]) -> Iterator[Answer]:
        stop.add_done_callback(lambda _: self.go_on.set())
        yield WRITTEN
        assert self.go_on.wait(10)
        if stop.done():
            self.was_stopped.set()
            raise Stopped("nobody waits for this answer any more")


@pytest.fixture
def model() -> Iterator[Model]:
    model = Model()
    yield model
    model.go_on.set()


async def no_pause(_: float) -> None:
    pass


def no_buttons(
    answer: Answer, answer_id: str, target: EscalationTarget, words: Words, *, private: bool
) -> tuple[Button, ...]:
    return ()


def service(answerer: FakeAnswerer, deadline: float = 60.0, jobs: Jobs | None = None) -> AnswerService:
    library, limits = FakeLibrary(PAGE), Limits()
    store = Store(":memory:")
    return AnswerService(
        library,
        answerer,
        store,
        Servers(store.database),
        jobs or Jobs(no_pause),
        Admission(limits.allowance),
        SourceNames(library),
        limits.queue,
        deadline,
        no_buttons,
    )


async def test_what_a_chat_model_has_written_is_shown_under_the_question_before_it_is_done(model: Model) -> None:
    said = Said()
    answering = asyncio.create_task(service(FakeAnswerer(MORE, model.writes)).answer(said, QUESTION))
    await asyncio.wait_for(said.told.wait(), 10)
    assert said.interim[0].content == f"> How high is the rate?\n{QUOTE} [1]\n\n-# Writing …"
    model.go_on.set()
    await asyncio.wait_for(answering, 10)
    assert len(said.interim) == 1
    assert said.final[0].content == f"> How high is the rate?\n{QUOTE} [1]\n\nIt had been lower. [1]"


async def test_to_stop_an_answer_stops_the_chat_model(model: Model) -> None:
    jobs, said = Jobs(no_pause), Said()
    answering = asyncio.create_task(service(FakeAnswerer(MORE, model.writes), jobs=jobs).answer(said, QUESTION))
    await asyncio.wait_for(said.told.wait(), 10)
    ((button,),) = said.interim[0].rows
    assert isinstance(button, Button)
    custom_id = CustomId.parse(button.action or "")
    assert custom_id is not None and jobs.stop(custom_id.subject, person=7)
    await asyncio.wait_for(answering, 10)
    assert said.final[0].content.endswith(f"{QUOTE} [1]\n\n-# Stopped.")
    assert await asyncio.to_thread(model.was_stopped.wait, 10)


async def test_the_deadline_stops_the_chat_model(model: Model) -> None:
    said = Said()
    await asyncio.wait_for(service(FakeAnswerer(MORE, model.writes), deadline=1.0).answer(said, QUESTION), 10)
    assert "took too long" in said.final[0].content
    assert await asyncio.to_thread(model.was_stopped.wait, 10)


async def test_of_quotes_nothing_is_shown_before_they_are_all_there() -> None:
    said = Said()
    await service(FakeAnswerer(ANSWER)).answer(said, QUESTION)
    assert (said.interim, said.final[0].content) == ([], f"> How high is the rate?\n{QUOTE} [1]")


async def test_an_answer_that_nobody_asked_for_is_not_shown_before_it_is_done(model: Model) -> None:
    said = Said()
    model.go_on.set()
    await service(FakeAnswerer(MORE, model.writes)).volunteer(said, QUESTION)
    assert (said.interim, len(said.final)) == ([], 1)


async def test_the_log_says_what_an_answer_cost_and_what_went_wrong(caplog: pytest.LogCaptureFixture) -> None:
    noted = replace(WRITTEN, notes=(Note(NoteKind.QUESTION_NOT_REWRITTEN, "was cut off"),))
    with caplog.at_level("INFO"):
        await service(FakeAnswerer(noted)).answer(Said(), QUESTION)
    (metadata,) = [metadata for metadata in caplog.records if metadata.message == "answered"]
    facts = vars(metadata)
    assert facts["notes"] == ["the chat model was cut off"]
    assert (facts["tokens_read"], facts["tokens_written"]) == (1200, 80)


async def test_the_log_does_not_tell_how_a_question_was_read(caplog: pytest.LogCaptureFixture) -> None:
    notes = (Note(NoteKind.READ_AS, "How high is the Quibblewhistle?"), Note(NoteKind.SEARCHED_BY_WORDS))
    with caplog.at_level("DEBUG"):
        await service(FakeAnswerer(replace(ANSWER, notes=notes))).answer(Said(), QUESTION)
    logged = "\n".join(f"{record.__dict__}" for record in caplog.records)
    assert "by words alone" in logged and "Quibblewhistle" not in logged
