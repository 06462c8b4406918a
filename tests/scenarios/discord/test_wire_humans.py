"""Questions that go to people, over the wire: how they are asked, and how their answer comes back."""

from __future__ import annotations

import pytest

from bot.discord.store import EscalationTarget
from tests.scenarios.discord.standin import Channel, Message, Route, Status
from tests.scenarios.discord.wire import Wire

QUESTION = "Who is the mayor?"


@pytest.fixture
def ask_us(wire: Wire) -> Channel:
    channel = wire.discord.channel("ask-us", wire.guild)
    wire.store.set_escalation_target(wire.guild.id, EscalationTarget(channel=channel.id))
    return channel


async def request_for(wire: Wire, ask_us: Channel, *, private: bool = False) -> Message:
    refusal = await wire.ada.asks("ask", at=wire.general, question=QUESTION, private=private)
    await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    return await wire.reply_number(1, ask_us)


async def test_a_reply_to_the_request_goes_back_to_the_asker_with_the_helpers_name(wire: Wire, ask_us: Channel) -> None:
    request = await request_for(wire, ask_us)
    said = wire.grace.says("It is Jo, **since** May.", reply_to=request)
    passed_on = await wire.reply_number(2, wire.general)
    assert passed_on.content.startswith(f"<@{wire.ada.id}>, **Grace** answers:\n> Who is the mayor?\nIt is Jo, ")
    assert passed_on.pings.users == {wire.ada.id}
    assert f"/{ask_us.id}/{said.id}" in (passed_on.buttons[0].url or "")
    await wire.discord.quiet()
    assert wire.store.gaps(wire.guild.id) == ()
    (marked,) = wire.discord.messages(ask_us)
    assert "Answered by Grace" in marked.content
    assert [button.label for button in marked.buttons] == ["Keep as a document"]
    assert wire.answerer.questions == [QUESTION]


async def test_who_asked_privately_is_answered_alone(wire: Wire, ask_us: Channel) -> None:
    request = await request_for(wire, ask_us, private=True)
    wire.grace.says("It is Jo.", reply_to=request)
    assert "It is Jo." in (await wire.reply_number(1, wire.ada.dm)).content
    assert wire.discord.messages(wire.general) == []


async def test_an_answer_can_be_written_in_a_form(wire: Wire, ask_us: Channel) -> None:
    request = await request_for(wire, ask_us)
    opened = await wire.grace.presses(request, "Answer")
    told = await wire.grace.final(await wire.grace.submits(opened, _0="It is Jo."))
    assert told.ephemeral and "passed your answer on" in told.content
    assert "It is Jo." in (await wire.reply_number(2, wire.general)).content


async def test_a_reply_that_discord_shows_without_its_text_is_said_to_be_unreadable(
    wire: Wire, ask_us: Channel
) -> None:
    request = await request_for(wire, ask_us)
    wire.grace.says("It is Jo.", reply_to=request, notify=False)
    assert "Press “Answer” instead" in (await wire.reply_number(2, ask_us)).content
    assert [gap.question for gap in wire.store.gaps(wire.guild.id)] == [QUESTION]


async def test_a_helper_is_told_where_the_asker_cannot_be_reached(wire: Wire, ask_us: Channel) -> None:
    request = await request_for(wire, ask_us, private=True)
    refusal = Status(403, body={"message": "Cannot send messages to this user", "code": 50007})
    wire.discord.fail(Route.SEND, refusal, when=lambda body: "answers:" in str(body.get("content")))
    wire.grace.says("It is Jo.", reply_to=request)
    assert "cannot reach who asked" in (await wire.reply_number(2, ask_us)).content
    assert wire.store.gaps(wire.guild.id) == ()  # what was asked privately is in no gap


async def test_a_request_is_marked_as_dealt_with(wire: Wire, ask_us: Channel) -> None:
    request = await request_for(wire, ask_us)
    told = await wire.grace.final(await wire.grace.presses(request, "Dealt with"))
    assert told.ephemeral
    assert wire.store.gaps(wire.guild.id) == ()
    await wire.discord.quiet()
    assert "Dealt with by Grace" in wire.discord.messages(ask_us)[0].content


async def test_after_a_restart_a_reply_still_finds_its_asker(wire: Wire, ask_us: Channel) -> None:
    request = await request_for(wire, ask_us)
    await wire.restart()
    wire.grace.says("It is Jo.", reply_to=request)
    assert "It is Jo." in (await wire.reply_number(2, wire.general)).content


async def test_a_gap_links_to_its_message_and_can_be_closed(wire: Wire) -> None:
    said = wire.ada.says(QUESTION, wire.general, mention=True)
    await wire.reply_number(1, wire.general)
    await wire.discord.quiet()
    gaps = await wire.grace.asks("gaps", at=wire.general)
    link = f"https://discord.com/channels/{wire.guild.id}/{wire.general.id}/{said.id}"
    assert f"Who is the mayor? · not found · [open]({link})" in gaps.embeds[0]["description"]
    closed = await wire.grace.selects(gaps, QUESTION)
    await wire.discord.until(lambda: "No gaps" in wire.discord.world.messages[gaps.id].content)
    assert closed.ack is not None
    assert wire.store.gaps(wire.guild.id) == ()
