from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from threading import Event

import pytest

from bot.answering.answer import Answer, Note, NoteKind, Statement
from bot.discord.desk import Desk, NoSuchSource, Question, meant
from bot.discord.identifiers import Press
from bot.discord.jobs import Jobs
from bot.discord.message import Button
from bot.discord.store import Asked, Store
from bot.errors import Stopped
from index.documents import DocumentMetadata
from tests.unit.bot.discord.answers import QUOTE, RECORD, WRITTEN
from tests.unit.bot.discord.stand_ins import StandInAnswerer, StandInLibrary
from tests.unit.bot.discord.test_jobs import Said

RECORDS = (
    DocumentMetadata("a" * 32, "Annual report", "reports/Annual.md"),
    DocumentMetadata("b" * 32, "Quarterly report", "reports/quarterly.md"),
    DocumentMetadata("c" * 32, "Rules", "rules.md"),
)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a" * 32, "reports/Annual.md"),
        ("annual REPORT", "reports/Annual.md"),
        ("reports/annual.md", "reports/Annual.md"),
        ("reports", "reports"),
        ("Reports/", "reports"),
        ("rule", "rules.md"),
        ("report", None),
        ("nothing", None),
    ],
)
def test_a_source_is_meant_by_its_id_title_path_folder_or_a_part_that_is_its_alone(
    name: str, source: str | None
) -> None:
    assert meant(name, RECORDS) == source


async def test_no_name_means_every_source() -> None:
    assert await Desk(StandInLibrary(), StandInAnswerer(), Store(":memory:")).source("") is None


async def test_an_unknown_source_is_named_in_the_refusal() -> None:
    with pytest.raises(NoSuchSource, match="nowhere"):
        await Desk(StandInLibrary(), StandInAnswerer(), Store(":memory:")).source("nowhere")


def test_the_first_of_two_documents_with_one_title_is_meant() -> None:
    twins = (RECORD, replace(RECORD, id="e" * 32, source="https://example.org/other"))
    assert meant("the report", twins) == RECORD.source


QUESTION = Question("How high is the rate?", Asked(asker=7), hidden=True)
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


def desk_of(model: Model, deadline: float = 60.0) -> Desk:
    answerer = StandInAnswerer(MORE, writes=model.writes)
    return Desk(StandInLibrary(), answerer, Store(":memory:"), Jobs(no_pause), deadline=deadline)


async def test_what_a_chat_model_has_written_is_shown_under_the_question_before_it_is_done(model: Model) -> None:
    said = Said()
    answering = asyncio.create_task(desk_of(model).answer(said, QUESTION))
    await asyncio.wait_for(said.told.wait(), 10)
    assert said.interim[0].content == f"> How high is the rate?\n{QUOTE} [1]\n\n-# Writing …"
    model.go_on.set()
    await asyncio.wait_for(answering, 10)
    assert len(said.interim) == 1
    assert said.final[0].content == f"> How high is the rate?\n{QUOTE} [1]\n\nIt had been lower. [1]"


async def test_to_stop_an_answer_stops_the_chat_model(model: Model) -> None:
    desk, said = desk_of(model), Said()
    answering = asyncio.create_task(desk.answer(said, QUESTION))
    await asyncio.wait_for(said.told.wait(), 10)
    ((button,),) = said.interim[0].rows
    assert isinstance(button, Button)
    press = Press.read(button.action or "")
    assert press is not None and desk.jobs.stop(press.subject, person=7)
    await asyncio.wait_for(answering, 10)
    assert said.final[0].content.endswith(f"{QUOTE} [1]\n\n-# Stopped.")
    assert await asyncio.to_thread(model.was_stopped.wait, 10)


async def test_the_deadline_stops_the_chat_model(model: Model) -> None:
    said = Said()
    await asyncio.wait_for(desk_of(model, deadline=1.0).answer(said, QUESTION), 10)
    assert "took too long" in said.final[0].content
    assert await asyncio.to_thread(model.was_stopped.wait, 10)


async def test_of_quotes_nothing_is_shown_before_they_are_all_there() -> None:
    said = Said()
    desk = Desk(StandInLibrary(), StandInAnswerer(), Store(":memory:"))
    await desk.answer(said, QUESTION)
    assert (said.interim, said.final[0].content) == ([], f"> How high is the rate?\n{QUOTE} [1]")


async def test_an_answer_that_nobody_asked_for_is_not_shown_before_it_is_done(model: Model) -> None:
    said = Said()
    model.go_on.set()
    await desk_of(model).volunteer(said, QUESTION)
    assert (said.interim, len(said.final)) == ([], 1)


async def test_the_log_says_what_an_answer_cost_and_what_went_wrong(caplog: pytest.LogCaptureFixture) -> None:
    noted = replace(WRITTEN, notes=(Note(NoteKind.QUESTION_NOT_REWRITTEN, "was cut off"),))
    desk = Desk(StandInLibrary(), StandInAnswerer(noted), Store(":memory:"))
    with caplog.at_level("INFO"):
        await desk.answer(Said(), QUESTION)
    (metadata,) = [metadata for metadata in caplog.records if metadata.message == "answered"]
    facts = vars(metadata)
    assert facts["notes"] == ["the chat model was cut off"]
    assert (facts["tokens_read"], facts["tokens_written"]) == (1200, 80)
