"""What a server and an operator decide, over the wire: who may ask, how the bot behaves there, what it keeps."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.discord.database import Database
from bot.discord.features.statistics import tell_of_the_week
from bot.discord.history import History
from bot.discord.store import EscalationTarget, Mode, Origin, Verdict
from bot.errors import Stopped
from index.report import RefreshReport
from tests.scenarios.discord.standin import Message, Standin
from tests.scenarios.discord.standin.world import SEND
from tests.scenarios.discord.wire import Wire, connected
from tests.unit.bot.discord.sample_answers import ANSWER, REFUSAL

QUESTION = "How high is the rate?"


# Who may ask.


async def test_in_a_server_that_is_not_named_nobody_is_answered(wire: Wire) -> None:
    other = wire.discord.guild("Other")
    await wire.restart(servers=frozenset({other.id}))
    refused = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert refused.ephemeral and "only the members of the servers" in refused.content
    wire.ada.says(QUESTION, wire.general, mention=True)
    await wire.discord.quiet()
    assert wire.answerer.asked == []
    elsewhere = wire.discord.channel("elsewhere", other)
    await wire.discord.quiet()
    assert "4.6" in (await wire.ada.asks("ask", at=elsewhere, question=QUESTION)).content


async def test_a_strangers_user_install_is_not_answered_and_a_members_is(wire: Wire) -> None:
    foreign = wire.discord.channel("foreign", wire.discord.guild("Foreign", joined=False))
    stranger = wire.discord.user("stranger")
    assert "only the members" in (await stranger.asks("ask", at=foreign, question=QUESTION)).content
    assert "4.6" in (await wire.ada.asks("ask", at=foreign, question=QUESTION)).content
    stranger.says(QUESTION)
    await wire.discord.quiet()
    assert len(wire.answerer.asked) == 1


# /settings.


async def settings(wire: Wire) -> Message:
    return await wire.grace.asks("settings", at=wire.general)


def shown(message: Message, wire: Wire) -> dict[str, str]:
    now = wire.discord.world.messages[message.id]
    return {field["name"]: field["value"] for field in now.embeds[0]["fields"]}


async def test_all_that_a_server_can_set_is_shown_and_changed_in_one_message(wire: Wire) -> None:
    page = await settings(wire)
    helpers = wire.discord.role("Helpers", wire.guild)
    ask_us = wire.discord.channel("ask-us", wire.guild)
    await wire.discord.quiet()
    await wire.grace.reply(await wire.grace.selects_in(page, "When I speak up in this channel", "off"))
    await wire.grace.reply(await wire.grace.picks(page, "A channel to post questions in", ask_us))
    await wire.grace.reply(await wire.grace.picks(page, "A role to call", helpers))
    await wire.grace.reply(await wire.grace.picks(page, "A role that may refresh", helpers))
    await wire.grace.reply(await wire.grace.presses(page, "More settings"))
    await wire.grace.reply(await wire.grace.selects_in(page, "Language", "de"))
    await wire.discord.quiet()
    await wire.grace.reply(await wire.grace.selects_in(page, "How long questions are kept", "30"))
    await wire.discord.quiet()
    now = shown(page, wire)
    assert now["This channel"] == f"<#{wire.general.id}>: never, but for commands"
    assert now["Whom to ask when the documents do not say"] == f"<#{ask_us.id}> <@&{helpers.id}>"
    assert now["Who may refresh"].endswith(f"<@&{helpers.id}>")
    assert now["Language"] == "Deutsch"
    assert now["How long questions are kept"] == "30 days"
    assert f"<@{wire.grace.id}> retention: 30" in now["Latest changes"]
    assert wire.store.mode(wire.general.id) is Mode.OFF
    assert wire.store.escalation_target(wire.guild.id) == EscalationTarget(ask_us.id, helpers.id)
    await wire.nothing_went_wrong()


async def test_a_channel_has_sources_of_its_own(wire: Wire) -> None:
    page = await settings(wire)
    opened = await wire.grace.presses(page, "Sources of this channel")
    await wire.grace.submits(opened, _0="Rates")
    await wire.discord.until(lambda: "docs.example/rates" in shown(page, wire)["Sources of this channel"])
    wire.ada.says(QUESTION, wire.general, mention=True)
    await wire.asked()
    other = wire.discord.channel("other", wire.guild)
    await wire.discord.quiet()
    await wire.ada.asks("ask", at=other, question=QUESTION)
    assert [where.source for _, _, where in wire.answerer.asked] == ["https://docs.example/rates", None]
    await wire.nothing_went_wrong()


async def test_a_setting_that_cannot_work_is_refused_and_nothing_is_changed(wire: Wire) -> None:
    closed = wire.discord.channel("closed", wire.guild, denied=SEND)
    await wire.discord.quiet()
    page = await settings(wire)
    refused = await wire.grace.picks(page, "A channel to post questions in", closed)
    assert "I may not speak" in (await wire.grace.final(refused)).content
    assert wire.store.escalation_target(wire.guild.id) == EscalationTarget()


async def test_the_settings_are_hidden_from_those_who_do_not_manage_the_server(wire: Wire) -> None:
    for command in ("settings", "stats"):
        with pytest.raises(LookupError):
            await wire.ada.slash(command, at=wire.general)


# What is kept.


async def test_people_see_and_delete_what_is_kept_of_them(wire: Wire) -> None:
    await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    await wire.grace.asks("ask", at=wire.general, question="Who is the mayor?")
    kept = await wire.ada.asks("privacy", at=wire.general)
    assert kept.ephemeral and "**1 question**" in kept.content and QUESTION in kept.content
    assert "mayor" not in kept.content and "90 days" in kept.content
    await wire.ada.presses(kept, "Delete them all")
    await wire.discord.until(lambda: "1 question of yours is deleted" in wire.discord.world.messages[kept.id].content)
    assert "no question of yours" in (await wire.ada.asks("privacy", at=wire.general)).content
    assert [answer.question for answer in wire.store.latest()] == ["Who is the mayor?"]


async def test_what_belongs_to_a_server_goes_when_the_bot_is_removed_from_it(wire: Wire) -> None:
    await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    wire.store.set_mode(wire.guild.id, wire.general.id, Mode.OFF)
    removed = asyncio.Event()
    wire.clients[-1].history = Noticing(wire.store.database, removed)
    wire.discord.leave(wire.guild)
    await asyncio.wait_for(removed.wait(), 10)
    assert wire.store.latest() == ()
    assert wire.store.mode(wire.general.id) is Mode.MENTION


class Noticing(History):
    """A history that says when a server has been forgotten."""

    def __init__(self, database: Database, forgotten: asyncio.Event) -> None:
        super().__init__(database)
        self._loop, self._forgotten = asyncio.get_running_loop(), forgotten

    def forget_server(self, guild: int) -> int:
        number = super().forget_server(guild)
        self._loop.call_soon_threadsafe(self._forgotten.set)
        return number


# /stats.


async def test_the_statistics_are_numbers_and_a_picture(wire: Wire) -> None:
    here = Origin(asker=1, guild=wire.guild.id)
    wire.store.save_answer("a1", here, REFUSAL)
    wire.store.save_answer("a2", here, ANSWER)
    wire.store.judge("a2", 1, Verdict.GOOD)
    told = await wire.grace.asks("stats", at=wire.general)
    said = {field["name"]: field["value"] for field in told.embeds[0]["fields"]}
    assert (said["Questions"], said["Answered"], said["Not answered"]) == ("2", "1 (50%)", "1 (50%)")
    assert said["Verdicts"] == "👍 1 · 👎 0"
    assert said["Most cited"] == "1 × The report"
    (picture,) = told.attachments
    assert picture.data.startswith(b"\x89PNG") and picture.description
    await wire.nothing_went_wrong()


async def test_a_server_that_wants_it_is_told_of_the_week_once(wire: Wire) -> None:
    wire.store.save_answer("a1", Origin(asker=1, guild=wire.guild.id), ANSWER)
    client = wire.clients[-1]
    about = (client, client.servers, client.history, client.store, wire.library)
    await tell_of_the_week(*about)
    assert wire.discord.messages(wire.general) == []
    client.servers.set_digest_channel(wire.guild.id, wire.general.id)
    await tell_of_the_week(*about)
    await tell_of_the_week(*about)
    (told,) = wire.discord.messages(wire.general)
    assert told.embeds[0]["title"] == "The last 12 weeks"


async def test_old_questions_are_forgotten(wire: Wire) -> None:
    wire.store.save_answer("a1", Origin(asker=1, guild=wire.guild.id), ANSWER)
    client = wire.clients[-1]
    assert client.history.forget_before(datetime.now(UTC) - timedelta(days=1)) == 0
    assert client.history.forget_before(datetime.now(UTC) + timedelta(days=1), wire.guild.id) == 1
    assert wire.store.latest() == ()


# Threads, files, edits.


async def test_a_thread_is_opened_below_the_answer_and_goes_on_without_a_mention(tmp_path: Path) -> None:
    async with connected(Standin(), tmp_path, message_content=True) as wire:
        answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION, thread=True)
        await wire.discord.until(lambda: answer.id in wire.discord.world.channels)
        thread = wire.discord.world.channels[answer.id]
        assert thread.name == QUESTION
        await wire.discord.quiet()
        wire.ada.says("nice one", thread)
        wire.ada.says("And in April?", thread)
        await wire.reply_number(1, thread)
        assert wire.answerer.questions == [QUESTION, "And in April?"]
        assert wire.answerer.conversations[-1][0].text == QUESTION
        await wire.nothing_went_wrong()


async def test_where_no_thread_can_be_opened_the_asker_is_told(wire: Wire) -> None:
    wire.general.denied = 1 << 35
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION, thread=True)
    await wire.discord.until(lambda: len(used.replies) == 2)
    assert "cannot open a thread" in used.replies[1].content and used.replies[1].ephemeral


async def test_a_file_that_is_sent_to_the_bot_is_explained(wire: Wire) -> None:
    wire.ada.says("", wire.general, mention=True, files=("report.pdf",))
    assert "cannot answer from a file" in (await wire.reply_number(1, wire.general)).content
    assert wire.answerer.asked == []


async def test_a_mention_that_is_put_right_has_its_answer_put_right(wire: Wire) -> None:
    said = wire.ada.says("How high is the raet?", wire.general, mention=True)
    first = await wire.reply_number(1, wire.general)
    await wire.discord.quiet()
    wire.ada.edits(said, "When does the harbour open?")
    await wire.discord.until(lambda: "six" in wire.discord.world.messages[first.id].content)
    assert len(wire.discord.messages(wire.general)) == 1
    await wire.nothing_went_wrong()


async def test_a_refresh_can_be_stopped_by_who_asked_for_it(wire: Wire) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def waits(_: bool) -> RefreshReport:
        begun.set()
        go_on.wait(10)
        raise Stopped

    wire.library.refreshing = waits
    used = await wire.grace.slash("refresh", at=wire.general)
    working = await wire.grace.reply(used)
    await wire.discord.until(lambda: wire.discord.world.messages[working.id].buttons)
    await wire.grace.presses(working, "Stop")
    await wire.discord.until(lambda: "Stopped" in wire.discord.world.messages[working.id].text)
    go_on.set()
    assert wire.library.number == 4


async def test_small_talk_in_reply_to_the_bot_is_no_follow_up_and_is_not_kept(wire: Wire) -> None:
    wire.ada.says(QUESTION, wire.general, mention=True)
    answer = await wire.reply_number(1, wire.general)
    for number, said in enumerate(("lol really???", "Danke!", "谢谢！"), start=2):
        wire.ada.says(said, reply_to=answer)
        assert "/help" in (await wire.reply_number(number, wire.general)).content
    assert wire.answerer.questions == [QUESTION]
    assert wire.store.gaps(wire.guild.id) == ()
