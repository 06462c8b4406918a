from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.discord.commands.ask import source_choices
from bot.discord.desk import Desk

from bot.answering.answer import Answer, Statement
from bot.discord.store import Store
from index.documents import Filter
from index.errors import IndexMissing
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.scenarios.discord.journeys.reading import actions
from tests.unit.bot.discord.sample_answers import ANSWER, METADATA, QUOTE, REFUSAL

QUESTION = "How high is the rate?"


async def test_a_question_gets_one_cited_answer_with_a_button_for_its_source(channel: Any, alice: Any) -> None:
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert result.response.content == f"> {QUESTION}\n{QUOTE} [1]"
    assert result.response.embeds[0].title == "Sources"
    assert actions(result.response) == ["cite", "follow", "good", "bad"]
    assert len(channel.history()) == 1


async def test_a_private_question_is_answered_to_the_asker_alone_and_can_be_shared(
    channel: Any, alice: Any, bob: Any
) -> None:
    result = await alice.slash(channel, "ask", question=QUESTION, private=True)
    assert result.response.ephemeral
    assert channel.history(viewer=bob) == []
    assert actions(result.response)[-1] == "share"


async def test_an_answer_is_kept_before_it_is_shown(channel: Any, alice: Any, store: Store) -> None:
    await alice.slash(channel, "ask", question=QUESTION)
    assert store.was_answered_in(channel.id)


async def test_a_question_can_be_asked_of_one_document(channel: Any, alice: Any, answerer: FakeAnswerer) -> None:
    choices = await alice.autocomplete(channel, "ask", "source", "repo", question=QUESTION)
    assert [choice["name"] for choice in choices] == ["The report"]
    await alice.slash(channel, "ask", question=QUESTION, source=choices[0]["value"])
    assert answerer.asked[-1][2] == Filter(source=METADATA.source)


async def test_an_unknown_source_gets_one_clear_line(channel: Any, alice: Any, answerer: FakeAnswerer) -> None:
    result = await alice.slash(channel, "ask", question=QUESTION, source="nowhere")
    assert "No indexed document" in result.response.content
    assert answerer.asked == []


async def test_a_question_without_a_word_gets_one_clear_line(channel: Any, alice: Any) -> None:
    result = await alice.slash(channel, "ask", question="?!")
    assert result.response.content == "The question holds no word."


async def test_a_refusal_says_what_was_searched_and_what_came_nearest(
    channel: Any, alice: Any, answerer: FakeAnswerer
) -> None:
    answerer.says = REFUSAL
    result = await alice.slash(channel, "ask", question="Who is the mayor?")
    assert "The documents do not say." in result.response.content
    assert "all 12 documents" in result.response.content
    assert result.response.embeds[0].title == "Nearest, not an answer"
    assert actions(result.response) == ["follow"]


async def test_a_long_answer_goes_on_below_with_its_sources_last(
    channel: Any, alice: Any, answerer: FakeAnswerer
) -> None:
    answerer.says = replace(ANSWER, statements=(Statement("Many words. " * 130, (1,)),) * 3)
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert len(result.followups) == 2
    assert not result.response.embeds and result.followups[-1].embeds[0].title == "Sources"


async def test_an_answer_pings_nobody(simcord_env: Any, channel: Any, alice: Any, answerer: FakeAnswerer) -> None:
    answerer.says = replace(ANSWER, statements=(Statement(f"Ask @everyone and {alice.mention}.", (1,)),))
    await alice.slash(channel, "ask", question=QUESTION)
    message = channel.last_message
    assert not message.mention_everyone and message.mentions == []
    edits = [entry.json for entry in simcord_env.http_requests if entry.method == "PATCH"]
    assert all(edit["allowed_mentions"]["parse"] == [] for edit in edits)


async def test_a_failure_says_so_with_a_reference_that_is_in_the_log(
    channel: Any, alice: Any, answerer: FakeAnswerer, caplog: Any
) -> None:
    def breaks() -> Answer:
        raise RuntimeError("the model is gone")

    answerer.instead = breaks
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert "Something went wrong" in result.response.content
    logged = next(record for record in caplog.records if record.message == "a job failed")
    assert logged.reference in result.response.content
    assert "the model is gone" in caplog.text


async def test_without_an_index_the_asker_is_told_what_to_do(channel: Any, alice: Any, answerer: FakeAnswerer) -> None:
    def missing() -> Answer:
        raise IndexMissing("nothing is indexed yet: run 'footnote refresh'")

    answerer.instead = missing
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert result.response.content == "Nothing is indexed yet: run 'footnote refresh'."


async def test_who_asks_too_often_is_told_when_to_ask_again_alone(
    channel: Any, alice: Any, bob: Any, answerer: FakeAnswerer
) -> None:
    results = [await alice.slash(channel, "ask", question=QUESTION) for _ in range(6)]
    assert results[-1].ephemeral and "Please ask again in" in results[-1].response.content
    assert len(answerer.asked) == 5
    assert not (await bob.slash(channel, "ask", question=QUESTION)).ephemeral


async def test_autocomplete_offers_no_more_than_discord_takes(library: FakeLibrary) -> None:
    document = library.documents[METADATA.id]
    library.documents = {
        f"{number}": replace(
            document, metadata=replace(METADATA, id=f"{number}", title=f"Report {number} " + "x" * 200)
        )
        for number in range(40)
    }
    choices = await source_choices(_desk(library), "report")
    assert len(choices) == 25
    assert all(0 < len(choice.name) <= 100 for choice in choices)


def _desk(library: FakeLibrary) -> Desk:
    return Desk(library, FakeAnswerer(), Store(":memory:"))
