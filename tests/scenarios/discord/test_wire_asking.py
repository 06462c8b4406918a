"""Asking, over the wire: what an answer looks like, of what it is asked, and what is said instead of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answer import Answer, Statement
from index.documents import Filter
from index.errors import IndexMissing
from tests.scenarios.discord.standin import Route
from tests.scenarios.discord.wire import DOCUMENTS, Wire, actions

QUESTION = "How high is the rate?"
QUOTE = "The rate rose to 4.6 percent in May."


async def test_a_question_gets_one_cited_answer_with_a_button_for_its_source(wire: Wire) -> None:
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert answer.content == f"> {QUESTION}\n{QUOTE} [1]"
    assert answer.embeds[0]["title"] == "Sources"
    assert actions(answer) == ["cite", "follow", "good", "bad"]
    assert wire.discord.messages(wire.general) == [answer]
    assert wire.store.was_answered_in(wire.general.id)


async def test_a_private_question_is_answered_to_the_asker_alone_and_can_be_shared(wire: Wire) -> None:
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION, private=True)
    assert answer.only_for == wire.ada.id
    assert wire.discord.messages(wire.general) == []
    assert actions(answer)[-1] == "share"


async def test_a_question_can_be_asked_of_one_document(wire: Wire) -> None:
    (choice,) = await wire.ada.types("ask", "source", "rat", at=wire.general, question=QUESTION)
    assert choice["name"] == "Rates"
    await wire.ada.asks("ask", at=wire.general, question=QUESTION, source=choice["value"])
    assert wire.answerer.asked[-1][2] == Filter(source=DOCUMENTS[0].metadata.source)


async def test_what_cannot_be_asked_gets_one_clear_line(wire: Wire) -> None:
    unknown = await wire.ada.asks("ask", at=wire.general, question=QUESTION, source="nowhere")
    assert "No indexed document" in unknown.content and unknown.only_for == wire.ada.id
    assert wire.discord.messages(wire.general) == []
    wordless = await wire.ada.asks("ask", at=wire.general, question="?!")
    assert wordless.content == "The question holds no word."
    assert wire.answerer.asked == []


async def test_a_refusal_says_what_was_searched_and_what_came_nearest(wire: Wire) -> None:
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    assert "The documents do not say." in refusal.content
    assert "all 2 documents" in refusal.content
    assert refusal.embeds[0]["title"] == "Nearest, not an answer"
    assert actions(refusal) == ["follow"]


async def test_small_talk_is_greeted_and_never_kept(wire: Wire) -> None:
    for said in ("hello", "What's up?", "thanks!"):
        assert (await wire.ada.asks("ask", at=wire.general, question=said)).content.startswith("Gladly.")
    assert wire.answerer.asked == []
    assert wire.store.gaps(wire.guild.id) == ()


async def test_of_one_document_not_all_are_searched(wire: Wire) -> None:
    wire.library.documents.popitem()
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    assert "Searched: 1 document." in refusal.content


async def test_a_long_answer_goes_on_below_with_its_sources_last(wire: Wire) -> None:
    wire.answerer.says = replace(wire.quoting(QUESTION), statements=(Statement("Many words. " * 130, (1,)),) * 3)
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION)
    await wire.discord.until(lambda: len(used.replies) == 3)
    assert not used.replies[0].embeds
    assert used.replies[-1].embeds[0]["title"] == "Sources"


async def test_an_answer_mentions_nobody(wire: Wire) -> None:
    text = f"Ask @everyone and <@{wire.ada.id}>."
    wire.answerer.says = replace(wire.quoting(QUESTION), statements=(Statement(text, (1,)),))
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert not answer.mentions
    edits = [request.body for request in wire.discord.requested(Route.EDIT_ORIGINAL)]
    assert edits and all(edit["allowed_mentions"]["parse"] == [] for edit in edits)


async def test_a_failure_says_so_with_a_reference_that_is_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: str) -> Answer:
        raise RuntimeError("the model is gone")

    wire.answerer.says = breaks
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert "Something went wrong" in answer.content
    logged = next(record for record in caplog.records if record.message == "a job failed")
    assert vars(logged)["reference"] in answer.content
    assert "the model is gone" in caplog.text


async def test_without_an_index_the_asker_is_told_what_to_do(wire: Wire) -> None:
    def missing(_: str) -> Answer:
        raise IndexMissing("nothing is indexed yet: run 'footnote refresh'")

    wire.answerer.says = missing
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert answer.content == "Nothing is indexed yet: whoever manages this server can say /refresh."
    assert answer.only_for == wire.ada.id


async def test_who_asks_too_often_keeps_nobody_else_from_asking(wire: Wire) -> None:
    for _ in range(6):
        last = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert last.only_for == wire.ada.id and "Please ask again in" in last.content
    assert len(wire.answerer.asked) == 5
    assert not (await wire.grace.asks("ask", at=wire.general, question=QUESTION)).ephemeral
