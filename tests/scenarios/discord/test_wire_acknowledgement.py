"""Whatever happens to the acknowledgement, whoever asked gets one reply: RELIABILITY.md section 2, over the wire."""

from __future__ import annotations

import pytest

from tests.scenarios.discord.standin import Hang, RateLimit, Reset, Route, Slow, Status
from tests.scenarios.discord.standin.faults import Fault
from tests.scenarios.discord.standin.interactions import DEFER
from tests.scenarios.discord.wire import Wire

UNKNOWN = Status(404, body={"message": "Unknown interaction", "code": 10062})


async def test_a_question_is_acknowledged_first_and_answered_once(wire: Wire) -> None:
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    reply = await wire.ada.final(used)
    assert "4.6 percent" in reply.text
    assert wire.discord.acks[0].kind == DEFER
    assert wire.discord.acks[0].latency < 1
    assert used.replies == [reply]
    await wire.nothing_went_wrong()


@pytest.mark.parametrize(
    "fault",
    [
        Status(500),
        Status(502),
        Status(502, after=True),
        Status(503),
        Status(504),
        Reset(),
        Reset(after=True),
        Hang(),
        Hang(after=True),
        RateLimit(0.3),
        Slow(0.5),
    ],
    ids=str,
)
async def test_a_passing_fault_costs_no_reply(wire: Wire, fault: Fault) -> None:
    wire.discord.fail(Route.CALLBACK, fault)
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    reply = await wire.ada.final(used)
    assert "4.6 percent" in reply.text
    assert used.replies == [reply]
    await wire.one_reply_in(wire.general)


@pytest.mark.parametrize("fault", [Status(503), Reset(), RateLimit(0.2, via=False)], ids=str)
async def test_where_the_acknowledgement_never_arrives_the_channel_gets_the_reply(wire: Wire, fault: Fault) -> None:
    wire.discord.fail(Route.CALLBACK, fault, times=50)
    await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    reply = await wire.one_reply_in(wire.general)
    assert "4.6 percent" in reply.text
    assert f"<@{wire.ada.id}>" in reply.text
    assert not reply.pings


async def test_an_acknowledgement_of_which_nothing_is_heard_is_not_taken_for_lost(wire: Wire) -> None:
    wire.discord.fail(Route.CALLBACK, Hang(after=True))
    wire.discord.fail(Route.CALLBACK, Hang(), times=50)
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    reply = await wire.ada.final(used)
    assert "4.6 percent" in reply.text
    assert used.replies == [await wire.one_reply_in(wire.general)]


async def test_an_interaction_that_expired_is_answered_in_the_channel(wire: Wire) -> None:
    wire.discord.fail(Route.CALLBACK, UNKNOWN, times=50)
    await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    reply = await wire.one_reply_in(wire.general)
    assert "4.6 percent" in reply.text
    assert not reply.pings


async def test_a_private_question_that_expired_is_not_answered_in_public(wire: Wire) -> None:
    wire.discord.fail(Route.CALLBACK, UNKNOWN, times=50)
    await wire.ada.slash("ask", at=wire.general, question="How high is the rate?", private=True)
    reply = await wire.one_reply_in(wire.ada.dm)
    assert "4.6 percent" in reply.text
    assert not any("4.6 percent" in message.text for message in wire.discord.messages(wire.general))


async def test_when_another_process_was_faster_the_answer_still_comes_once(wire: Wire) -> None:
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    wire.discord.interactions.callback(used.id, used.token, {"type": DEFER}, {})
    reply = await wire.ada.final(used)
    assert "4.6 percent" in reply.text
    assert [refused.code for refused in wire.discord.refusals] == [40060]
    assert used.replies == [await wire.one_reply_in(wire.general)]


async def test_somebody_who_asks_too_often_is_told_so_alone(wire: Wire) -> None:
    replies = [await wire.ada.asks("ask", at=wire.general, question=f"How high is rate {n}?") for n in range(7)]
    assert not any(reply.ephemeral for reply in replies[:5])
    assert replies[-1].ephemeral and replies[-1].only_for == wire.ada.id
    assert "ask again" in replies[-1].text
    await wire.nothing_went_wrong()


async def test_autocomplete_offers_titles_in_time(wire: Wire) -> None:
    choices = await wire.ada.types("ask", "source", "ra", at=wire.general, question="How high?")
    assert [choice["name"] for choice in choices] == ["Rates"]
    await wire.nothing_went_wrong()
