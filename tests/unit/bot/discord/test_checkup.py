from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.checkup import check_up, invite
from bot.discord.client import PERMISSIONS


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Discord, as it accepts a token; what it says can be changed."""
    says = SimpleNamespace(flags=0, guilds=[])

    async def login(client: Any, _: str) -> None:
        async def get_guilds(_: int) -> Any:
            return says.guilds

        client.http.get_guilds = get_guilds

    async def application_info(_: Any) -> Any:
        return SimpleNamespace(id=42, flags=discord.ApplicationFlags._from_value(says.flags))

    monkeypatch.setattr(discord.Client, "login", login)
    monkeypatch.setattr(discord.Client, "application_info", application_info)
    return says


async def test_a_refused_token_is_the_only_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    async def login(*_: Any) -> None:
        raise discord.LoginFailure("Improper token")

    monkeypatch.setattr(discord.Client, "login", login)
    (finding,) = await check_up("wrong")
    assert not finding.good and "portal" in finding.detail


async def test_a_discord_out_of_reach_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def login(*_: Any) -> None:
        raise OSError("no network")

    monkeypatch.setattr(discord.Client, "login", login)
    (finding,) = await check_up("token")
    assert not finding.good and "cannot be reached" in finding.detail


async def test_the_last_finding_is_the_invite_link(accepted: SimpleNamespace) -> None:
    findings = await check_up("token")
    assert all(finding.good for finding in findings)
    assert findings[-1].detail == invite(42)
    assert f"permissions={PERMISSIONS.value}" in invite(42)
    assert "scope=bot+applications.commands" in invite(42)


@pytest.mark.parametrize(("flags", "good"), [(0, False), (1 << 18, True), (1 << 19, True)])
async def test_a_wanted_intent_must_be_switched_on(accepted: SimpleNamespace, flags: int, good: bool) -> None:
    accepted.flags = flags
    findings = await check_up("token", message_content=True)
    assert [finding.good for finding in findings if finding.name == "Discord intents"] == [good]


async def test_missing_permissions_are_named_for_each_server(accepted: SimpleNamespace) -> None:
    accepted.guilds = [
        {"name": "Whole", "permissions": str(PERMISSIONS.value)},
        {"name": "Boss", "permissions": str(discord.Permissions(administrator=True).value)},
        {"name": "Short", "permissions": str(PERMISSIONS.value & ~discord.Permissions(embed_links=True).value)},
    ]
    findings = {finding.name: finding for finding in await check_up("token")}
    assert findings["Discord server Whole"].good and findings["Discord server Boss"].good
    assert findings["Discord server Short"].detail == "permissions are missing: embed links"
