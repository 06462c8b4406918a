"""What the bot asks of Discord: intents, permissions and commands, held to Discord's documented limits."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import discord
import pytest

from bot.discord.client import PERMISSIONS, FootnoteClient
from bot.discord.features.components import Feature
from bot.discord.store import Store
from bot.discord.translations import Translations
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot.discord.sample_answers import ANSWER, PAGE

_LOCALES = ("zh-CN", "zh-TW")


def bot(*, message_content: bool = False) -> FootnoteClient:
    return FootnoteClient(FakeLibrary(PAGE), FakeAnswerer(ANSWER), Store(":memory:"), message_content=message_content)


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FootnoteClient]:
    made = bot()
    made._connection.application_id = 1
    synced: list[int] = []

    async def sync(**_: Any) -> list[Any]:
        synced.append(1)
        return []

    monkeypatch.setattr(made.tree, "sync", sync)
    async with made:
        await made.setup_hook()
        made.synced = synced  # type: ignore[attr-defined]
        yield made


@pytest.fixture
async def payloads(client: FootnoteClient) -> list[dict[str, Any]]:
    translations = Translations()
    return [await command.get_translated_payload(client.tree, translations) for command in client.tree.get_commands()]


async def test_no_privileged_intent_is_asked_for_unless_wanted() -> None:
    assert bot().intents.value == discord.Intents(guilds=True, messages=True).value
    assert bot(message_content=True).intents.message_content


async def test_nothing_that_the_bot_sends_may_ping(client: FootnoteClient) -> None:
    mentions: Any = client.allowed_mentions
    assert mentions.to_dict() == {"parse": []}


def test_the_permissions_are_the_fewest_that_do() -> None:
    assert PERMISSIONS.value == 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 35 | 1 << 38


def test_every_command_is_there(payloads: list[dict[str, Any]]) -> None:
    assert {payload["name"] for payload in payloads} == {
        "ask", "search", "sources", "status", "refresh", "help", "channel", "gaps", "settings", "stats", "privacy",
        "index",
        "Answer this", "Find sources", "Feedback",
    }  # fmt: skip


def test_every_name_and_description_is_within_the_limits_in_every_language(payloads: list[dict[str, Any]]) -> None:
    for part in _parts(payloads):
        for name in (part["name"], *(part.get("name_localizations") or {}).values()):
            assert 1 <= len(name) <= 32
            if part.get("type", 1) not in {2, 3} or "options" in part:
                assert re.fullmatch(r"[-_'\w]{1,32}", name) and name == name.lower()
        for text in (part.get("description") or "-", *(part.get("description_localizations") or {}).values()):
            assert 1 <= len(text) <= 100


def test_every_command_and_every_description_is_translated(payloads: list[dict[str, Any]]) -> None:
    commands = [part for part in _parts(payloads) if part.get("type", 1) <= 3 and part.get("type") != 3]
    for part in [*commands, *(payload for payload in payloads if payload.get("type") == 3)]:
        assert set(_LOCALES) <= set(part["name_localizations"]), part["name"]
    for part in _parts(payloads):
        assert not part.get("description") or set(_LOCALES) <= set(part["description_localizations"]), part["name"]


def test_the_commands_can_be_used_on_servers_and_wherever_a_user_installed_the_bot(
    payloads: list[dict[str, Any]],
) -> None:
    ask = next(payload for payload in payloads if payload["name"] == "ask")
    assert sorted(ask["integration_types"]) == [0, 1]
    assert sorted(ask["contexts"]) == [0, 1, 2]


def test_commands_for_managers_are_hidden_from_others(payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        if payload["name"] in {"refresh", "channel", "gaps", "settings", "stats", "index"}:
            assert payload["default_member_permissions"] == discord.Permissions(manage_guild=True).value
            assert payload["contexts"] == [0]


def test_commands_are_synchronised_at_first(client: Any) -> None:
    assert client.synced == [1]


async def test_and_then_only_when_they_change(client: Any) -> None:
    await client._sync_if_changed()
    assert client.synced == [1]
    client.tree.remove_command("gaps")
    await client._sync_if_changed()
    assert client.synced == [1, 1]


def _parts(payloads: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for payload in payloads:
        yield payload
        yield from _parts(payload.get("options", []))


def test_no_two_features_answer_the_same_component(client: FootnoteClient) -> None:
    features = [cog for cog in client.cogs.values() if isinstance(cog, Feature)]
    actions = [action for feature in features for action in feature.handlers()]
    assert sorted(actions) == sorted(
        [
            "cite",
            "wrong",
            "good",
            "bad",
            "why",
            "search",
            "sources",
            "stop",
            "human",
            "share",
            "shrink",
            "follow",
            "ask",
            "choose",
            "close",
            "done",
            "forget",
            "replied",
            "reply",
            "said",
            "say",
            "set",
            "settings",
            "asks",
            "asked",
            "keep",
            "rollback",
        ]
    )
