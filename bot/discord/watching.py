"""Watching: what has to be looked after all the time, whatever fails.

A generation that another process published is noticed and swapped in, the presence is kept true, and the store is
copied once a day.
"""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from bot.discord.backend import Library
from bot.discord.client import FootnoteClient
from bot.discord.store import Store

log = logging.getLogger(__name__)

_LOOK_EVERY = 3.0
_SHOW_EVERY = 600.0
_COPY_EVERY = 600.0


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
