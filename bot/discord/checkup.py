"""The check-up: what `footnote doctor` says of Discord before the bot starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
import discord

from bot.discord.client import PERMISSIONS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, and what was seen or is to be done."""

    name: str
    good: bool
    detail: str


async def check_up(token: str, *, message_content: bool = False) -> Sequence[Finding]:
    """Ask Discord about `token`, the intents, and the bot's permissions in each of its guilds; return the findings.

    The last finding is the link by which the bot is invited. Nothing is changed, and no session is started.
    """
    client = discord.Client(intents=discord.Intents.none())
    try:
        await client.login(token)
        application = await client.application_info()
        guilds = await client.http.get_guilds(200)
    except discord.LoginFailure:
        return (Finding("Discord token", False, "refused: copy the bot's token from the developer portal anew"),)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return (Finding("Discord", False, f"cannot be reached: {type(error).__name__}"),)
    finally:
        await client.close()
    return (
        Finding("Discord token", True, f"accepted, for {client.user}"),
        _intents(application.flags, message_content=message_content),
        *(_permissions(guild["name"], int(guild["permissions"])) for guild in guilds),
        Finding("Discord invite", True, invite(application.id)),
    )


def invite(application_id: int) -> str:
    """Return the link by which somebody adds the bot to a server, with the permissions that it needs and no more."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


def _intents(flags: discord.ApplicationFlags, *, message_content: bool) -> Finding:
    if not message_content:
        return Finding("Discord intents", True, "no privileged intent is needed")
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Finding("Discord intents", True, "Message Content Intent is on")
    detail = "FOOTNOTE_DISCORD_MESSAGE_CONTENT needs the Message Content Intent: switch it on in the developer portal"
    return Finding("Discord intents", False, detail)


def _permissions(guild: str, value: int) -> Finding:
    held = discord.Permissions(value)
    missing = [name.replace("_", " ") for name, needed in PERMISSIONS if needed and not getattr(held, name)]
    if missing and not held.administrator:
        return Finding(f"Discord server {guild}", False, f"permissions are missing: {', '.join(missing)}")
    return Finding(f"Discord server {guild}", True, "every permission that is needed")
