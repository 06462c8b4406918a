from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bot.discord.desk import Desk

from bot.answering.answer import Turn
from bot.discord.client import FootnoteClient
from bot.discord.store import EscalationTarget, Store, Verdict
from index.documents import Document
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.scenarios.discord.journeys.reading import custom_id
from tests.unit.bot.discord.sample_answers import ANSWER, METADATA, QUOTE, REFUSAL

QUESTION = "How high is the rate?"


@pytest.fixture
async def answer(channel: Any, alice: Any) -> Any:
    return (await alice.slash(channel, "ask", question=QUESTION)).response


async def test_a_citation_opens_the_passage_for_the_presser_alone(answer: Any, bob: Any) -> None:
    result = await bob.click(answer, label="1")
    assert result.ephemeral
    (embed,) = result.response.embeds
    assert embed.title == "[1] The report"
    assert f"**{QUOTE}** It had been 4.1 percent" in embed.description
    assert "Published" in [field.name for field in embed.fields]


async def test_buttons_still_work_after_a_restart(
    simcord_env: Any, answer: Any, alice: Any, new_bot: Callable[[], FootnoteClient]
) -> None:
    await simcord_env.restart_bot(new_bot())
    result = await alice.click(answer, label="1")
    assert QUOTE in result.response.embeds[0].description


async def test_commands_are_not_sent_to_discord_again_while_they_are_the_same(
    simcord_env: Any, answer: Any, new_bot: Callable[[], FootnoteClient]
) -> None:
    await simcord_env.restart_bot(new_bot())
    assert [entry.method for entry in simcord_env.http_requests if entry.path.endswith("/commands")] == ["PUT"]


async def test_a_changed_document_is_owned_up_to(answer: Any, alice: Any, library: FakeLibrary) -> None:
    library.documents = {"new": Document(replace(METADATA, id="new"), "Quite another text.")}
    (embed,) = (await alice.click(answer, label="1")).response.embeds
    assert QUOTE in embed.description
    assert "This document has changed." in embed.fields[-1].value


async def test_a_document_that_left_the_index_is_owned_up_to(answer: Any, alice: Any, library: FakeLibrary) -> None:
    library.documents = {}
    (embed,) = (await alice.click(answer, label="1")).response.embeds
    assert "has left the index" in embed.fields[-1].value


async def test_a_wrong_source_is_noted(answer: Any, alice: Any, guild: Any, store: Store) -> None:
    card = (await alice.click(answer, label="1")).response
    result = await alice.click(card, label="Wrong source")
    assert "Thank you" in result.response.content
    assert [gap.complaints for gap in store.gaps(guild.id)] == [(Verdict.WRONG_SOURCE,)]


async def test_a_thumb_up_is_no_complaint(answer: Any, alice: Any, guild: Any, store: Store) -> None:
    result = await alice.click(answer, custom_id=custom_id(answer, "good"))
    assert result.ephemeral
    assert store.gaps(guild.id) == ()


async def test_a_thumb_down_asks_what_was_wrong(answer: Any, alice: Any, guild: Any, store: Store) -> None:
    menu = (await alice.click(answer, custom_id=custom_id(answer, "bad"))).response
    assert store.gaps(guild.id)[0].complaints == (Verdict.WRONG,)
    await alice.select(menu, ["out-of-date"])
    assert store.gaps(guild.id)[0].complaints == (Verdict.OUT_OF_DATE,)


async def test_a_follow_up_is_asked_with_what_was_said_before(answer: Any, alice: Any, answerer: FakeAnswerer) -> None:
    form = await alice.click(answer, label="Ask a follow-up")
    field = form.modal["components"][0]["component"]["custom_id"]
    result = await alice.submit_modal(form, {field: "And in April?"})
    assert "And in April?" in result.response.content
    question, conversation, _ = answerer.asked[-1]
    assert question == "And in April?"
    assert conversation == (Turn("user", QUESTION), Turn("assistant", ANSWER.text))


async def test_the_follow_up_of_a_follow_up_knows_the_whole_conversation(
    answer: Any, alice: Any, answerer: FakeAnswerer
) -> None:
    for question in ("And in April?", "And in March?"):
        form = await alice.click(answer, label="Ask a follow-up")
        field = form.modal["components"][0]["component"]["custom_id"]
        answer = (await alice.submit_modal(form, {field: question})).response
    assert [turn.text for turn in answerer.asked[-1][1] if turn.role == "user"] == [QUESTION, "And in April?"]


async def test_a_private_answer_is_shown_to_everybody_by_its_share_button(channel: Any, alice: Any, bob: Any) -> None:
    private = (await alice.slash(channel, "ask", question=QUESTION, private=True)).response
    result = await alice.click(private, label="Share")
    assert not result.response.ephemeral
    assert QUESTION in result.response.content and QUOTE in result.response.content
    assert len(channel.history(viewer=bob)) == 1


async def test_a_refused_question_is_handed_to_the_people_of_the_guild_once(
    guild: Any, channel: Any, alice: Any, store: Store, answerer: FakeAnswerer
) -> None:
    desk = guild.create_text_channel("ask-us")
    store.set_escalation_target(guild.id, EscalationTarget(channel=desk.id))
    answerer.says = REFUSAL
    refusal = (await alice.slash(channel, "ask", question="Who is the mayor?")).response
    first = await alice.click(refusal, label="Ask a human")
    second = await alice.click(refusal, label="Ask a human")
    assert "I have asked" in first.response.content
    assert "already" in second.response.content
    (request,) = desk.history()
    assert "Who is the mayor?" in request.content and alice.mention in request.content


async def test_only_the_named_role_is_called(
    simcord_env: Any, guild: Any, channel: Any, alice: Any, store: Store, answerer: FakeAnswerer
) -> None:
    role = guild.create_role("Helpers")
    store.set_escalation_target(guild.id, EscalationTarget(role=role.id))
    answerer.says = REFUSAL
    refusal = (await alice.slash(channel, "ask", question="Who is @everyone?")).response
    await alice.click(refusal, label="Ask a human")
    request = next(entry.json for entry in simcord_env.http_requests if entry.path.endswith("/messages"))
    assert f"<@&{role.id}>" in request["content"] and "@everyone" not in request["content"]
    assert (request["allowed_mentions"]["parse"], request["allowed_mentions"]["roles"]) == ([], [role.id])


async def test_a_forgotten_answer_is_owned_up_to(
    simcord_env: Any, answer: Any, alice: Any, library: FakeLibrary, answerer: FakeAnswerer
) -> None:
    await simcord_env.restart_bot(FootnoteClient(Desk(library, answerer, Store(":memory:"))))
    result = await alice.click(answer, label="1")
    assert result.ephemeral and "no longer have this answer" in result.response.content
