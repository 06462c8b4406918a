"""What `footnote doctor` is told by Discord, over the wire."""

from __future__ import annotations

from bot.discord.checkup import check_up
from tests.scenarios.discord.standin import Route, Standin, Status


async def test_a_bot_that_has_all_it_needs() -> None:
    async with Standin() as discord:
        discord.guild("Docs")
        with discord.pointed_at():
            findings = await check_up(discord.token, message_content=True)
        assert all(finding.good for finding in findings), findings
        assert str(discord.world.bot.id) in findings[-1].detail
        assert not discord.gateway.identifies


async def test_what_is_missing_is_named() -> None:
    async with Standin(message_content=False) as discord:
        guild = discord.guild("Docs")
        guild.everyone = 0
        with discord.pointed_at():
            findings = await check_up(discord.token, message_content=True)
        wrong = {finding.name: finding.detail for finding in findings if not finding.good}
        assert "Message Content Intent" in wrong["Discord intents"]
        assert "embed links" in wrong["Discord server Docs"]


async def test_a_wrong_token_and_a_discord_that_is_down() -> None:
    async with Standin() as discord:
        with discord.pointed_at():
            assert not (await check_up("not.a.token"))[0].good
            discord.fail(Route.LOGIN, Status(503))
            assert not (await check_up(discord.token))[0].good
