"""Messages, over the wire: which are answered, where, and how a conversation goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.answer import Turn
from bot.discord.store import Mode
from bot.discord.work.limits import Limits, Queue
from tests.scenarios.discord.standin import Message, Route, Slow, Standin, Status
from tests.scenarios.discord.standin.world import EMBED_LINKS, FORUM, READ_HISTORY, SEND
from tests.scenarios.discord.wire import Wire, connected

QUESTION = "How high is the rate?"
QUOTE = "The rate rose to 4.6 percent in May."


@pytest.fixture
async def reading(tmp_path: Path) -> AsyncIterator[Wire]:
    """Give a bot that may read messages that do not mention it."""
    async with connected(Standin(), tmp_path, message_content=True) as wire:
        yield wire


def said_before(wire: Wire, *questions: str) -> tuple[Turn, ...]:
    return tuple(
        turn for each in questions for turn in (Turn("user", each), Turn("assistant", wire.quoting(each).text))
    )


async def replies(wire: Wire, *answers_to: str) -> Message:
    """Let ada mention the bot with the first question and reply to its answers with the others; return the last."""
    first, *more = answers_to
    wire.ada.says(first, wire.general, mention=True)
    reply = await wire.reply_number(1, wire.general)
    for number, question in enumerate(more, start=2):
        wire.ada.says(question, reply_to=reply)
        reply = await wire.reply_number(number, wire.general)
    return reply


async def test_a_mention_with_a_question_is_answered_in_reply(wire: Wire) -> None:
    said = wire.ada.says(QUESTION, wire.general, mention=True)
    reply = await wire.one_reply_in(wire.general)
    assert reply.content == f"{QUOTE} [1]"
    assert reply.reply_to == said.id
    assert not reply.mentions


async def test_a_chain_of_replies_is_one_conversation(wire: Wire) -> None:
    await replies(wire, QUESTION, "And in April?", "And in March?")
    assert wire.answerer.asked[1][:2] == ("And in April?", said_before(wire, QUESTION))
    assert wire.answerer.asked[2][:2] == ("And in March?", said_before(wire, QUESTION, "And in April?"))


async def test_a_reply_to_somebody_else_that_mentions_the_bot_is_asked_with_that_message(reading: Wire) -> None:
    said = reading.grace.says("I think the rate is 4 percent.", reading.general)
    reading.ada.says("Is that right?", mention=True, reply_to=said)
    await reading.reply_number(1, reading.general)
    assert reading.answerer.conversations == [(Turn("user", "I think the rate is 4 percent."),)]


async def test_a_direct_message_needs_no_mention_and_goes_on(wire: Wire) -> None:
    wire.ada.says(QUESTION)
    await wire.reply_number(1, wire.ada.dm)
    wire.ada.says("And in April?")
    await wire.reply_number(2, wire.ada.dm)
    assert wire.answerer.questions == [QUESTION, "And in April?"]
    assert wire.answerer.conversations[-1] == said_before(wire, QUESTION)


async def test_a_mention_without_a_question_gets_the_help(wire: Wire) -> None:
    wire.ada.says("", wire.general, mention=True)
    assert "I answer questions" in (await wire.reply_number(1, wire.general)).content


async def test_a_silent_channel_stays_silent_but_for_commands(wire: Wire) -> None:
    wire.store.set_mode(wire.guild.id, wire.general.id, Mode.OFF)
    wire.ada.says(QUESTION, wire.general, mention=True)
    await wire.discord.quiet()
    assert wire.discord.messages(wire.general) == []
    assert (await wire.ada.asks("ask", at=wire.general, question=QUESTION)).content.endswith("[1]")


async def test_where_every_question_is_answered_other_talk_is_not(reading: Wire) -> None:
    reading.store.set_mode(reading.guild.id, reading.general.id, Mode.EVERY)
    reading.ada.says("The rate is high.", reading.general)
    said = reading.ada.says(QUESTION, reading.general)
    reply = await reading.one_reply_in(reading.general)
    assert (reply.content, reply.reply_to) == (f"{QUOTE} [1]", said.id)


async def test_where_every_question_is_answered_nobody_is_told_what_the_documents_do_not_say(reading: Wire) -> None:
    reading.store.set_mode(reading.guild.id, reading.general.id, Mode.EVERY)
    reading.ada.says("Who is the mayor?", reading.general)
    await reading.asked()
    await reading.discord.quiet()
    assert reading.discord.messages(reading.general) == []


async def test_what_stays_unanswered_where_nobody_asked_is_not_kept(reading: Wire) -> None:
    reading.store.set_mode(reading.guild.id, reading.general.id, Mode.EVERY)
    for said in ("Who is the mayor?", "lol really???", "What's up?"):
        reading.ada.says(said, reading.general)
    await reading.asked()
    await reading.discord.quiet()
    assert reading.answerer.questions == ["Who is the mayor?"]
    assert reading.discord.messages(reading.general) == []
    assert reading.store.gaps(reading.guild.id) == ()


async def test_a_post_that_asks_nothing_is_left_alone(reading: Wire) -> None:
    forum = reading.discord.channel("help", reading.guild, kind=FORUM)
    reading.store.set_mode(reading.guild.id, forum.id, Mode.FORUM)
    selling = reading.ada.posts("Selling my bike", "Blue, hardly used.", forum)
    asking = reading.ada.posts("The rate", "How high is the rate", forum)
    await reading.reply_number(1, asking)
    await reading.discord.quiet()
    assert reading.discord.messages(selling) == []


async def test_another_bot_is_never_answered(wire: Wire) -> None:
    robot = wire.discord.robot("robot").joins(wire.guild)
    robot.says(QUESTION, wire.general, mention=True)
    await wire.discord.quiet()
    assert wire.answerer.asked == []


async def test_answer_this_answers_a_message_to_whoever_pointed_at_it_alone(wire: Wire) -> None:
    said = wire.ada.says(QUESTION, wire.general)
    answer = await wire.grace.final(await wire.grace.menu("Answer this", said))
    assert answer.only_for == wire.grace.id and QUOTE in answer.content
    assert wire.answerer.questions == [QUESTION]


async def test_a_question_is_answered_even_where_the_typing_sign_fails(wire: Wire) -> None:
    wire.discord.fail(Route.TYPING, Status(403, body={"message": "Missing Permissions", "code": 50013}), times=50)
    wire.ada.says(QUESTION, wire.general, mention=True)
    assert (await wire.one_reply_in(wire.general)).content == f"{QUOTE} [1]"


@pytest.mark.parametrize("lacks", [EMBED_LINKS, READ_HISTORY, EMBED_LINKS | READ_HISTORY])
async def test_where_embeds_or_references_are_not_allowed_the_answer_is_mere_text(wire: Wire, lacks: int) -> None:
    wire.general.denied = lacks
    wire.ada.says(QUESTION, wire.general, mention=True)
    reply = await wire.one_reply_in(wire.general)
    assert f"{QUOTE} [1]" in reply.content and "**Sources**" in reply.content
    assert not reply.embeds and reply.reply_to is None
    assert "1" in [button.label for button in reply.buttons]


async def test_where_nothing_may_be_sent_the_asker_gets_the_answer_alone_and_sees_a_sign_of_it(wire: Wire) -> None:
    wire.general.denied = SEND
    said = wire.ada.says(QUESTION, wire.general, mention=True)
    reply = await wire.reply_number(1, wire.ada.dm)
    assert QUOTE in reply.content
    assert wire.discord.world.messages[said.id].reactions == ("✉️",)


async def test_a_forbidden_channel_is_no_crash(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    wire.discord.fail(Route.SEND, Status(403, body={"message": "Missing Permissions", "code": 50013}), times=50)
    wire.ada.says(QUESTION, wire.general, mention=True)
    await wire.discord.until(lambda: wire.discord.requested(Route.SEND))
    await wire.discord.quiet()
    assert "a reply could not be shown" in caplog.text


async def test_a_conversation_survives_the_loss_of_the_store(wire: Wire) -> None:
    first = await replies(wire, QUESTION)
    wire.store._write("DELETE FROM answers", ())
    wire.ada.says("And in April?", reply_to=first)
    await wire.reply_number(2, wire.general)
    assert wire.answerer.conversations[-1] == said_before(wire, QUESTION)


async def test_a_thread_continues_its_authors_last_exchange(wire: Wire) -> None:
    thread = wire.ada.opens_thread("Rates", wire.ada.says("Let us talk", wire.general))
    for number, (person, question) in enumerate(
        [(wire.ada, QUESTION), (wire.grace, "Who is the mayor?"), (wire.ada, "And in April?")], start=1
    ):
        person.says(question, thread, mention=True)
        await wire.reply_number(number, thread)
    assert wire.answerer.conversations == [(), (), said_before(wire, QUESTION)]


async def test_of_many_mentions_at_once_each_gets_one_message_and_no_stale_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.work.jobs._LONG", 0.0)
    limits = Limits(queue=Queue(places=1, length=100, patience=0.0))
    async with connected(Standin(), tmp_path, limits=limits) as wire:
        wire.answerer.gate.clear()
        wire.discord.fail(Route.SEND, Slow(0.3), times=8)
        people = [wire.discord.user(f"person{number}").joins(wire.guild) for number in range(8)]
        said = [person.says(QUESTION, wire.general, mention=True) for person in people]
        await wire.discord.until(lambda: len(wire.discord.messages(wire.general)) >= len(said))
        wire.answerer.gate.set()
        await wire.discord.until(lambda: all("[1]" in each.text for each in wire.discord.messages(wire.general)))
        await wire.discord.quiet()
        replies = wire.discord.messages(wire.general)
        assert sorted(each.reply_to or 0 for each in replies) == sorted(each.id for each in said)
        assert {each.content for each in replies} == {f"{QUOTE} [1]"}


async def test_of_a_crowd_that_asks_at_once_everybody_is_answered_within_the_limits_as_shipped(wire: Wire) -> None:
    people = [wire.discord.user(f"person{number}").joins(wire.guild) for number in range(50)]
    used = [await person.slash("ask", at=wire.general, question=QUESTION) for person in people]
    for person, each in zip(people, used, strict=True):
        assert QUOTE in (await person.final(each, within=60)).content
    await wire.nothing_went_wrong()


async def test_who_floods_a_channel_is_told_so_once(wire: Wire) -> None:
    for number in range(12):
        wire.ada.says(f"How high is rate {number}?", wire.general, mention=True)
    await wire.discord.until(lambda: len(wire.discord.messages(wire.general)) == 6)
    await wire.discord.quiet()
    told = [each for each in wire.discord.messages(wire.general) if "Please ask again in" in each.content]
    assert len(told) == 1
    assert len(wire.answerer.asked) == 5


async def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.store._write("DROP TABLE answers", ())
    wire.ada.says(QUESTION, wire.general, mention=True)
    assert (await wire.one_reply_in(wire.general)).content == f"{QUOTE} [1]"
    assert "an answer could not be kept" in caplog.text
