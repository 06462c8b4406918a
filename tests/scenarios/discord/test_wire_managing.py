"""What those who manage a server can do, over the wire: refresh, set up channels, read the gaps and the costs."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace

import pytest

from bot.answering.answer import ModelUsage, Note, NoteKind
from bot.discord.logs import Lines
from bot.discord.store import EscalationTarget, Mode, Origin, Verdict
from index.errors import CorpusShrunk, WriterBusy
from index.report import RefreshReport
from tests.scenarios.discord.standin.world import SEND, VIEW
from tests.scenarios.discord.wire import Wire
from tests.unit.bot.discord.sample_answers import ANSWER, REFUSAL


async def test_a_manager_refreshes_the_index_and_sees_what_changed(wire: Wire) -> None:
    report = await wire.grace.asks("refresh", at=wire.general)
    assert wire.library.refreshes == [False]
    assert report.embeds[0]["title"] == "The index is refreshed"
    field = report.embeds[0]["fields"][0]
    assert (field["name"], field["value"]) == ("Added 1", "- new.md")


async def test_nobody_else_can_refresh_or_read_the_gaps(wire: Wire) -> None:
    for command in ("refresh", "gaps"):
        with pytest.raises(LookupError):
            await wire.ada.slash(command, at=wire.general)


async def test_a_refresh_that_would_drop_most_documents_asks_first(wire: Wire) -> None:
    def shrinks(allowed: bool) -> RefreshReport:
        if not allowed:
            raise CorpusShrunk("7 of 9 documents are gone from /srv: say --yes if they are meant to go", 7, 9)
        return RefreshReport(5, (), (), ("a.md",), 2, (), 9, 0, 0.5)

    wire.library.refreshing = shrinks
    question = await wire.grace.asks("refresh", at=wire.general)
    assert question.content == "7 of 9 documents would be dropped."
    refused = await wire.ada.final(await wire.ada.presses(question, "Refresh anyway"))
    assert refused.ephemeral and "Only people who manage" in refused.content
    assert wire.library.refreshes == [False]
    await wire.grace.reply(await wire.grace.presses(question, "Refresh anyway"))
    assert wire.library.refreshes == [False, True]


async def test_a_second_refresh_is_told_of_the_first(wire: Wire) -> None:
    def busy(_: bool) -> RefreshReport:
        raise WriterBusy("another refresh is under way")

    wire.library.refreshing = busy
    assert (await wire.grace.asks("refresh", at=wire.general)).content == "Another refresh is under way."


async def test_an_earlier_generation_is_put_into_use_again_from_the_status(wire: Wire) -> None:
    status = await wire.grace.asks("status", at=wire.general)
    said = {field["name"]: field["value"] for field in status.embeds[0]["fields"]}
    assert said["Generations that are kept"].splitlines()[0].startswith("4, made ")
    done = await wire.grace.reply(await wire.grace.presses(status, "Go back to 3"))
    assert done.content.startswith("Generation 5 brings back 3.")
    assert wire.library.number == 5


async def test_who_does_not_manage_sees_no_way_back(wire: Wire) -> None:
    assert not (await wire.ada.asks("status", at=wire.general)).buttons


async def test_a_generation_that_is_gone_by_now_is_owned_up_to(wire: Wire) -> None:
    status = await wire.grace.asks("status", at=wire.general)
    wire.library.number = 9
    gone = await wire.grace.reply(await wire.grace.presses(status, "Go back to 3"))
    assert gone.content == "That generation is not kept any more."
    assert wire.library.number == 9


async def test_those_who_manage_are_told_in_the_status_what_was_mended(wire: Wire) -> None:
    wire.store._database.mended = "answers.sqlite was damaged and set aside as x.damaged"
    used = await wire.grace.slash("status", at=wire.general)
    await wire.grace.final(used)
    await wire.discord.until(lambda: len(used.replies) == 2)
    assert "set aside as x" in used.replies[1].text
    used = await wire.ada.slash("status", at=wire.general)
    await wire.ada.final(used)
    assert "set aside" not in "".join(reply.text for reply in used.replies)


@pytest.mark.parametrize("trouble", ["out_of_touch", "words_alone"])
async def test_those_who_manage_are_told_in_the_status_what_the_index_lacks(wire: Wire, trouble: str) -> None:
    setattr(wire.library, trouble, "the bucket cannot be reached")
    used = await wire.grace.slash("status", at=wire.general)
    await wire.grace.final(used)
    await wire.discord.until(lambda: len(used.replies) == 2)
    assert "bucket cannot be reached" in used.replies[1].text


async def test_the_mode_of_a_channel_is_set_and_said(wire: Wire) -> None:
    told = await wire.grace.asks("channel mode", at=wire.general, mode="off")
    assert told.ephemeral and told.content.startswith(f"<#{wire.general.id}>: I am silent there")
    assert wire.store.mode(wire.general.id) is Mode.OFF


async def test_in_a_thread_the_mode_of_its_channel_is_set_and_said(wire: Wire) -> None:
    thread = wire.ada.opens_thread("Rates", wire.ada.says("Let us talk", wire.general))
    told = await wire.grace.asks("channel mode", at=thread, mode="off")
    assert told.content.startswith(f"<#{wire.general.id}>, the channel of this thread: ")
    assert wire.store.mode(wire.general.id) is Mode.OFF


async def test_a_mode_is_refused_where_it_cannot_work(wire: Wire) -> None:
    await wire.restart(message_content=True)
    told = await wire.grace.asks("channel mode", at=wire.general, mode="forum")
    assert "is no forum" in told.content
    hidden = wire.discord.channel("hidden", wire.guild, denied=VIEW)
    told = await wire.grace.asks("channel mode", at=wire.general, mode="every", channel=hidden)
    assert "I may not speak" in told.content and "view channel" in told.content
    assert wire.store.mode(wire.general.id) is wire.store.mode(hidden.id) is Mode.MENTION


async def test_the_modes_read_as_words(wire: Wire) -> None:
    (group,) = [each for each in wire.discord.commands.of(None) if each["name"] == "channel"]
    (mode,) = [each for each in group["options"] if each["name"] == "mode"]
    names = [choice["name"] for choice in mode["options"][0]["choices"]]
    assert names[:2] == ["never, but for commands", "whoever mentions me or replies to me"]


async def test_people_cannot_be_asked_where_the_bot_may_not_write(wire: Wire) -> None:
    closed = wire.discord.channel("closed", wire.guild, denied=SEND)
    told = await wire.grace.asks("channel humans", at=wire.general, channel=closed)
    assert "I may not speak" in told.content and "send messages" in told.content
    assert wire.store.escalation_target(wire.guild.id) == EscalationTarget()


async def test_what_was_asked_privately_is_in_no_gap(wire: Wire) -> None:
    await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?", private=True)
    assert "No gaps" in (await wire.grace.asks("gaps", at=wire.general)).content


async def test_who_refreshed_is_logged_with_the_place_and_the_command(wire: Wire) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logger = logging.getLogger("bot.discord.features.refreshing")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        await wire.grace.asks("refresh", at=wire.general)
    finally:
        logger.removeHandler(handler)
    line = json.loads(stream.getvalue())
    assert line["person"] == wire.grace.id
    assert (line["server"], line["channel"], line["command"]) == (wire.guild.id, wire.general.id, "refresh")


async def test_whom_to_ask_is_set(wire: Wire) -> None:
    await wire.grace.asks("channel humans", at=wire.general, channel=wire.general)
    assert wire.store.escalation_target(wire.guild.id) == EscalationTarget(channel=wire.general.id)
    await wire.grace.asks("channel humans", at=wire.general)
    assert wire.store.escalation_target(wire.guild.id) == EscalationTarget()


async def test_the_gaps_are_grouped_by_likeness_and_exported_for_evaluation(wire: Wire) -> None:
    here = Origin(asker=1, guild=wire.guild.id)
    wire.store.save_answer("a1", here, REFUSAL)
    wire.store.save_answer("a2", here, replace(REFUSAL, question="Who is the mayor now?"))
    wire.store.save_answer("a3", here, ANSWER)
    wire.store.judge("a3", 1, Verdict.OUT_OF_DATE)
    gaps = await wire.grace.asks("gaps", at=wire.general)
    assert gaps.only_for == wire.grace.id
    assert gaps.embeds[0]["description"].splitlines() == [
        "- **2×** Who is the mayor? · not found (2)",
        "- **1×** How high is the rate? · out of date",
    ]
    rows = [json.loads(line) for line in gaps.attachments[0].data.decode().splitlines()]
    assert [row["text"] for row in rows] == ["Who is the mayor?", "Who is the mayor now?", "How high is the rate?"]
    assert all({"answers", "answerable", "evidence"} <= row.keys() for row in rows)


async def test_without_gaps_there_is_nothing_to_complain_about(wire: Wire) -> None:
    assert "No gaps" in (await wire.grace.asks("gaps", at=wire.general)).content


async def test_the_status_says_which_chat_model_writes_what_it_costs_and_what_went_wrong(wire: Wire) -> None:
    await wire.restart(chat_model="openai:gpt-5-mini")
    timings = {"first_statement": 900.0, "total": 2100.0}
    wire.answerer.says = replace(ANSWER, usage=ModelUsage("openai:gpt-5-mini", 1200, 80), timings_ms=timings)
    await wire.ada.asks("ask", at=wire.general, question="How high is the rate?")
    wire.answerer.says = replace(
        ANSWER, timings_ms={}, notes=(Note(NoteKind.QUESTION_NOT_REWRITTEN, "cannot be reached"),)
    )
    await wire.ada.asks("ask", at=wire.general, question="And in April?")
    status = await wire.ada.asks("status", at=wire.general)
    said = {field["name"]: field["value"] for field in status.embeds[0]["fields"]}
    assert said["Chat model"] == "openai:gpt-5-mini"
    assert said["Latest answers, median"] == "first statement 900 ms · total 2,100 ms"
    assert said["Tokens of the latest answers"].startswith("read 1,200, median 1,200 · written 80, median 80")
    assert said["What the latest answers went without"] == "1 × the chat model cannot be reached"


async def test_a_mode_that_is_none_and_a_role_that_is_gone_are_said_so_in_one_line(wire: Wire) -> None:
    data, options = wire.grace._command("channel mode", 1, wire.general, {"mode": "off"}, complete=True)
    options[0]["value"] = "of"
    assert "none of the modes" in (await wire.grace.final(wire.grace._use(2, wire.general, data))).content
    role = wire.discord.role("Experts", wire.guild)
    data, options = wire.grace._command("channel humans", 1, wire.general, {"role": role}, complete=True)
    options[0]["value"] = "1"
    del data["resolved"]
    assert "no such role" in (await wire.grace.final(wire.grace._use(2, wire.general, data))).content
