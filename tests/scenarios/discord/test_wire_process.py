"""The whole process: how it starts, what it ends with, what it leaves in its logs, and what works after a restart."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.discord.bot_process import Child
from tests.scenarios.discord.standin import Channel, Held, Person, RateLimit, Route, Standin, Status
from tests.scenarios.discord.standin.gateway import DISALLOWED_INTENTS

PERMANENT = 78


class Scene:
    """One guild, one channel and one member, for a bot in another process."""

    def __init__(self, standin: Standin) -> None:
        self.discord = standin
        guild = standin.guild()
        self.general: Channel = standin.channel("general", guild)
        self.ada: Person = standin.user("ada").joins(guild)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with Standin() as standin:
        yield Scene(standin)


async def test_sigterm_while_idle_ends_with_0(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        child.signal(signal.SIGTERM)
        assert await child.exit_code(10) == 0
    assert "Traceback" not in child.said
    assert not scene.discord.gateway.sessions, "a clean goodbye ends the session"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_an_answer_in_flight_is_finished_first(scene: Scene, tmp_path: Path, number: signal.Signals) -> None:
    async with Child(scene.discord, tmp_path, STANDIN_PACE="1") as child:
        await child.connected()
        used = await scene.ada.slash("ask", at=scene.general, question="How high is the rate?")
        await scene.ada.acknowledged(used)
        child.signal(number)
        assert "4.6 percent" in (await scene.ada.final(used)).text
        assert await child.exit_code(15) == 0


async def test_an_answer_that_takes_too_long_says_that_the_bot_restarts(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path, STANDIN_PACE="40") as child:
        await child.connected()
        used = await scene.ada.slash("ask", at=scene.general, question="How high is the rate?")
        await scene.ada.acknowledged(used)
        said = scene.ada.says("And the rate now?", scene.general, mention=True)
        await scene.discord.until(lambda: scene.discord.typings)
        start = time.monotonic()
        child.signal(signal.SIGTERM)
        assert await child.exit_code(20) == 0
        assert time.monotonic() - start < 14
    replies = [each for each in scene.discord.messages(scene.general) if each.reply_to == said.id]
    assert "restart" in used.replies[0].text.lower()
    assert len(replies) == 1 and "restart" in replies[0].text.lower()


async def test_a_question_that_is_just_being_acknowledged_is_not_forgotten(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        scene.discord.fail(Route.CALLBACK, held := Held())
        used = await scene.ada.slash("ask", at=scene.general, question="How high is the rate?")
        await scene.discord.until(held.taken.is_set)
        await child.stops()
        held.released.set()
        assert (await scene.ada.final(used)).text
        assert await child.exit_code(15) == 0


async def test_a_wrong_token_ends_with_78_and_one_line(scene: Scene, tmp_path: Path) -> None:
    token = "MTA0NTYxNjQ3NDg4NzAxNDQ5MQ.GqX1Zc.quite-another-token-0123456789abcdefgh"
    async with Child(scene.discord, tmp_path, token=token) as child:
        assert await child.exit_code() == PERMANENT
    lines = child.lines
    assert len(lines) == 1 and "token" in lines[0].lower(), lines
    assert token not in child.said


async def test_no_token_at_all_ends_with_78_and_one_line(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path, token="") as child:
        assert await child.exit_code() == PERMANENT
    lines = child.lines
    assert len(lines) == 1 and "DISCORD_TOKEN" in lines[0], lines


async def test_a_missing_intent_ends_with_78_and_one_line(scene: Scene, tmp_path: Path) -> None:
    scene.discord.gateway.refuse_next(DISALLOWED_INTENTS)
    async with Child(scene.discord, tmp_path) as child:
        assert await child.exit_code() == PERMANENT
    lines = child.lines
    assert len(lines) == 1 and "intent" in lines[0].lower(), lines


async def test_discord_being_down_at_the_start_ends_with_1_for_whoever_starts_it_again(
    scene: Scene, tmp_path: Path
) -> None:
    scene.discord.fail(Route.LOGIN, Status(503))
    async with Child(scene.discord, tmp_path) as child:
        assert await child.exit_code() == 1
    assert len(child.lines) == 1 and "Traceback" not in child.lines[0]


async def test_no_token_is_ever_logged(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        scene.discord.fail(Route.CALLBACK, RateLimit(0.1))
        scene.discord.fail(Route.EDIT_ORIGINAL, RateLimit(0.1))
        used = await scene.ada.slash("ask", at=scene.general, question="How high is the rate?")
        await scene.ada.final(used)
        scene.discord.fail(Route.CALLBACK, Status(400, body={"message": "no", "code": 1}), times=9)
        await scene.ada.slash("ask", at=scene.general, question="How high is the rate now?")
        await scene.discord.until(lambda: len(scene.discord.messages(scene.general)) == 2)
        child.signal(signal.SIGTERM)
        assert await child.exit_code() == 0
    said = child.said
    assert "rate limited" in said, "the log has to say so for this to show anything"
    assert scene.discord.token not in said
    for interaction in scene.discord.interactions.all.values():
        assert interaction.token not in said
        assert interaction.token[:40] not in said
    assert not re.search(r"Bot [\w-]{20,}\.[\w-]+", said)


async def test_buttons_work_after_a_restart_and_commands_are_not_registered_again(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        answer = await scene.ada.asks("ask", at=scene.general, question="How high is the rate?")
        child.signal(signal.SIGTERM)
        assert await child.exit_code(15) == 0
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        card = await scene.ada.final(await scene.ada.presses(answer, "1"))
        assert "The rate rose to 4.6 percent in May." in card.text
        assert card.only_for == scene.ada.id
        opened = await scene.ada.presses(answer, "Ask a follow-up")
        followed = await scene.ada.submits(opened, _0="And in April?")
        assert (await scene.ada.final(followed)).text
        thanks = await scene.ada.final(await scene.ada.presses(answer, "👍"))
        assert thanks.ephemeral
    assert len(scene.discord.syncs) == 1


async def test_killed_and_started_again_it_answers(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        answer = await scene.ada.asks("ask", at=scene.general, question="How high is the rate?")
        child.signal(signal.SIGKILL)
        assert await child.exit_code(10) == -signal.SIGKILL
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        card = await scene.ada.final(await scene.ada.presses(answer, "1"))
        assert "4.6 percent" in card.text


async def test_a_message_whose_conversation_is_being_read_is_not_forgotten(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path) as child:
        await child.connected()
        thread = scene.ada.opens_thread("Rates", scene.ada.says("Let us talk", scene.general))
        scene.discord.fail(Route.HISTORY, held := Held())
        scene.ada.says("How high is the rate?", thread, mention=True)
        await scene.discord.until(held.taken.is_set)
        await child.stops()
        held.released.set()
        assert await child.exit_code(15) == 0
    assert len(scene.discord.messages(thread)) == 1


async def test_whoever_asks_while_it_stops_is_told_that_it_restarts(scene: Scene, tmp_path: Path) -> None:
    async with Child(scene.discord, tmp_path, STANDIN_PACE="2") as child:
        await child.connected()
        first = await scene.ada.slash("ask", at=scene.general, question="How high is the rate?")
        await scene.ada.acknowledged(first)
        await child.stops()
        late = await scene.ada.asks("ask", at=scene.general, question="And in April?")
        assert "restart" in late.text.lower()
        assert "4.6" in (await scene.ada.final(first)).text
        assert await child.exit_code(15) == 0
