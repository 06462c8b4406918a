from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from bot.discord.desk import Desk

from bot.discord.client import FootnoteClient
from bot.discord.store import Store
from tests.fakes import FakeAnswerer, FakeLibrary

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("simcord") is None:
            item.add_marker(pytest.mark.simcord(shard_count=1))


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "answers.sqlite")
    yield store
    store.close()


@pytest.fixture
def new_bot(library: FakeLibrary, answerer: FakeAnswerer, store: Store) -> Callable[[], FootnoteClient]:
    """Make the bot, as a start of the process does."""
    return lambda: FootnoteClient(Desk(library, answerer, store), message_content=True)


@pytest.fixture
def simcord_bot(new_bot: Callable[[], FootnoteClient]) -> FootnoteClient:
    return new_bot()


@pytest.fixture
def guild(simcord_env: Any) -> Any:
    return simcord_env.create_guild()


@pytest.fixture
def channel(guild: Any) -> Any:
    return guild.create_text_channel("general")


@pytest.fixture
def alice(simcord_env: Any, guild: Any) -> Any:
    return guild.add_member(simcord_env.create_user("alice"))


@pytest.fixture
def bob(simcord_env: Any, guild: Any) -> Any:
    return guild.add_member(simcord_env.create_user("bob"))


@pytest.fixture
def manager(simcord_env: Any, guild: Any) -> Any:
    managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(simcord_env.create_user("manager"), roles=[managers])


@pytest.fixture
def mention(simcord_env: Any) -> str:
    """Return what mentions the bot."""
    return f"<@{simcord_env.bot.user.id}>"
