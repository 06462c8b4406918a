from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.answering.answer import Turn
from bot.discord.store import Mode, Store
from tests.fakes import FakeAnswerer
from tests.scenarios.discord.journeys.reading import actions
from tests.unit.bot.discord.sample_answers import ANSWER, QUOTE, REFUSAL

QUESTION = "How high is the rate?"


async def test_a_mention_with_a_question_is_answered_in_reply(channel: Any, alice: Any, mention: str) -> None:
    asked = await alice.send(channel, f"{mention} {QUESTION}")
    reply = channel.last_message
    assert reply.content == f"{QUOTE} [1]"
    assert reply.reference.message_id == asked.id
    assert reply.mentions == []


async def test_what_is_not_addressed_to_the_bot_stays_unanswered(
    channel: Any, alice: Any, answerer: FakeAnswerer
) -> None:
    await alice.send(channel, QUESTION)
    assert len(channel.history()) == 1
    assert answerer.asked == []


async def test_a_reply_to_an_answer_follows_it_up(
    channel: Any, alice: Any, mention: str, answerer: FakeAnswerer
) -> None:
    await alice.send(channel, f"{mention} {QUESTION}")
    await alice.send(channel, "And in April?", reply_to=channel.last_message)
    assert answerer.asked[-1][0] == "And in April?"
    assert answerer.asked[-1][1] == (Turn("user", QUESTION), Turn("assistant", ANSWER.text))


async def test_a_chain_of_replies_is_one_conversation(
    channel: Any, alice: Any, mention: str, answerer: FakeAnswerer
) -> None:
    await alice.send(channel, f"{mention} {QUESTION}")
    await alice.send(channel, "And in April?", reply_to=channel.last_message)
    await alice.send(channel, "And in March?", reply_to=channel.last_message)
    assert [turn.text for turn in answerer.asked[-1][1] if turn.role == "user"] == [QUESTION, "And in April?"]


async def test_two_people_in_one_channel_share_no_conversation(
    channel: Any, alice: Any, bob: Any, mention: str, answerer: FakeAnswerer
) -> None:
    await alice.send(channel, f"{mention} {QUESTION}")
    await bob.send(channel, f"{mention} Who is the mayor?")
    assert answerer.asked[-1][1] == ()


async def test_a_reply_to_somebody_else_that_mentions_the_bot_is_asked_with_that_message(
    channel: Any, alice: Any, bob: Any, mention: str, answerer: FakeAnswerer
) -> None:
    said = await bob.send(channel, "I think the rate is 4 percent.")
    await alice.send(channel, f"{mention} Is that right?", reply_to=said)
    assert answerer.asked[-1][1] == (Turn("user", "I think the rate is 4 percent."),)


async def test_a_direct_message_needs_no_mention_and_goes_on(
    simcord_env: Any, guild: Any, alice: Any, answerer: FakeAnswerer
) -> None:
    await alice.send_dm(QUESTION)
    await alice.send_dm("And in April?")
    assert [asked[0] for asked in answerer.asked] == [QUESTION, "And in April?"]
    assert answerer.asked[-1][1] == (Turn("user", QUESTION), Turn("assistant", ANSWER.text))


async def test_a_mention_without_a_question_gets_the_help(channel: Any, alice: Any, mention: str) -> None:
    await alice.send(channel, mention)
    assert "I answer questions" in channel.last_message.content


async def test_a_silent_channel_stays_silent_but_for_commands(
    channel: Any, guild: Any, alice: Any, mention: str, store: Store
) -> None:
    store.set_mode(guild.id, channel.id, Mode.OFF)
    await alice.send(channel, f"{mention} {QUESTION}")
    assert len(channel.history()) == 1
    assert (await alice.slash(channel, "ask", question=QUESTION)).response.content.endswith("[1]")


async def test_where_every_question_is_answered_other_talk_is_not(
    channel: Any, guild: Any, alice: Any, store: Store
) -> None:
    store.set_mode(guild.id, channel.id, Mode.EVERY)
    await alice.send(channel, "The rate is high.")
    assert len(channel.history()) == 1
    await alice.send(channel, QUESTION)
    assert channel.last_message.content == f"{QUOTE} [1]"


async def test_where_every_question_is_answered_nobody_is_told_what_the_documents_do_not_say(
    channel: Any, guild: Any, alice: Any, store: Store, answerer: FakeAnswerer
) -> None:
    store.set_mode(guild.id, channel.id, Mode.EVERY)
    answerer.says = REFUSAL
    await alice.send(channel, "Who is the mayor?")
    assert answerer.asked
    assert len(channel.history()) == 1


async def test_another_bot_is_never_answered(
    simcord_env: Any, guild: Any, channel: Any, mention: str, answerer: FakeAnswerer
) -> None:
    robot = guild.add_member(simcord_env.create_user("robot", bot=True))
    await robot.send(channel, f"{mention} {QUESTION}")
    assert answerer.asked == []


async def test_answer_this_answers_a_message_to_whoever_pointed_at_it_alone(
    channel: Any, alice: Any, bob: Any, answerer: FakeAnswerer
) -> None:
    message = await bob.send(channel, QUESTION)
    result = await alice.context_menu(channel, "Answer this", message)
    assert result.ephemeral and QUOTE in result.response.content
    assert answerer.asked[-1][0] == QUESTION


async def test_find_sources_searches_for_what_a_message_says(channel: Any, alice: Any, bob: Any) -> None:
    message = await bob.send(channel, "The rate rose in May.")
    result = await alice.context_menu(channel, "Find sources", message)
    assert result.ephemeral
    assert [embed.title for embed in result.response.embeds] == ["1. The report", "2. The report", "3. The report"]
    assert actions(result.response) == ["search"] * 3


async def test_a_question_is_answered_even_where_the_typing_sign_fails(
    simcord_env: Any, channel: Any, alice: Any, mention: str, answerer: FakeAnswerer
) -> None:
    simcord_env.inject_error("POST", "/channels/*/typing", status=403, code=50013, times=None)
    await alice.send(channel, f"{mention} {QUESTION}")
    assert channel.last_message.content == f"{QUOTE} [1]"


async def test_a_forbidden_channel_is_no_crash(
    simcord_env: Any, guild: Any, alice: Any, mention: str, caplog: Any
) -> None:
    channel = guild.create_text_channel("quiet")
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await alice.send(channel, f"{mention} {QUESTION}")
    assert "a reply could not be shown" in caplog.text


async def test_a_conversation_survives_the_loss_of_the_store(
    channel: Any, alice: Any, mention: str, answerer: FakeAnswerer, store: Store
) -> None:
    await alice.send(channel, f"{mention} {QUESTION}")
    store._write("DELETE FROM answers", ())
    await alice.send(channel, "And in April?", reply_to=channel.last_message)
    assert answerer.asked[-1][1] == (Turn("user", QUESTION), Turn("assistant", ANSWER.text))


async def test_a_thread_continues_its_authors_last_exchange(
    simcord_env: Any, guild: Any, channel: Any, alice: Any, bob: Any, mention: str, answerer: FakeAnswerer
) -> None:
    real: Any = simcord_env.bot.get_channel(channel.id)
    made = await real.create_thread(name="Rates", type=discord.ChannelType.public_thread)
    thread = next(thread for thread in channel.threads if thread.id == made.id)
    await alice.send(thread, f"{mention} {QUESTION}")
    answerer.says = replace(ANSWER, statements=())
    await bob.send(thread, f"{mention} Who is the mayor?")
    await alice.send(thread, f"{mention} And in April?")
    assert [conversation for _, conversation, _ in answerer.asked] == [
        (),
        (),
        (Turn("user", QUESTION), Turn("assistant", ANSWER.text)),
    ]


async def test_who_floods_a_channel_is_told_so_once(
    channel: Any, alice: Any, mention: str, answerer: FakeAnswerer
) -> None:
    for number in range(12):
        await alice.send(channel, f"{mention} How high is rate {number}?")
    told = [message for message in channel.history() if "Please ask again in" in message.content]
    assert len(told) == 1
    assert len(answerer.asked) == 5


async def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(
    channel: Any, alice: Any, mention: str, store: Store, caplog: Any
) -> None:
    store._write("DROP TABLE answers", ())
    await alice.send(channel, f"{mention} {QUESTION}")
    assert channel.last_message.content == f"{QUOTE} [1]"
    assert "an answer could not be kept" in caplog.text
