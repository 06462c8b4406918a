"""Faults: what Discord and the network answer when something is wrong, as discord.py raises it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord


def refused(status: int, code: int = 0) -> discord.HTTPException:
    """Return the exception for an answer with this status and Discord's own `code`."""
    response: Any = SimpleNamespace(status=status, reason="")
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = discord.DiscordServerError if status >= 500 else kinds.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "a fault made by a test"})


def reset() -> Exception:
    """Return the exception for a connection that the other side reset."""
    return aiohttp.ClientOSError(104, "Connection reset by peer")
