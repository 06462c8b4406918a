from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord.client import FootnoteClient
from bot.discord.process import Options, limits_of, run
from bot.discord.work.jobs import Jobs
from bot.discord.work.limits import Limits
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot.discord.sample_answers import ANSWER, PAGE


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.logs.configure", lambda *_: None)


def start(tmp_path: Path, **options: Any) -> int:
    return run(Options("token", tmp_path / "answers.sqlite", **options), FakeLibrary(PAGE), FakeAnswerer(ANSWER))


def fails(monkeypatch: pytest.MonkeyPatch, step: str, error: Exception) -> None:
    async def passes(*_: Any) -> None:
        pass

    async def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(FootnoteClient, "login", passes)
    monkeypatch.setattr(FootnoteClient, step, fail)


def closed(code: int) -> discord.ConnectionClosed:
    socket: Any = type("Socket", (), {"close_code": code})()
    return discord.ConnectionClosed(socket, shard_id=0)


@pytest.mark.parametrize(
    ("step", "error", "said"),
    [
        ("login", discord.LoginFailure("Improper token"), "DISCORD_TOKEN"),
        ("connect", closed(4004), "DISCORD_TOKEN"),
        ("connect", discord.PrivilegedIntentsRequired(0), "Message Content Intent"),
        ("connect", closed(4014), "Message Content Intent"),
    ],
)
def test_a_setting_that_discord_refuses_ends_with_78_and_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, step: str, error: Exception, said: str
) -> None:
    fails(monkeypatch, step, error)
    assert start(tmp_path) == 78
    shown = capsys.readouterr().err
    assert said in shown and len(shown.splitlines()) == 1


@pytest.mark.parametrize("error", [aiohttp.ClientConnectionError(), OSError(113, "No route to host"), closed(4000)])
def test_a_discord_that_cannot_be_reached_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, error: Exception
) -> None:
    fails(monkeypatch, "connect", error)
    assert start(tmp_path) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_with_0_once_the_work_under_way_has_been_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    answered: list[str] = []

    async def passes(*_: Any) -> None:
        pass

    async def connect(client: FootnoteClient, **_: Any) -> None:
        async def drain(_: Jobs, seconds: float) -> None:
            answered.append("yes")

        monkeypatch.setattr(Jobs, "drain", drain)
        os.kill(os.getpid(), number)
        await asyncio.Event().wait()

    monkeypatch.setattr(FootnoteClient, "login", passes)
    monkeypatch.setattr(FootnoteClient, "connect", connect)
    assert start(tmp_path) == 0
    assert answered == ["yes"]


def test_a_second_process_on_the_same_data_is_refused_with_75(tmp_path: Path, capsys: Any) -> None:
    with (tmp_path / "answers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert start(tmp_path) == 75
    assert "already" in capsys.readouterr().err


def test_where_a_chat_model_writes_more_questions_are_worked_on_at_one_time_and_the_deadline_is_the_models(
    tmp_path: Path,
) -> None:
    quoting = limits_of(Options("token", tmp_path))
    writing = limits_of(Options("token", tmp_path, chat_model="openai:gpt-5-mini", chat_seconds=90))
    assert (quoting.deadline, writing.deadline) == (60.0, 105.0)
    assert asyncio.run(served_at_one_time(quoting)) < asyncio.run(served_at_one_time(writing))


async def served_at_one_time(limits: Limits) -> int:
    """Return how many questions are worked on before the next one has to wait."""
    async with contextlib.AsyncExitStack() as served:
        for number in range(100):
            try:
                async with asyncio.timeout(0.05):
                    await served.enter_async_context(limits.queue.turn(no_word))
            except TimeoutError:
                return number
    return 100


async def no_word(_: int) -> None:
    pass


def test_the_bot_is_warm_before_it_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answerer = FakeAnswerer(ANSWER)
    fails(monkeypatch, "connect", closed(4004))

    assert run(Options("token", tmp_path / "answers.sqlite"), FakeLibrary(PAGE), answerer) == 78
    assert answerer.is_warm
    assert answerer.asked == []


def test_the_first_index_is_made_before_the_bot_serves_and_told_in_the_log_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    fails(monkeypatch, "connect", discord.LoginFailure())
    library = FakeLibrary(PAGE, number=None)
    with caplog.at_level("INFO"):
        run(Options("token", tmp_path / "answers.sqlite"), library, FakeAnswerer(ANSWER))
    assert library.refreshes == [False]
    steps = [vars(record)["step"] for record in caplog.records if record.message == "the first index is made"]
    assert steps == ["reading"]
    assert "reading" not in capsys.readouterr().err
