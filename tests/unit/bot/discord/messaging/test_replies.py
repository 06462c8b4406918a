from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.discord.messaging.message import Message
from bot.discord.messaging.replies import InPlaceReply, InteractionReply, MessageReply, UnaskedReply
from bot.presenting.words import ENGLISH
from tests.unit.bot.discord.faults import refused, reset

ANSWER, MORE = Message("The answer. [1]"), Message("More of it.")


class Discord:
    """Discord as one reply meets it: what was shown where, and the faults that come first."""

    def __init__(self, **faults: list[Exception]) -> None:
        self.faults = faults
        self.shown: list[tuple[str, str]] = []
        self.responses = 0
        self.locale = "en-US"
        self.nonces: set[object] = set()
        self.response = SimpleNamespace(
            defer=self._defer, send_message=self._respond, is_done=lambda: self.responses > 0
        )
        self.followup = SimpleNamespace(send=self._call("followup"))
        self.user = SimpleNamespace(mention="<@7>", send=self._call("dm"))
        self.channel = SimpleNamespace(send=self._call("channel"), typing=self._typing)

    @property
    def interaction(self) -> Any:
        return self

    @property
    def message(self) -> Any:
        return SimpleNamespace(channel=self.channel, to_reference=lambda **_: "the question")

    async def edit_original_response(self, **parts: Any) -> Any:
        await self._call("response")(parts["content"])
        return SimpleNamespace(id=5)

    async def delete_original_response(self) -> None:
        self.shown.append(("withdrawn", ""))

    async def _defer(self, **_: Any) -> None:
        self._fail("defer")
        self.responses += 1

    async def _respond(self, content: str, **_: Any) -> None:
        self._fail("defer")
        self.shown.append(("alone", content))

    async def _typing(self) -> None:
        self._fail("typing")

    def _call(self, where: str) -> Any:
        async def call(content: str, *, nonce: object = None, **_: Any) -> Any:
            if nonce is not None:
                self.nonces.add(nonce)
            self._fail(where)
            self.shown.append((where, content))
            return SimpleNamespace(edit=self._edit)

        return call

    async def _edit(self, **parts: Any) -> None:
        self._fail("edit")
        self.shown.append(("edit", parts["content"]))

    def _fail(self, where: str) -> None:
        if self.faults.get(where):
            raise self.faults[where].pop(0)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    async def pause(_: float) -> None:
        pass

    monkeypatch.setattr("bot.discord.messaging.delivery.sleep", pause)


async def served(discord: Discord, *, private: bool = False, messages: tuple[Message, ...] = (ANSWER,)) -> None:
    reply = InteractionReply(discord.interaction, private=private)
    await reply.acknowledge()
    await reply.finish(messages)


async def test_a_reply_is_acknowledged_and_then_shown_in_its_place() -> None:
    discord = Discord()
    await served(discord, messages=(ANSWER, MORE))
    assert discord.responses == 1
    assert discord.shown == [("response", "The answer. [1]"), ("followup", "More of it.")]


@pytest.mark.parametrize("fault", [reset(), refused(503), refused(500)])
async def test_an_acknowledgement_that_failed_in_passing_is_sent_again(fault: Exception) -> None:
    discord = Discord(defer=[fault])
    await served(discord)
    assert discord.responses == 1
    assert discord.shown == [("response", "The answer. [1]")]


async def test_an_acknowledgement_that_had_arrived_after_all_is_taken_for_one() -> None:
    discord = Discord(defer=[reset(), refused(400, 40060)])
    await served(discord)
    assert discord.shown == [("response", "The answer. [1]")]


async def test_after_a_lost_interaction_the_answer_goes_to_the_channel() -> None:
    discord = Discord(defer=[refused(404, 10062)])
    await served(discord, messages=(ANSWER, MORE))
    assert discord.shown == [("channel", "<@7> The answer. [1]"), ("channel", "More of it.")]


async def test_a_message_without_room_for_the_name_gets_it_in_front() -> None:
    discord = Discord(defer=[refused(404, 10062)])
    await served(discord, messages=(Message("x" * 2000),))
    assert discord.shown == [("channel", "<@7>"), ("channel", "x" * 2000)]


@pytest.mark.parametrize("fault", [refused(401, 50027), refused(404, 10015), refused(404, 10062)])
async def test_after_an_expired_token_the_answer_goes_to_the_channel(fault: Exception) -> None:
    discord = Discord(response=[fault])
    await served(discord)
    assert discord.shown == [("channel", "<@7> The answer. [1]")]


async def test_what_was_shown_before_the_token_expired_is_not_shown_again() -> None:
    discord = Discord(followup=[refused(401, 50027)])
    await served(discord, messages=(ANSWER, MORE))
    assert discord.shown == [("response", "The answer. [1]"), ("channel", "<@7> More of it.")]


async def test_a_private_answer_never_goes_to_the_channel() -> None:
    discord = Discord(defer=[refused(404, 10062)])
    await served(discord, private=True)
    assert discord.shown == [("dm", "The answer. [1]")]


async def test_where_no_direct_message_is_allowed_the_channel_only_learns_that_something_was_lost() -> None:
    discord = Discord(defer=[refused(404, 10062)], dm=[refused(403, 50007)])
    await served(discord, private=True)
    ((where, content),) = discord.shown
    assert where == "channel" and "The answer" not in content and "ask again" in content


async def test_where_nothing_can_be_shown_it_is_logged_and_nothing_breaks(caplog: pytest.LogCaptureFixture) -> None:
    discord = Discord(defer=[refused(404, 10062)], channel=[refused(403, 50013)] * 2)
    await served(discord)
    assert "a reply could not be shown" in caplog.text


@pytest.mark.parametrize("fault", [reset(), refused(503)])
async def test_an_edit_that_failed_in_passing_is_made_again(fault: Exception) -> None:
    discord = Discord(response=[fault, fault])
    await served(discord)
    assert discord.shown == [("response", "The answer. [1]")]


async def test_a_failed_update_is_let_go() -> None:
    discord = Discord(response=[refused(500)])
    reply = InteractionReply(discord.interaction)
    await reply.acknowledge()
    await reply.update(Message("Half way."))
    await reply.finish((ANSWER,))
    assert discord.shown == [("response", "The answer. [1]")]


async def test_a_refusal_is_for_the_person_alone_even_when_the_interaction_is_lost() -> None:
    discord = Discord()
    await InteractionReply(discord.interaction).refuse(ANSWER)
    lost = Discord(defer=[refused(404, 10062)])
    await InteractionReply(lost.interaction).refuse(ANSWER)
    assert discord.shown == [("alone", "The answer. [1]")]
    assert lost.shown == [("dm", "The answer. [1]")]


async def test_a_refusal_after_the_acknowledgement_takes_the_place_of_the_answer() -> None:
    discord = Discord()
    reply = InteractionReply(discord.interaction, private=True)
    await reply.acknowledge()
    await reply.refuse(ANSWER)
    assert discord.shown == [("response", "The answer. [1]")]


async def test_a_refusal_after_an_acknowledgement_in_public_takes_that_back() -> None:
    discord = Discord()
    reply = InteractionReply(discord.interaction)
    await reply.acknowledge()
    await reply.refuse(ANSWER)
    assert discord.shown == [("withdrawn", ""), ("followup", "The answer. [1]")]


async def test_a_reply_in_place_edits_the_message_that_was_pressed() -> None:
    discord = Discord()
    reply = InPlaceReply(discord.interaction)
    await reply.acknowledge()
    await reply.finish((ANSWER,))
    assert discord.shown == [("response", "The answer. [1]")]


async def test_a_message_is_answered_once_though_sending_was_repeated() -> None:
    discord = Discord(channel=[reset(), refused(503)])
    reply = MessageReply(discord.message, words=ENGLISH)
    await reply.acknowledge()
    await reply.finish((ANSWER,))
    assert discord.shown == [("channel", "The answer. [1]")]
    assert len(discord.nonces) == 1


async def test_an_interim_message_becomes_the_answer() -> None:
    discord = Discord(edit=[reset()])
    reply = MessageReply(discord.message, words=ENGLISH)
    await reply.update(Message("Busy."))
    await reply.finish((ANSWER, MORE))
    assert discord.shown == [("channel", "Busy."), ("edit", "The answer. [1]"), ("channel", "More of it.")]


async def test_a_notice_that_may_have_arrived_after_all_becomes_the_answer() -> None:
    discord = Discord(channel=[reset()] * 6)
    reply = MessageReply(discord.message, words=ENGLISH)
    await reply.update(Message("Busy."))
    await reply.finish((ANSWER,))
    assert discord.shown == [("channel", "The answer. [1]"), ("edit", "The answer. [1]")]
    assert len(discord.nonces) == 1


async def test_an_unasked_reply_shows_nothing_but_an_answer() -> None:
    discord = Discord()
    reply = UnaskedReply(discord.message, words=ENGLISH)
    await reply.acknowledge()
    await reply.update(Message("Busy."))
    await reply.refuse(Message("Too many questions."))
    await reply.finish(())
    assert discord.shown == []
    await reply.finish((ANSWER,))
    assert discord.shown == [("channel", "The answer. [1]")]
