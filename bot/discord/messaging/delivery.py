"""Delivery: one call to Discord, repeated while it makes sense.

discord.py 2.7.1 repeats 429 and most 5xx, but gives up at once on 503 for a bot's own routes and on a reset connection,
and has no total timeout. Here a call has a deadline and is repeated on passing faults only, by a plain loop: tenacity
cost an acknowledgement as much as sending it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from asyncio import sleep
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import aiohttp
import discord

from bot.discord.messaging.message import Message, as_embeds, as_files, as_view

log = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED = 40060

PASSING = (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError)
REFUSED = (*PASSING, discord.HTTPException, discord.RateLimited)

# Seconds before each further attempt.
PATIENT = (0.25, 0.5, 1.0, 2.0, 4.0)
# An acknowledgement is worthless after 3 s, so that attempts are short and close together.
URGENT = (0.05, 0.1, 0.2)

_Result = TypeVar("_Result")


async def deliver(
    call: Callable[[], Awaitable[_Result]], pauses: Sequence[float] = PATIENT, seconds: float = 20.0
) -> _Result:
    """Return the result of `call`, calling again after each of `pauses` on a passing fault.

    A limit of Discord's that is too long for discord.py is waited out where there are pauses. Each attempt has
    `seconds`. `call` must be harmless to repeat. Raises the last fault, and at once any that will not pass
    (discord.HTTPException).
    """
    for pause in (*pauses, None):
        try:
            async with asyncio.timeout(seconds):
                return await call()
        except (*PASSING, discord.RateLimited) as fault:
            if pause is None:
                raise
            wait = fault.retry_after if isinstance(fault, discord.RateLimited) else pause
            log.warning("repeating a call to Discord", extra={"fault": type(fault).__name__, "pause": wait})
            await sleep(wait)
    raise AssertionError("the last attempt returns or raises")


async def post(
    channel: Any,
    message: Message,
    *,
    reference: discord.Message | discord.MessageReference | None = None,
    role: int | None = None,
    person: int | None = None,
    nonce: int | None = None,
) -> discord.Message:
    """Send `message` to a channel, in reply to `reference`, and return it as sent.

    Only `role` and `person` may be pinged by it.

    It is sent once: Discord knows a repeated call by its nonce, for which it returns what it was sent first. Raises one
    of REFUSED where Discord does not take it.
    """
    nonce = new_nonce() if nonce is None else nonce
    options: dict[str, Any] = {}
    if reference is not None:
        if not isinstance(reference, discord.MessageReference):
            reference = reference.to_reference(fail_if_not_exists=False)
        options["reference"] = reference
    if role is not None or person is not None:
        options["allowed_mentions"] = discord.AllowedMentions(
            everyone=False,
            users=False if person is None else [discord.Object(person)],
            replied_user=False,
            roles=False if role is None else [discord.Object(role)],
        )

    async def send() -> discord.Message:
        sent: discord.Message = await channel.send(
            message.content, embeds=as_embeds(message), nonce=nonce, **options | extras(message)
        )
        return sent

    return await deliver(send)


def new_nonce() -> int:
    """Return a new number by which Discord knows a call that is repeated."""
    return secrets.randbits(63)


def extras(message: Message) -> dict[str, Any]:
    """Return the file and the buttons of `message`, for a call that wants them left out where there are none."""
    parts = {"files": as_files(message), "view": as_view(message)}
    return {name: part for name, part in parts.items() if part}
