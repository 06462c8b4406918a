"""The buttons under an answer, over the wire: what each does, after a restart too, and when what it needs is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answer import Choice, Clarification, Distinction, Status, Turn
from bot.discord.outdated import OutdatedAnswers
from bot.discord.store import EscalationTarget, Verdict
from index.documents import Document
from tests.scenarios.discord.standin import Message, Route
from tests.scenarios.discord.standin.limits import walk
from tests.scenarios.discord.standin.world import SEND
from tests.scenarios.discord.wire import DOCUMENTS, Wire, custom_id

QUESTION = "How high is the rate?"
QUOTE = "The rate rose to 4.6 percent in May."


@pytest.fixture
async def answer(wire: Wire) -> Message:
    return await wire.ada.asks("ask", at=wire.general, question=QUESTION)


async def card(wire: Wire, answer: Message) -> Message:
    return await wire.grace.final(await wire.grace.presses(answer, "1"))


async def test_a_citation_opens_the_passage_for_the_presser_alone(wire: Wire, answer: Message) -> None:
    shown = await card(wire, answer)
    assert shown.only_for == wire.grace.id
    assert shown.embeds[0]["title"] == "[1] Rates"
    assert f"**{QUOTE}** It had been 4.1 percent" in shown.embeds[0]["description"]
    assert "Published" in [field["name"] for field in shown.embeds[0]["fields"]]


async def test_buttons_still_work_after_a_restart_and_no_command_is_sent_again(wire: Wire, answer: Message) -> None:
    await wire.restart()
    assert QUOTE in (await card(wire, answer)).text
    assert len(wire.discord.syncs) == 1


async def test_a_document_that_changed_is_owned_up_to(wire: Wire, answer: Message) -> None:
    changed = Document(replace(DOCUMENTS[0].metadata, id="new"), "Quite another text.")
    wire.library.documents = {"new": changed}
    shown = await card(wire, answer)
    assert QUOTE in shown.embeds[0]["description"]
    assert "This document has changed." in shown.embeds[0]["fields"][-1]["value"]


async def test_a_document_that_left_the_index_is_owned_up_to(wire: Wire, answer: Message) -> None:
    wire.library.documents = {}
    assert "has left the index" in (await card(wire, answer)).embeds[0]["fields"][-1]["value"]


async def test_an_answer_says_which_of_its_sources_have_changed_since(wire: Wire, answer: Message) -> None:
    outdated = OutdatedAnswers(wire.clients[0], wire.library, wire.store)
    before = footer(wire)
    await outdated.mark()
    assert footer(wire) == before
    wire.library.documents, kept = {}, wire.library.documents
    await outdated.mark()
    assert footer(wire) == f"Changed since: [1] · {before}"
    assert custom_id(wire.discord.messages(wire.general)[-1], "cite") == custom_id(answer, "cite")
    wire.library.documents = kept
    await outdated.mark()
    assert footer(wire) == before


async def test_an_answer_that_its_asker_alone_sees_is_not_marked(wire: Wire) -> None:
    await wire.ada.asks("ask", at=wire.general, question=QUESTION, private=True)
    wire.library.documents = {}
    await OutdatedAnswers(wire.clients[0], wire.library, wire.store).mark()
    await wire.nothing_went_wrong()


def footer(wire: Wire) -> str:
    text: str = wire.discord.messages(wire.general)[-1].embeds[0]["footer"]["text"]
    return text


async def test_a_wrong_source_is_noted(wire: Wire, answer: Message) -> None:
    shown = await card(wire, answer)
    thanks = await wire.grace.final(await wire.grace.presses(shown, "Wrong source"))
    assert "Thank you" in thanks.content
    assert [gap.complaints for gap in wire.store.gaps(wire.guild.id)] == [(Verdict.WRONG_SOURCE,)]


async def test_a_thumb_up_is_no_complaint(wire: Wire, answer: Message) -> None:
    thanks = await wire.ada.final(await wire.ada.presses(answer, custom_id(answer, "good")))
    assert thanks.ephemeral
    assert wire.store.gaps(wire.guild.id) == ()


async def test_a_thumb_down_asks_what_was_wrong(wire: Wire, answer: Message) -> None:
    menu = await wire.ada.final(await wire.ada.presses(answer, custom_id(answer, "bad")))
    assert wire.store.gaps(wire.guild.id)[0].complaints == (Verdict.WRONG,)
    await wire.ada.reply(await wire.ada.selects(menu, "out-of-date"))
    assert wire.store.gaps(wire.guild.id)[0].complaints == (Verdict.OUT_OF_DATE,)


async def test_a_follow_up_knows_the_whole_conversation(wire: Wire, answer: Message) -> None:
    for question in ("And in April?", "And in March?"):
        opened = await wire.ada.presses(answer, "Ask a follow-up")
        answer = await wire.ada.final(await wire.ada.submits(opened, _0=question))
        assert question in answer.content
    first, second = wire.answerer.asked[1:]
    assert (first[0], second[0]) == ("And in April?", "And in March?")
    assert first[1] == (Turn("user", QUESTION), Turn("assistant", wire.quoting(QUESTION).text))
    assert [turn.text for turn in second[1] if turn.role == "user"] == [QUESTION, "And in April?"]


async def test_a_private_answer_is_shown_to_everybody_by_its_share_button(wire: Wire) -> None:
    private = await wire.ada.asks("ask", at=wire.general, question=QUESTION, private=True)
    shared = await wire.ada.final(await wire.ada.presses(private, "Share"))
    assert not shared.ephemeral
    assert shared.content.startswith(f"-# Shared by <@{wire.ada.id}>")
    assert QUESTION in shared.content and QUOTE in shared.content
    again = await wire.ada.final(await wire.ada.presses(private, "Share"))
    assert again.ephemeral and f"/{wire.general.id}/{shared.id}" in again.content.replace("\\", "")
    assert wire.discord.messages(wire.general) == [shared]
    await wire.nothing_went_wrong()


async def test_a_shared_answer_points_at_the_message_that_it_answers(wire: Wire) -> None:
    said = wire.grace.says(QUESTION, wire.general)
    private = await wire.ada.final(await wire.ada.menu("Answer this", said))
    shared = await wire.ada.final(await wire.ada.presses(private, "Share"))
    assert f"https://discord.com/channels/{wire.guild.id}/{wire.general.id}/{said.id}" in shared.content


async def test_a_thumb_down_takes_words_and_those_who_manage_see_what_was_said(wire: Wire, answer: Message) -> None:
    menu = await wire.ada.final(await wire.ada.presses(answer, custom_id(answer, "bad")))
    opened = await wire.ada.presses(menu, "In your own words")
    await wire.ada.final(await wire.ada.submits(opened, _0="It is 4.7 by now"))
    await wire.grace.final(await wire.grace.presses(answer, custom_id(answer, "good")))
    tally = await wire.grace.final(await wire.grace.menu("Feedback", answer))
    assert tally.ephemeral and tally.content == "👍 1 · 1 × The answer is wrong\n> It is 4.7 by now"
    assert wire.store.gaps(wire.guild.id)[0].remarks == ("It is 4.7 by now",)
    with pytest.raises(LookupError):
        await wire.ada.menu("Feedback", answer)


async def test_a_question_that_is_asked_back_has_a_button_for_each_choice(wire: Wire) -> None:
    open_question = Clarification(
        Distinction.QUARTER,
        (
            Choice("second quarter", "How much was sold in the second quarter?"),
            Choice("third quarter", "How much was sold in the third quarter?"),
        ),
    )
    wire.answerer.says = replace(wire.quoting("Who is the mayor?"), status=Status.CLARIFY, clarification=open_question)
    asked = await wire.ada.asks("ask", at=wire.general, question="How much was sold?")
    wire.answerer.says = wire.quoting
    answer = await wire.ada.final(await wire.ada.presses(asked, "third quarter"))
    assert wire.answerer.questions[-1] == "How much was sold in the third quarter?"
    assert "third quarter" in answer.content
    await wire.nothing_went_wrong()


async def test_a_refused_question_is_handed_to_the_people_of_the_guild_once(wire: Wire) -> None:
    ask_us = wire.discord.channel("ask-us", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=ask_us.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    first = await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    second = await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    assert "I have asked" in first.content
    assert "already" in second.content
    (request,) = wire.discord.messages(ask_us)
    assert "Who is the mayor?" in request.content and f"<@{wire.ada.id}>" in request.content


async def test_a_press_asks_once_the_bot_may_write_where_people_are_asked(wire: Wire) -> None:
    ask_us = wire.discord.channel("ask-us", wire.guild, denied=SEND)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=ask_us.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    told = await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    assert "nobody was" in told.content
    ask_us.denied = 0
    assert "I have asked" in (await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))).content
    assert len(wire.discord.messages(ask_us)) == 1


async def test_what_people_reply_where_they_were_asked_is_no_question(wire: Wire) -> None:
    ask_us = wire.discord.channel("ask-us", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=ask_us.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    request = await wire.reply_number(1, ask_us)
    wire.grace.says("It is Jo, the mayor since May.", reply_to=request)
    await wire.discord.quiet()
    assert [each.id for each in wire.discord.messages(ask_us)] == [request.id]
    assert wire.answerer.questions == ["Who is the mayor?"]


async def test_a_private_refusal_is_handed_over_with_its_channel_for_a_link(wire: Wire) -> None:
    ask_us = wire.discord.channel("ask-us", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=ask_us.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?", private=True)
    await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    request = await wire.reply_number(1, ask_us)
    assert request.content.endswith(f"\n<#{wire.general.id}>")


async def test_only_the_named_role_is_called(wire: Wire) -> None:
    role = wire.discord.role("Helpers", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(role=role.id))
    refusal = await wire.ada.asks("ask", at=wire.general, question="Is @everyone the mayor?")
    await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    (request,) = (each.body for each in wire.discord.requested(Route.SEND))
    assert f"<@&{role.id}>" in request["content"] and "@everyone" not in request["content"]
    assert (request["allowed_mentions"]["parse"], request["allowed_mentions"]["roles"]) == ([], [role.id])


async def test_a_forgotten_answer_is_owned_up_to(wire: Wire, answer: Message) -> None:
    wire.store._write("DELETE FROM answers", ())
    told = await card(wire, answer)
    assert told.ephemeral and "no longer have this answer" in told.content


@pytest.mark.parametrize("unknown", ["footnote:gone:abc:1", "other:abc", "x" * 100])
async def test_a_button_of_an_earlier_version_says_that_it_is_one(wire: Wire, answer: Message, unknown: str) -> None:
    pressed = wire.ada._component(answer, {"component_type": 2, "custom_id": unknown})
    said = await wire.ada.final(pressed)
    assert "from an earlier version of me" in said.content
    assert said.only_for == wire.ada.id


@pytest.mark.parametrize("values", [[], ["nothing"]])
async def test_a_menu_that_sends_what_it_does_not_offer_is_answered(
    wire: Wire, answer: Message, values: list[str]
) -> None:
    asked = await wire.ada.final(await wire.ada.presses(answer, "👎"))
    why = next(each for _, each in walk(list(asked.components)) if each.get("type") == 3)
    chosen = wire.ada._component(asked, {"component_type": 3, "custom_id": why["custom_id"], "values": values})
    assert "from an earlier version of me" in (await wire.ada.reply(chosen)).content


async def test_a_command_of_an_earlier_version_says_that_it_changed(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    data = {"id": "1", "name": "gone", "type": 1, "options": []}
    said = await wire.ada.final(wire.ada._use(2, wire.general, data))
    assert "another one by now" in said.content
    assert not [record for record in caplog.records if record.exc_info]
