"""The connection to Discord breaks and comes back while people ask."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.discord.standin import Standin
from tests.scenarios.discord.wire import Wire, connected


async def test_a_question_in_flight_survives_a_drop(wire: Wire) -> None:
    wire.answerer.gate.clear()
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    await wire.asked()
    wire.discord.gateway.drop()
    wire.answerer.gate.set()
    reply = await wire.ada.final(used)
    assert "4.6 percent" in reply.text
    await wire.discord.until(lambda: wire.discord.gateway.resumes)
    assert wire.discord.gateway.resumes[0].accepted
    assert len(wire.discord.gateway.identifies) == 1
    assert wire.answerer.questions == ["How high is the rate?"]


async def test_what_was_asked_while_the_line_was_down_is_answered_once(wire: Wire) -> None:
    wire.discord.gateway.drop()
    used = await wire.ada.slash("ask", at=wire.general, question="How high is the rate?")
    wire.ada.says("How high is the rate now?", wire.general, mention=True)
    await wire.ada.final(used)
    await wire.discord.until(lambda: len(wire.discord.messages(wire.general)) == 2)
    assert len(wire.answerer.asked) == 2
    await wire.nothing_went_wrong()


async def test_a_request_to_reconnect_is_followed(wire: Wire) -> None:
    wire.discord.gateway.ask_to_reconnect()
    await wire.discord.until(lambda: wire.discord.gateway.resumes)
    assert "4.6" in (await wire.ada.asks("ask", at=wire.general, question="How high is the rate?")).text


async def test_an_invalid_session_is_replaced(wire: Wire) -> None:
    wire.discord.gateway.invalidate()
    await wire.discord.until(lambda: len(wire.discord.gateway.identifies) == 2, within=20)
    assert "4.6" in (await wire.ada.asks("ask", at=wire.general, question="How high is the rate?")).text
    assert len(wire.discord.syncs) == 1
    shown = len(wire.discord.gateway.presences)
    await wire.discord.until(
        lambda: len(wire.discord.gateway.presences) > shown, what="the presence of the new session"
    )


async def test_two_shards_serve_their_guilds(tmp_path: Path) -> None:
    standin = Standin(shards=2)
    guilds = [standin.guild(f"Guild {number}") for number in range(4)]
    async with connected(standin, tmp_path) as wire:
        await standin.until(lambda: len(standin.gateway.identifies) == 2, within=20)
        assert {guild.id >> 22 & 1 for guild in guilds} <= {0, 1}
        for guild in guilds:
            bob = standin.user("bob").joins(guild)
            place = standin.channel("general", guild)
            assert "4.6" in (await bob.asks("ask", at=place, question="How high is the rate?")).text
        wire.ada.says("How high is the rate?")
        assert "4.6" in (await wire.reply_number(1, wire.ada.dm)).text
        await standin.until(lambda: len(standin.gateway.presences) >= 2, what="a presence for each shard")


async def test_the_presence_says_how_much_is_indexed_and_is_renewed(wire: Wire) -> None:
    await wire.discord.until(lambda: any("2 documents" in each.text for each in wire.discord.gateway.presences))


async def test_guilds_do_not_hear_of_each_other(wire: Wire) -> None:
    other = wire.discord.guild("Other", joined=False)
    elsewhere = wire.discord.channel("general", other)
    wire.discord.join(other)
    bob = wire.discord.user("bob").joins(other)
    admin = wire.discord.user("root").joins(other, wire.discord.admins(other))
    await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    reply = await admin.asks("gaps", at=elsewhere)
    assert "mayor" not in reply.text
    assert "4.6" in (await bob.asks("ask", at=elsewhere, question="How high is the rate?")).text
    gaps = await wire.grace.asks("gaps", at=wire.general)
    assert "mayor" in gaps.text


async def test_where_only_a_user_installed_it_commands_work(wire: Wire) -> None:
    foreign = wire.discord.guild("Foreign", joined=False)
    hall = wire.discord.channel("hall", foreign)
    wire.ada.joins(foreign)
    used = await wire.ada.slash("ask", at=hall, question="How high is the rate?")
    assert "4.6" in (await wire.ada.final(used)).text
    opened = await wire.ada.presses(used.replies[0], "1")
    assert "percent" in (await wire.ada.final(opened)).text
    await wire.nothing_went_wrong()
