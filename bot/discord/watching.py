"""Watching: what has to be looked after all the time, whatever fails.

A generation that another process published is noticed and swapped in, the presence is kept true, the store is copied
once a day, what was kept long enough is forgotten, servers that want it are told of each week, and a chat model has to
prove that it can judge.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from time import monotonic

from bot.discord.backend import Answerer, Library
from bot.discord.client import FootnoteClient
from bot.discord.features.statistics import tell_of_the_week
from bot.discord.store import Store
from bot.errors import ChatFailed

log = logging.getLogger(__name__)

_LOOK_EVERY = 3.0
_SHOW_EVERY = 600.0
_COPY_EVERY = 600.0
_FORGET_EVERY = 3600.0
_TELL_EVERY = 3600.0
_ASK_AGAIN_AFTER = 600.0


async def watch(library: Library, client: FootnoteClient) -> None:
    """Look for a new generation every few seconds, for ever. Whatever fails is logged and tried again."""
    shown = monotonic()
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        try:
            swapped = await asyncio.to_thread(library.reload)
            if swapped:
                log.info("a new generation is in use")
            if (swapped or monotonic() - shown > _SHOW_EVERY) and client.is_ready():
                shown = monotonic()
                await client.show_presence()
        except Exception:
            log.exception("the newest generation could not be looked at")


async def keep_a_copy(store: Store) -> None:
    """Copy the store once a day, for ever, so that one that is damaged can be restored. A failure is tried again."""
    while True:
        try:
            if await asyncio.to_thread(store.back_up_if_due):
                log.info("the store of answers was copied")
        except Exception:
            log.exception("the store of answers could not be copied")
        await asyncio.sleep(_COPY_EVERY)


async def forget(client: FootnoteClient) -> None:
    """Delete once an hour, for ever, what was asked longer ago than it may be kept. A failure is tried again."""
    while True:
        try:
            number = await asyncio.to_thread(_forget_what_is_old, client)
            if number:
                log.info("old questions were deleted", extra={"questions": number})
        except Exception:
            log.exception("old questions could not be deleted")
        await asyncio.sleep(_FORGET_EVERY)


async def digest(client: FootnoteClient, library: Library) -> None:
    """Tell the servers that want it of each week that has ended, once, for ever. A failure is tried again."""
    while True:
        try:
            if client.is_ready():
                await tell_of_the_week(client, client.servers, client.history, client.store, library)
        except Exception:
            log.exception("the week could not be told")
        await asyncio.sleep(_TELL_EVERY)


async def prove_judge(answerer: Answerer) -> None:
    """Have the chat model prove once that it can judge its own drafts. A failure is tried again."""
    while True:
        try:
            proof = await asyncio.to_thread(answerer.prove_judge)
        except (ChatFailed, OSError) as failed:
            log.warning("the chat model could not prove that it can judge its own drafts: %s", failed)
            await asyncio.sleep(_ASK_AGAIN_AFTER)
            continue
        if proof:
            facts = {"right": proof.right, "pairs": proof.pairs, "trusted": proof.suffices}
            log.info("the chat model judged the known pairs", extra=facts)
        return


def _forget_what_is_old(client: FootnoteClient) -> int:
    now, history, servers = datetime.now(UTC), client.history, client.servers
    number = history.forget_before(now - timedelta(days=servers.longest_retention))
    for guild in history.servers():
        number += history.forget_before(now - timedelta(days=servers.retention_days(guild)), guild)
    return number
