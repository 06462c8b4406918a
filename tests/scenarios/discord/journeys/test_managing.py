from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.answering.answer import Note, NoteKind
from bot.discord.client import FootnoteClient
from bot.discord.desk import Desk
from bot.discord.store import Asked, Humans, Mode, Store, Verdict
from index.errors import CorpusShrunk, WriterBusy
from index.report import RefreshReport
from tests.unit.bot.discord.answers import ANSWER, REFUSAL, WRITTEN
from tests.unit.bot.discord.stand_ins import StandInAnswerer, StandInLibrary


async def test_a_manager_refreshes_the_index_and_sees_what_changed(
    channel: Any, manager: Any, library: StandInLibrary
) -> None:
    result = await manager.slash(channel, "refresh")
    assert library.refreshes == [False]
    (embed,) = result.response.embeds
    assert embed.title == "The index is refreshed"
    assert (embed.fields[0].name, embed.fields[0].value) == ("Added 1", "- new.md")


async def test_nobody_else_can_refresh(channel: Any, alice: Any) -> None:
    assert "refresh" not in alice.available_commands(channel)
    assert "gaps" not in alice.available_commands(channel)


async def test_a_refresh_that_would_drop_most_documents_asks_first(
    channel: Any, manager: Any, alice: Any, library: StandInLibrary
) -> None:
    def shrinks(allowed: bool) -> RefreshReport:
        if not allowed:
            raise CorpusShrunk("7 of 9 documents would be dropped")
        return RefreshReport(5, (), (), ("a.md",), 2, (), 9, 0, 0.5)

    library.refreshing = shrinks
    question = (await manager.slash(channel, "refresh")).response
    assert question.content == "7 of 9 documents would be dropped."
    refused = await alice.click(question, label="Refresh anyway")
    assert refused.ephemeral and "Only people who manage" in refused.response.content
    assert library.refreshes == [False]
    await manager.click(question, label="Refresh anyway")
    assert library.refreshes[-1] is True


async def test_a_second_refresh_is_told_of_the_first(channel: Any, manager: Any, library: StandInLibrary) -> None:
    def busy(_: bool) -> RefreshReport:
        raise WriterBusy("another refresh is under way")

    library.refreshing = busy
    assert (await manager.slash(channel, "refresh")).response.content == "Another refresh is under way."


async def test_the_mode_of_a_channel_is_set_and_said(channel: Any, manager: Any, store: Store) -> None:
    result = await manager.slash(channel, "channel mode", mode="off")
    assert result.ephemeral and "silent" in result.response.content
    assert store.mode(channel.id) is Mode.OFF


async def test_the_people_to_ask_are_set(channel: Any, guild: Any, manager: Any, store: Store) -> None:
    await manager.slash(channel, "channel humans", channel=channel)
    assert store.humans(guild.id) == Humans(channel=channel.id)
    await manager.slash(channel, "channel humans")
    assert store.humans(guild.id) == Humans()


async def test_the_gaps_are_grouped_by_likeness_and_exported_for_evaluation(
    channel: Any, guild: Any, manager: Any, store: Store
) -> None:
    here = Asked(asker=1, guild=guild.id)
    store.keep("a1", here, REFUSAL)
    store.keep("a2", here, replace(REFUSAL, question="Who is the mayor now?"))
    store.keep("a3", here, ANSWER)
    store.judge("a3", 1, Verdict.OUT_OF_DATE)
    result = await manager.slash(channel, "gaps")
    assert result.ephemeral
    assert result.response.embeds[0].description.splitlines() == [
        "- **2×** Who is the mayor? · not found (2)",
        "- **1×** How high is the rate? · out of date",
    ]
    rows = [json.loads(line) for line in (await result.response.attachments[0].read()).decode().splitlines()]
    assert [row["text"] for row in rows] == ["Who is the mayor?", "Who is the mayor now?", "How high is the rate?"]
    assert all({"answers", "answerable", "evidence"} <= row.keys() for row in rows)


async def test_without_gaps_there_is_nothing_to_complain_about(channel: Any, manager: Any) -> None:
    assert "No gaps" in (await manager.slash(channel, "gaps")).response.content


async def test_the_status_says_which_chat_model_writes_what_it_costs_and_what_went_wrong(
    simcord_env: Any, channel: Any, alice: Any, library: StandInLibrary, answerer: StandInAnswerer, store: Store
) -> None:
    desk = Desk(library, answerer, store, chat_model="openai:gpt-5-mini")
    await simcord_env.restart_bot(FootnoteClient(desk))
    timings = {"first_statement": 900.0, "total": 2100.0}
    answerer.says = replace(WRITTEN, timings_ms=timings)
    await alice.slash(channel, "ask", question="How high is the rate?")
    answerer.says = replace(ANSWER, timings_ms={}, notes=(Note(NoteKind.QUESTION_NOT_REWRITTEN, "cannot be reached"),))
    await alice.slash(channel, "ask", question="And in April?")
    (embed,) = (await alice.slash(channel, "status")).response.embeds
    said = {field.name: field.value for field in embed.fields}
    assert said["Chat model"] == "openai:gpt-5-mini"
    assert said["Latest answers, median"] == "first statement 900 ms · total 2,100 ms"
    assert said["Tokens of the latest answers"].startswith("read 1,200, median 1,200 · written 80, median 80")
    assert said["What the latest answers went without"] == "1 × the chat model cannot be reached"
