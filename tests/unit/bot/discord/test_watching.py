from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import Any

import pytest

from bot.answering.generating.entailment import Proof
from bot.discord.watching import keep_a_copy, prove_judge, watch
from bot.errors import ChatFailed, ChatFailureKind


class Client:
    """A client whose library has news only at the third look, after a failure."""

    def __init__(self) -> None:
        self.looks = 0
        self.presences = 0
        self.seen = asyncio.Event()

    def reload(self) -> bool:
        self.looks += 1
        if self.looks == 2:
            raise OSError("the disk is away")
        return self.looks == 3

    def is_ready(self) -> bool:
        return True

    async def show_presence(self) -> None:
        self.presences += 1
        self.seen.set()


async def test_a_new_generation_is_noticed_and_shown_even_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.discord.watching._LOOK_EVERY", 0.0)
    client: Any = Client()
    watching = asyncio.create_task(watch(client, client))
    await asyncio.wait_for(client.seen.wait(), 10)
    watching.cancel()
    assert client.presences == 1
    assert "the newest generation could not be looked at" in caplog.text


class Copied:
    """A store that is copied at the second attempt."""

    def __init__(self) -> None:
        self.attempts = 0
        self.copied = threading.Event()

    def back_up_if_due(self) -> bool:
        self.attempts += 1
        if self.attempts == 1:
            raise sqlite3.OperationalError("database or disk is full")
        self.copied.set()
        return True


async def test_the_store_is_copied_even_after_a_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.discord.watching._COPY_EVERY", 0.0)
    store: Any = Copied()
    copying = asyncio.create_task(keep_a_copy(store))
    assert await asyncio.to_thread(store.copied.wait, 10)
    copying.cancel()
    assert "the store of answers could not be copied" in caplog.text


class Judged:
    """A chat model that judges the known pairs at the second attempt."""

    def __init__(self) -> None:
        self.attempts = 0

    def prove_judge(self) -> Proof:
        self.attempts += 1
        if self.attempts == 1:
            raise ChatFailed(ChatFailureKind.EMPTY)
        return Proof(39, 40)


async def test_the_chat_model_is_asked_to_prove_itself_until_it_answers_and_no_longer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("bot.discord.watching._ASK_AGAIN_AFTER", 0.0)
    answerer: Any = Judged()
    await asyncio.wait_for(prove_judge(answerer), 10)
    assert answerer.attempts == 2
    assert "could not prove" in caplog.text and "the chat model judged the known pairs" in caplog.text
