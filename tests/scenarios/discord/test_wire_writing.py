"""An answer that a chat model writes, over the wire: what has been verified is seen before the answer is done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from threading import Event

import pytest

from bot.answering.answer import Answer, ModelUsage, Note, NoteKind, Statement
from bot.errors import Stopped
from tests.scenarios.discord.standin import Route
from tests.scenarios.discord.wire import Wire
from tests.unit.bot.discord.recording import Pause

QUESTION = "How high is the rate?"


class Model:
    """A chat model that writes one statement after the other, as a test tells it to."""

    def __init__(self, quoted: Answer) -> None:
        self._quoted = quoted
        self._statements: SimpleQueue[str | None] = SimpleQueue()
        self.stopped = Event()

    def writes(self, statement: str) -> None:
        self._statements.put(statement)

    def is_done(self) -> None:
        self._statements.put(None)

    def writing(self, stop: Future[None]) -> Iterator[Answer]:
        stop.add_done_callback(lambda _: self.is_done())
        answer = replace(self._quoted, statements=(), usage=ModelUsage("openai:any"))
        while (statement := self._statements.get(timeout=60)) is not None:
            answer = replace(answer, statements=(*answer.statements, Statement(statement, (1,))))
            yield answer
        if stop.done():
            self.stopped.set()
            raise Stopped("nobody waits for this answer any more")


@pytest.fixture
def model(wire: Wire) -> Iterator[Model]:
    model = Model(wire.quoting(QUESTION))
    wire.answerer.writes = model.writing
    yield model
    model.is_done()


async def test_statements_appear_as_they_are_verified_and_no_oftener_than_the_pauses_allow(
    wire: Wire, model: Model
) -> None:
    wire.pause = pause = Pause()
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION)
    model.writes("The rate rose.")
    shown = await wire.ada.reply(used)
    assert "The rate rose. [1]\n\n-# Writing …" in shown.text and "Sources" in shown.text
    assert [button.label for button in shown.buttons] == ["Stop"]
    await pause.begun.wait()
    model.writes("It is high.")
    model.writes("It was low.")
    await wire.discord.quiet()
    assert len(wire.discord.requested(Route.EDIT_ORIGINAL)) == 1
    pause.end()
    await pause.begun.wait()
    assert "It is high. [1]\n\nIt was low. [1]\n\n-# Writing …" in used.replies[0].text
    model.is_done()
    pause.end()
    answer = await wire.ada.final(used)
    assert "4.6 percent" in answer.text and "It was low." not in answer.text
    assert "1" in [button.label for button in answer.buttons]
    assert len(wire.discord.requested(Route.EDIT_ORIGINAL)) == 3
    assert pause.seconds == [1.0, 1.0]
    await wire.nothing_went_wrong()


async def test_a_mention_is_answered_in_one_message_that_grows(wire: Wire, model: Model) -> None:
    wire.pause = pause = Pause()
    wire.ada.says(QUESTION, wire.general, mention=True)
    model.writes("The rate rose.")
    first = await wire.reply_number(1, wire.general)
    assert "The rate rose. [1]\n\n-# Writing …" in first.text
    await pause.begun.wait()
    model.is_done()
    pause.end()
    await wire.discord.until(lambda: "4.6 percent" in wire.discord.messages(wire.general)[0].text)
    assert len(wire.discord.messages(wire.general)) == 1
    await wire.nothing_went_wrong()


async def test_whoever_asked_and_nobody_else_stops_the_model_and_keeps_what_was_shown(wire: Wire, model: Model) -> None:
    wire.pause = pause = Pause()
    bob = wire.discord.user("bob").joins(wire.guild)
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION)
    model.writes("The rate rose.")
    shown = await wire.ada.reply(used)
    await pause.begun.wait()
    assert "Only who asked" in (await bob.final(await bob.presses(shown, "Stop"))).text
    await wire.ada.final(await wire.ada.presses(shown, "Stop"))
    pause.end()
    kept = await wire.ada.final(used)
    assert "The rate rose. [1]\n\n-# Stopped." in kept.text and "Sources" in kept.text
    assert not kept.buttons
    assert await asyncio.to_thread(model.stopped.wait, 10)
    await wire.nothing_went_wrong()


async def test_an_answer_that_had_to_be_quoted_says_why_in_one_line(wire: Wire) -> None:
    wire.quoting.notes = (Note(NoteKind.NOT_WRITTEN, "did not answer within 45 s"),)
    shown = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert "-# The chat model did not answer within 45 s: these are the documents' own words" in shown.content
    status = await wire.ada.asks("status", at=wire.general)
    assert "1 × the chat model did not answer within 45 s" in status.text
    await wire.nothing_went_wrong()
