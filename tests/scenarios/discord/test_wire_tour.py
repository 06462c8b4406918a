"""Every command, button and form once over the wire: Discord refuses none of it, and nobody is pinged."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.answer import Answer
from tests.scenarios.discord.standin import FORUM, Reset, Route, Standin, Status
from tests.scenarios.discord.wire import Wire, connected

QUESTION = "How high is the rate?"


async def test_the_commands(wire: Wire) -> None:
    for name in ("help", "status", "sources"):
        assert (await wire.ada.asks(name, at=wire.general)).text
    assert "tide" in (await wire.ada.asks("search", at=wire.general, query="ships and the tide")).text
    assert "4.6" in (await wire.ada.asks("ask", at=wire.general, question=QUESTION, source="Rates")).text
    assert "new.md" in (await wire.grace.asks("refresh", at=wire.general)).text
    assert (await wire.grace.asks("gaps", at=wire.general)).ephemeral
    assert (await wire.grace.asks("channel mode", at=wire.general, mode="off")).text
    assert (await wire.grace.asks("channel humans", at=wire.general, channel=wire.general)).text
    await wire.nothing_went_wrong()


async def test_only_those_who_manage_the_server_are_offered_the_rest(wire: Wire) -> None:
    for name in ("gaps", "channel mode"):
        with pytest.raises(LookupError):
            await wire.ada.slash(name, at=wire.general, **({"mode": "off"} if " " in name else {}))


async def test_the_buttons_under_an_answer(wire: Wire) -> None:
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    bob = wire.discord.user("bob").joins(wire.guild)
    card = await bob.final(await bob.presses(answer, "1"))
    assert "**The rate rose to 4.6 percent in May.**" in card.text
    assert card.only_for == bob.id
    assert (await bob.final(await bob.presses(card, "Wrong source"))).only_for == bob.id
    assert (await bob.final(await bob.presses(answer, "👍"))).only_for == bob.id
    what = await bob.final(await bob.presses(answer, "👎"))
    chosen = await bob.selects(what, "out-of-date")
    await bob.reply(chosen)
    opened = await bob.presses(answer, "Ask a follow-up")
    followed = await bob.final(await bob.submits(opened, _0="And in April?"))
    assert followed.channel_id == wire.general.id
    assert wire.answerer.conversations[-1][0].text == QUESTION
    gaps = await wire.grace.asks("gaps", at=wire.general)
    assert QUESTION in gaps.text and gaps.attachments
    await wire.nothing_went_wrong()


async def test_a_private_answer_is_shared(wire: Wire) -> None:
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION, private=True)
    answer = await wire.ada.final(used)
    assert answer.ephemeral
    assert not wire.discord.messages(wire.general)
    shared = await wire.ada.presses(answer, "Share")
    await wire.ada.final(shared)
    assert any("4.6 percent" in each.text for each in wire.discord.messages(wire.general))
    await wire.nothing_went_wrong()


async def test_a_refusal_is_handed_to_people(wire: Wire) -> None:
    desk = wire.discord.channel("desk", wire.guild)
    await wire.grace.asks("channel humans", at=wire.general, channel=desk)
    refusal = await wire.ada.asks("ask", at=wire.general, question="Who is the mayor?")
    assert "Nearest, not an answer" in refusal.text
    await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    assert "Who is the mayor?" in wire.discord.messages(desk)[0].text
    again = await wire.ada.final(await wire.ada.presses(refusal, "Ask a human"))
    assert again.ephemeral
    assert len(wire.discord.messages(desk)) == 1


async def test_message_commands(wire: Wire) -> None:
    said = wire.ada.says(QUESTION, wire.general)
    used = await wire.grace.menu("Answer this", said)
    assert "4.6" in (await wire.grace.final(used)).text
    assert (await wire.grace.final(await wire.grace.menu("Find sources", said))).text
    await wire.nothing_went_wrong()


async def test_pages_are_turned_in_place(wire: Wire) -> None:
    for number in range(40):
        wire.library.says(f"Document {number} speaks of ships.", f"Ships {number}")
    first = await wire.ada.asks("sources", at=wire.general)
    turned = await wire.ada.presses(first, next(each.label for each in first.buttons if not each.disabled))
    second = await wire.ada.reply(turned)
    assert second.id == first.id
    assert second.text != first.text
    await wire.nothing_went_wrong()


async def test_a_long_answer_loses_nothing(wire: Wire) -> None:
    wire.quoting.repeats = 300
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION)
    await wire.ada.final(used)
    await wire.discord.until(lambda: any(each.attachments for each in used.replies))
    texts = [message.text for message in used.replies]
    assert len(texts) == 3
    assert used.replies[-1].attachments[0].data.decode().count("The rate rose") >= 300
    await wire.nothing_went_wrong()


async def test_stop_ends_what_takes_long(wire: Wire) -> None:
    wire.answerer.gate.clear()
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION)
    working = await wire.ada.reply(used, within=10)
    stopped = await wire.ada.presses(working, "Stop")
    await wire.ada.acknowledged(stopped)
    assert "stopped" in (await wire.ada.final(used)).text.lower()
    wire.answerer.gate.set()
    await wire.nothing_went_wrong()


async def test_replies_follow_up_and_two_people_do_not_share_a_conversation(wire: Wire) -> None:
    bob = wire.discord.user("bob").joins(wire.guild)
    wire.ada.says(QUESTION, wire.general, mention=True)
    first = await wire.reply_number(1, wire.general)
    bob.says("When does the harbour open?", wire.general, mention=True)
    await wire.reply_number(2, wire.general)
    wire.ada.says("And in April?", reply_to=first)
    await wire.reply_number(3, wire.general)
    turns = wire.answerer.conversations[-1]
    assert [turn.text for turn in turns if turn.role == "user"] == [QUESTION]
    assert wire.answerer.conversations[1] == ()
    await wire.nothing_went_wrong()


async def test_direct_messages_and_threads(wire: Wire) -> None:
    wire.ada.says(QUESTION)
    assert "4.6" in (await wire.reply_number(1, wire.ada.dm)).text
    wire.ada.says("And in April?")
    await wire.reply_number(2, wire.ada.dm)
    assert wire.answerer.conversations[-1][0].text == QUESTION
    thread = wire.ada.opens_thread("Rates", wire.ada.says("Let us talk", wire.general))
    wire.ada.says(QUESTION, thread, mention=True)
    assert "4.6" in (await wire.reply_number(1, thread)).text
    await wire.nothing_went_wrong()


async def test_silent_where_nobody_asked(wire: Wire) -> None:
    wire.ada.says(QUESTION, wire.general)
    wire.ada.says("hello @everyone", wire.general)
    await wire.grace.asks("channel mode", at=wire.general, mode="off")
    wire.ada.says(QUESTION, wire.general, mention=True)
    await wire.discord.quiet()
    assert not [each for each in wire.discord.messages(wire.general) if each.reply_to]
    assert not wire.answerer.asked


async def test_a_forum_post_is_answered_once(tmp_path: Path) -> None:
    async with connected(Standin(), tmp_path, message_content=True) as wire:
        forum = wire.discord.channel("help", wire.guild, kind=FORUM)
        await wire.grace.asks("channel mode", at=wire.general, mode="forum", channel=forum)
        post = wire.ada.posts("The rate", QUESTION, forum)
        assert "4.6" in (await wire.reply_number(1, post)).text
        wire.ada.says("Thanks. And in April?", post)
        await wire.discord.quiet()
        assert len(wire.discord.messages(post)) == 1
        await wire.nothing_went_wrong()


async def test_every_question_of_a_channel_is_answered_where_the_documents_can(tmp_path: Path) -> None:
    async with connected(Standin(), tmp_path, message_content=True) as wire:
        await wire.grace.asks("channel mode", at=wire.general, mode="every")
        wire.ada.says("Good morning", wire.general)
        wire.ada.says("Who is the mayor?", wire.general)
        said = wire.ada.says(QUESTION, wire.general)
        await wire.discord.until(lambda: wire.discord.messages(wire.general))
        await wire.discord.quiet()
        assert [each.reply_to for each in wire.discord.messages(wire.general)] == [said.id]
        assert wire.answerer.questions == ["Who is the mayor?", QUESTION]
        await wire.nothing_went_wrong()


async def test_a_mode_that_needs_more_than_the_bot_may_read_says_so(wire: Wire) -> None:
    told = await wire.grace.asks("channel mode", at=wire.general, mode="every")
    assert "FOOTNOTE_DISCORD_MESSAGE_CONTENT" in told.text.replace("\\", "")
    wire.ada.says(QUESTION, wire.general)
    await wire.discord.quiet()
    assert not wire.answerer.asked


@pytest.mark.parametrize("fault", [Reset(), Status(503)], ids=str)
async def test_a_form_opens_in_spite_of_a_fault(wire: Wire, fault: Reset | Status) -> None:
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    wire.discord.fail(Route.CALLBACK, fault)
    opened = await wire.ada.presses(answer, "Ask a follow-up")
    assert (await wire.ada.final(await wire.ada.submits(opened, _0="And in April?"))).text


async def test_a_document_that_changed_is_said_to_have_changed(wire: Wire) -> None:
    answer = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    wire.library.documents.pop(next(iter(wire.library.documents)))
    card = await wire.ada.final(await wire.ada.presses(answer, "1"))
    assert "left the index" in card.text
    await wire.nothing_went_wrong()


async def test_a_refresh_elsewhere_is_noticed_while_questions_are_answered(wire: Wire) -> None:
    wire.answerer.gate.clear()
    used = await wire.ada.slash("ask", at=wire.general, question=QUESTION)
    await wire.asked()
    wire.library.newer = 7
    await wire.discord.until(lambda: wire.library.number == 7)
    wire.answerer.gate.set()
    assert "4.6" in (await wire.ada.final(used)).text
    assert "Generation\n7" in (await wire.ada.asks("status", at=wire.general)).text


async def test_an_answerer_that_breaks_is_reported_with_a_reference(wire: Wire) -> None:
    def breaks(_: str) -> Answer:
        raise ZeroDivisionError("nobody foresaw this")

    wire.answerer.says = breaks
    reply = await wire.ada.asks("ask", at=wire.general, question=QUESTION)
    assert "logged" in reply.text
    wire.ada.says(QUESTION, wire.general, mention=True)
    assert "logged" in (await wire.reply_number(2, wire.general)).text
    await wire.nothing_went_wrong()
