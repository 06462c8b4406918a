from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import Any

import pytest

from bot.discord.watching import keep_a_copy, watch


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
