"""What happens to a finished answer on its way: it arrives, once, and nobody is pinged."""

from __future__ import annotations

import pytest

from tests.scenarios.discord.standin import Hang, RateLimit, Reset, Route, Status
from tests.scenarios.discord.standin.faults import Fault
from tests.scenarios.discord.standin.world import SEND
from tests.scenarios.discord.wire import Wire

PASSING = [Status(500), Status(502, after=True), Status(503), Status(503, after=True), Reset(), Reset(after=True)]


@pytest.mark.parametrize("fault", [*PASSING, RateLimit(0.2)], ids=str)
async def test_an_edit_that_fails_is_repeated(wire: Wire, fault: Fault) -> None:
    wire.discord.fail(Route.EDIT_ORIGINAL, fault)
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    reply = await wire.ada.final(used)
    assert "4.6 percent" in reply.text
    assert [each.id for each in used.replies] == [(await wire.one_reply_in(wire.general)).id]


async def test_three_resets_in_a_row_are_outlasted(wire: Wire) -> None:
    wire.discord.fail(Route.EDIT_ORIGINAL, Reset(), times=3)
    reply = await wire.ada.asks("ask", at=wire.general, question="How high is the rate?")
    assert "4.6 percent" in reply.text


@pytest.mark.parametrize("fault", [*PASSING, RateLimit(0.2)], ids=str)
async def test_a_reply_to_a_message_is_sent_once(wire: Wire, fault: Fault) -> None:
    wire.discord.fail(Route.SEND, fault)
    said = wire.ada.says("How high is the rate?", wire.general, mention=True)
    reply = await wire.one_reply_in(wire.general)
    assert "4.6 percent" in reply.text
    assert reply.reply_to == said.id
    assert not wire.discord.pinged


async def test_a_token_that_expired_while_the_answer_was_made(wire: Wire) -> None:
    wire.answerer.gate.clear()
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    await wire.ada.acknowledged(used)
    await wire.asked()
    wire.discord.clock.advance(minutes=16)
    wire.answerer.gate.set()
    await wire.discord.until(lambda: any("4.6" in each.text for each in wire.discord.messages(wire.general)))
    assert not wire.discord.pinged


async def test_a_private_answer_whose_token_expired_stays_private(wire: Wire) -> None:
    wire.answerer.gate.clear()
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?", private=True)
    await wire.ada.acknowledged(used)
    await wire.asked()
    wire.discord.clock.advance(minutes=16)
    wire.answerer.gate.set()
    await wire.discord.until(lambda: any("4.6" in each.text for each in wire.discord.messages(wire.ada.dm)))
    assert not any("4.6" in each.text for each in wire.discord.messages(wire.general))


async def test_a_message_that_was_deleted_meanwhile_is_still_answered(wire: Wire) -> None:
    wire.answerer.gate.clear()
    said = wire.ada.says("How high is the rate?", wire.general, mention=True)
    await wire.asked()
    wire.ada.deletes(said)
    wire.answerer.gate.set()
    assert "4.6 percent" in (await wire.one_reply_in(wire.general)).text


async def test_a_channel_that_went_silent_harms_nobody_else(wire: Wire) -> None:
    """The permission to send is taken away after the question: that reply is lost, the next question is answered."""
    wire.answerer.gate.clear()
    wire.ada.says("How high is the rate?", wire.general, mention=True)
    await wire.asked()
    wire.general.denied = SEND
    wire.answerer.gate.set()
    await wire.discord.until(lambda: wire.discord.refusals)
    other = wire.discord.channel("other", wire.guild)
    reply = await wire.ada.asks("ask", at=other, question="How high is the rate?")
    assert "4.6 percent" in reply.text


async def test_a_server_that_hangs_does_not_hang_the_bot(wire: Wire) -> None:
    wire.discord.fail(Route.TYPING, Hang())
    wire.ada.says("How high is the rate?", wire.general, mention=True)
    assert "4.6 percent" in (await wire.one_reply_in(wire.general)).text


async def test_an_answer_pings_nobody(wire: Wire) -> None:
    wire.library.says(f"The rate rose, @everyone and <@{wire.ada.id}> and <@&{wire.guild.id}>. It fell.")
    await wire.ada.asks("ask", at=wire.general, question="What of everyone?")
    wire.ada.says("What of everyone?", wire.general, mention=True)
    await wire.discord.until(lambda: len(wire.discord.messages(wire.general)) == 2)
    assert not wire.discord.pinged


async def test_channel_limits_of_discord_are_waited_out(wire: Wire) -> None:
    wire.discord.limit(Route.SEND, 2, 1.0)
    for number in range(4):
        person = wire.discord.user(f"person{number}").joins(wire.guild)
        person.says("How high is the rate?", wire.general, mention=True)
    await wire.discord.until(lambda: len(wire.discord.messages(wire.general)) == 4)
    await wire.nothing_went_wrong()
